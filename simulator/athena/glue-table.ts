import type { Resource } from "@metercast/graph";
import { z } from "zod";
import { DeclarationError, read, withoutLocalMeaning } from "../declared/read.ts";
import { column, columnOf, common, storage, type Column } from "./glue-column.ts";
import { viewOf, type View } from "./glue-view.ts";
import { readProjection, type Projection } from "./projection.ts";

const files = z.strictObject({
  ...common,
  tableType: z.literal("EXTERNAL_TABLE"),
  parameters: z.record(z.string(), z.string()).default({}),
  partitionKeys: z.array(column).default([]),
  storageDescriptor: z.strictObject({
    ...storage,
    location: z.string().startsWith("s3://"),
    inputFormat: z.string(),
    outputFormat: z.string().optional(),
    serDeInfo: z.strictObject({
      name: withoutLocalMeaning, // for people who read the catalog
      serializationLibrary: z.string(),
      parameters: z.record(z.string(), z.string()).default({}),
    }),
  }),
});

const glueDatabase = z.strictObject({
  name: z.string(),
  description: withoutLocalMeaning, // for people who read the catalog
  catalogId: withoutLocalMeaning, // there is one catalog
  region: withoutLocalMeaning, // there is one catalog
  tags: withoutLocalMeaning, // for people and bills
});

export type Format =
  /** manifests: the table's own files are texts that list the Parquet files, an s3:// URL a line */
  { kind: "parquet"; manifests: boolean } | { kind: "json"; ignoreMalformed: boolean };

/** A Glue table over the files of a folder. */
export interface FileTable {
  kind: "files";
  resource: Resource;
  database: string;
  name: string;
  columns: Column[];
  partitionKeys: Column[];
  /** The folder that holds all its files, however deep. */
  root: S3Folder;
  projection: Projection | undefined;
  format: Format;
}

export interface S3Folder {
  bucket: string;
  /** Key of the folder without the slash at its end; "" is the whole bucket. */
  prefix: string;
}

/**
 * The name of a declared Glue database.
 *
 * @throws DeclarationError
 */
export function glueDatabaseOf(resource: Resource): string {
  return read(glueDatabase, resource).name.toLowerCase();
}

/**
 * A declared Glue table or view.
 *
 * @throws DeclarationError naming the resource and the property for what Athena or this machine cannot read
 */
export function glueTableOf(resource: Resource): FileTable | View {
  const tableType = resource.inputs["tableType"];
  if (tableType === "VIRTUAL_VIEW") return viewOf(resource);
  if (tableType === "EXTERNAL_TABLE") return fileTableOf(resource);
  throw new DeclarationError(
    resource,
    `tableType is ${JSON.stringify(tableType)}; it can be EXTERNAL_TABLE or VIRTUAL_VIEW`,
  );
}

function fileTableOf(resource: Resource): FileTable {
  const inputs = read(files, resource);
  const { storageDescriptor: descriptor, parameters } = inputs;
  const partitionKeys = inputs.partitionKeys.map((key) => columnOf(resource, key, "partitionKeys"));
  const columns = descriptor.columns.map((declared) => columnOf(resource, declared, "storageDescriptor.columns"));
  const twice = [...columns, ...partitionKeys]
    .map((c) => c.name)
    .find((name, index, all) => all.indexOf(name) !== index);
  if (twice !== undefined) throw new DeclarationError(resource, `the column ${twice} is declared twice`);
  const format = formatOf(resource, descriptor.inputFormat, descriptor.serDeInfo);
  checkParameters(resource, parameters, format);
  const location = s3Folder(descriptor.location);
  if (!location) {
    throw new DeclarationError(
      resource,
      `storageDescriptor.location is "${descriptor.location}"; it must be s3://bucket/folder/`,
    );
  }
  const projection = readProjection(resource, parameters, partitionKeys, descriptor.location);
  return {
    kind: "files",
    resource,
    database: inputs.databaseName.toLowerCase(),
    name: inputs.name.toLowerCase(),
    columns,
    partitionKeys,
    root: projection?.base ?? location,
    projection,
    format,
  };
}

const symlinkInputFormat = "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat";
const inputFormats = {
  parquet: ["org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat", symlinkInputFormat],
  json: ["org.apache.hadoop.mapred.TextInputFormat"],
};
const parquetSerDe = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";
const openXSerDe = "org.openx.data.jsonserde.JsonSerDe";
const hiveJsonSerDe = "org.apache.hive.hcatalog.data.JsonSerDe";

function formatOf(
  resource: Resource,
  inputFormat: string,
  serDe: { serializationLibrary: string; parameters: Record<string, string> },
): Format {
  const at = "storageDescriptor.serDeInfo";
  const kind = serDe.serializationLibrary === parquetSerDe ? "parquet" : "json";
  if (![parquetSerDe, openXSerDe, hiveJsonSerDe].includes(serDe.serializationLibrary)) {
    throw new DeclarationError(
      resource,
      `${at}.serializationLibrary is ${serDe.serializationLibrary}; the simulator reads ${parquetSerDe}, ${openXSerDe} and ${hiveJsonSerDe}`,
    );
  }
  if (!inputFormats[kind].includes(inputFormat)) {
    throw new DeclarationError(
      resource,
      `storageDescriptor.inputFormat is ${inputFormat}; with ${serDe.serializationLibrary} it must be ${inputFormats[kind].join(" or ")}`,
    );
  }
  let ignoreMalformed = false;
  for (const [name, value] of Object.entries(serDe.parameters)) {
    if (name === "serialization.format") continue; // a number that Hive writes everywhere and no SerDe here reads
    if (kind === "json" && name === "ignore.malformed.json" && (value === "true" || value === "false")) {
      ignoreMalformed = value === "true";
    } else if (!(kind === "json" && name === "case.insensitive" && value === "true")) {
      throw new DeclarationError(
        resource,
        `the simulator does not know ${at}.parameters.${name} with the value "${value}"`,
      );
    }
  }
  return kind === "parquet" ? { kind, manifests: inputFormat === symlinkInputFormat } : { kind, ignoreMalformed };
}

function checkParameters(resource: Resource, parameters: Record<string, string>, format: Format): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (name.startsWith("projection.") || name === "storage.location.template") continue; // projection.ts reads them
    const known =
      (name === "EXTERNAL" && value.toUpperCase() === "TRUE") ||
      (name === "classification" && value === format.kind) ||
      (name === "parquet.compression" && format.kind === "parquet") || // how files are written; each says it itself
      name === "comment";
    if (!known)
      throw new DeclarationError(resource, `the simulator does not know parameters.${name} with the value "${value}"`);
  }
}

/** Bucket and folder of `s3://bucket/folder/`; undefined for another text. */
export function s3Folder(uri: string): S3Folder | undefined {
  const match = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(uri);
  return match ? { bucket: String(match[1]), prefix: (match[2] ?? "").replace(/\/+$/, "") } : undefined;
}
