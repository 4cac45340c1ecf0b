import type { Resource } from "@metercast/graph";
import { z } from "zod";
import { DeclarationError, read, withoutLocalMeaning } from "../declared/read.ts";
import { column, columnOf, common, storage, type Column } from "./glue-column.ts";

const view = z.strictObject({
  ...common,
  tableType: z.literal("VIRTUAL_VIEW"),
  parameters: z.strictObject({
    presto_view: z.literal("true"),
    comment: withoutLocalMeaning, // for people who read the catalog
  }),
  partitionKeys: z.array(column).max(0).default([]),
  viewOriginalText: z.string(),
  viewExpandedText: z.literal("/* Presto View */").optional(),
  storageDescriptor: z.strictObject({
    ...storage,
    location: z.literal("").optional(),
    serDeInfo: z.strictObject({}),
  }),
});

const prestoView = z.strictObject({
  originalSql: z.string(),
  catalog: z.literal("awsdatacatalog"),
  schema: z.string(),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })).min(1),
});

/** A view of Athena in the Glue catalog. */
export interface View {
  kind: "view";
  resource: Resource;
  database: string;
  name: string;
  columns: Column[];
  /** In Athena's SQL. */
  sql: string;
  /** The database in which its tables are looked up. */
  schema: string;
}

/**
 * A declared view.
 *
 * @throws DeclarationError
 */
export function viewOf(resource: Resource): View {
  const inputs = read(view, resource);
  const definition = viewDefinition(resource, inputs.viewOriginalText);
  const columns = definition.columns.map((declared) => columnOf(resource, declared, "viewOriginalText"));
  const declared = inputs.storageDescriptor.columns.map((each) =>
    columnOf(resource, each, "storageDescriptor.columns"),
  );
  for (let index = 0; index < Math.max(columns.length, declared.length); index++) {
    const inText = columns[index];
    const inGlue = declared[index];
    if (inText?.name !== inGlue?.name || inText?.duckdbType !== inGlue?.duckdbType) {
      throw new DeclarationError(
        resource,
        `column ${index + 1} is ${described(inText)} in viewOriginalText and ${described(inGlue)} in storageDescriptor.columns: Athena needs both lists the same`,
      );
    }
  }
  return {
    kind: "view",
    resource,
    database: inputs.databaseName.toLowerCase(),
    name: inputs.name.toLowerCase(),
    columns,
    sql: definition.originalSql,
    schema: definition.schema.toLowerCase(),
  };
}

function described(declared: Column | undefined): string {
  return declared ? `${declared.name} ${declared.type}` : "missing";
}

function viewDefinition(resource: Resource, text: string): z.output<typeof prestoView> {
  const encoded = /^\/\* Presto View: ([A-Za-z0-9+/=]+) \*\/$/.exec(text)?.[1];
  if (encoded === undefined) {
    throw new DeclarationError(resource, "viewOriginalText is not /* Presto View: <base64> */");
  }
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(encoded, "base64").toString("utf8"));
  } catch {
    throw new DeclarationError(resource, "viewOriginalText does not hold JSON in base64");
  }
  const definition = prestoView.safeParse(json);
  if (!definition.success) {
    throw new DeclarationError(resource, `viewOriginalText: ${z.prettifyError(definition.error)}`);
  }
  return definition.data;
}
