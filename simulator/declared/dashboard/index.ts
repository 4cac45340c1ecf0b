import type { Resource } from "@metercast/graph";
import { z } from "zod";
import { DeclarationError, read, withoutLocalMeaning } from "../read.ts";
import { definition, type DashboardDefinition } from "./definition.ts";

export type { DashboardDefinition, FilterGroup, ParameterControl, Sheet, Visual } from "./definition.ts";

/** Where the data sets ask. */
export interface DataSource {
  arn: string;
  /** Athena's workgroup. */
  workgroup: string;
  /** With whose permissions they ask. */
  roleArn: string;
}

/** The rows that the visuals draw. */
export interface DataSet {
  arn: string;
  id: string;
  name: string;
  /** Athena's SQL. */
  sql: string;
  dataSourceArn: string;
  columns: { name: string; type: "STRING" | "INTEGER" | "DECIMAL" | "DATETIME" }[];
  /** Kept between refreshes, or asked for each time. */
  importMode: "SPICE" | "DIRECT_QUERY";
}

/** Colours. */
export interface Theme {
  arn: string;
  baseThemeId: "CLASSIC" | "MIDNIGHT";
  /** Of data; a colour's place is the same in every theme. */
  colors: string[];
  emptyFillColor: string;
  gradient: string[];
  interface: Record<string, string>;
}

export interface Dashboard {
  id: string;
  name: string;
  themeArn: string;
  definition: DashboardDefinition;
}

const shared = {
  permissions: withoutLocalMeaning, // whoever may open the page sees all of it
  tags: withoutLocalMeaning, // for the bill
};

const dataSource = z.strictObject({
  ...shared,
  dataSourceId: z.string(),
  name: z.string(),
  type: z.literal("ATHENA"),
  parameters: z.strictObject({ athena: z.strictObject({ workGroup: z.string(), roleArn: z.string() }) }),
  sslProperties: withoutLocalMeaning, // nothing goes over a network
});

const dataSet = z.strictObject({
  ...shared,
  dataSetId: z.string(),
  name: z.string(),
  importMode: z.enum(["SPICE", "DIRECT_QUERY"]),
  physicalTableMaps: z.tuple([
    z.strictObject({
      physicalTableMapId: z.string(),
      customSql: z.strictObject({
        dataSourceArn: z.string(),
        name: z.string(),
        sqlQuery: z.string(),
        columns: z.array(
          z.strictObject({ name: z.string(), type: z.enum(["STRING", "INTEGER", "DECIMAL", "DATETIME"]) }),
        ),
      }),
    }),
  ]),
  /** The rows as they are. */
  logicalTableMaps: z.tuple([
    z.strictObject({
      logicalTableMapId: z.string(),
      alias: z.string(),
      source: z.strictObject({ physicalTableId: z.string() }),
    }),
  ]),
  refreshProperties: withoutLocalMeaning, // how much of it SPICE takes in anew; here it is all
});

const color = z.string().regex(/^#[0-9A-F]{6}$/, { error: "a colour is # and six digits, such as #0B5FA5" });

const theme = z.strictObject({
  ...shared,
  themeId: z.string(),
  name: z.string(),
  baseThemeId: z.enum(["CLASSIC", "MIDNIGHT"]),
  configuration: z.strictObject({
    dataColorPalette: z.strictObject({
      colors: z.array(color),
      emptyFillColor: color,
      minMaxGradients: z.array(color),
    }),
    uiColorPalette: z.record(z.string(), color),
    sheet: withoutLocalMeaning, // borders and gutters of tiles
    typography: withoutLocalMeaning, // QuickSight's own font
  }),
});

const cloudControl = z.strictObject({ typeName: z.literal("AWS::QuickSight::Dashboard"), desiredState: z.string() });

const enabled = z.strictObject({ AvailabilityStatus: z.literal("ENABLED") });

const dashboard = z.strictObject({
  AwsAccountId: z.string(),
  DashboardId: z.string(),
  Name: z.string(),
  ThemeArn: z.string(),
  Permissions: shared.permissions,
  DashboardPublishOptions: z.strictObject({
    AdHocFilteringOption: withoutLocalMeaning, // filters that a viewer makes up
    ExportToCSVOption: enabled,
    SheetControlsOption: z.strictObject({ VisibilityState: z.literal("EXPANDED") }),
    VisualMenuOption: enabled,
  }),
  ValidationStrategy: withoutLocalMeaning, // what is not known is an error
  Definition: definition,
  Tags: shared.tags,
});

export function dataSourceOf(resource: Resource): DataSource {
  const { workGroup, roleArn } = read(dataSource, resource).parameters.athena;
  return { arn: arnOf(resource), workgroup: workGroup, roleArn };
}

export function dataSetOf(resource: Resource): DataSet {
  const { dataSetId, name, importMode, physicalTableMaps } = read(dataSet, resource);
  const [{ customSql }] = physicalTableMaps;
  const { sqlQuery, dataSourceArn, columns } = customSql;
  return { arn: arnOf(resource), id: dataSetId, name, sql: sqlQuery, dataSourceArn, columns, importMode };
}

export function themeOf(resource: Resource): Theme {
  const { baseThemeId, configuration } = read(theme, resource);
  const { colors, emptyFillColor, minMaxGradients } = configuration.dataColorPalette;
  return {
    arn: arnOf(resource),
    baseThemeId,
    colors,
    emptyFillColor,
    gradient: minMaxGradients,
    interface: configuration.uiColorPalette,
  };
}

/** @throws DeclarationError for what Cloud Control would make besides, and for a definition that cannot be drawn */
export function dashboardOf(resource: Resource): Dashboard {
  const { desiredState } = read(cloudControl, resource);
  let state: unknown;
  try {
    state = JSON.parse(desiredState);
  } catch (error) {
    throw new DeclarationError(resource, `desiredState is no JSON: ${(error as Error).message}`);
  }
  const declared = read(dashboard, { ...resource, inputs: state as Record<string, unknown> });
  return {
    id: declared.DashboardId,
    name: declared.Name,
    themeArn: declared.ThemeArn,
    definition: declared.Definition,
  };
}

/**
 * Holds that what a dashboard names is declared.
 *
 * @throws DeclarationError
 */
export function requireSources(
  resource: Resource,
  { definition: { DataSetIdentifierDeclarations, Sheets }, themeArn }: Dashboard,
  { dataSets, themes }: { dataSets: ReadonlyMap<string, DataSet>; themes: ReadonlyMap<string, Theme> },
): void {
  const fault = (message: string) => new DeclarationError(resource, message);
  if (!themes.has(themeArn)) throw fault(`its theme ${themeArn} is not declared`);
  const columns = new Map(
    DataSetIdentifierDeclarations.map(({ Identifier, DataSetArn }) => {
      const found = dataSets.get(DataSetArn);
      if (found === undefined) throw fault(`its data set ${Identifier}, ${DataSetArn}, is not declared`);
      return [Identifier, new Set(found.columns.map(({ name }) => name))];
    }),
  );
  for (const { DataSetIdentifier, ColumnName } of columnsIn(Sheets)) {
    if (columns.get(DataSetIdentifier)?.has(ColumnName) === true) continue;
    throw fault(`a sheet uses ${DataSetIdentifier}.${ColumnName}, which is no column of a declared data set`);
  }
}

function columnsIn(value: unknown): { DataSetIdentifier: string; ColumnName: string }[] {
  if (typeof value !== "object" || value === null) return [];
  if ("DataSetIdentifier" in value && "ColumnName" in value) {
    return [value as { DataSetIdentifier: string; ColumnName: string }];
  }
  return Object.values(value).flatMap(columnsIn);
}

function arnOf(resource: Resource): string {
  return String(resource.outputs["arn"]);
}
