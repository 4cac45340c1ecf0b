import { DuckDBInstance } from "@duckdb/node-api";
import { join } from "node:path";
import { dataSetOf } from "../declared/dashboard/index.ts";
import { definition as declaredDefinition } from "../declared/dashboard/definition.ts";
import type { Dashboard, DataSet, Declared } from "../declared/index.ts";
import { DataFolder } from "../data-folder.ts";
import type { AthenaSelect } from "../quicksight/athena-select.ts";
import { Dashboards } from "../quicksight/dashboards.ts";
import { Spice } from "../quicksight/spice.ts";
import type { DataSet as Known } from "../../components/dashboard/definition/data-set.ts";
import { columnTypes } from "../../components/dashboard/definition/data-set.ts";
import { definition } from "../../components/dashboard/definition/definition.ts";
import type { SheetPlan } from "../../components/dashboard/definition/sheet.ts";
import { resource, temporaryFolder } from "./declare.ts";

/** Use of three buildings, as the tests of the page know it. */
export const use = {
  identifier: "use",
  columns: {
    city: "text",
    meter_type: "text",
    building: "text",
    hour: "time",
    day: "time",
    days_ago: "integer",
    use: "number",
  },
} as const satisfies Known;

/** Rows that tell which import they are of. */
export const numbered = {
  identifier: "numbered",
  columns: { import: "integer", place: "integer" },
} as const satisfies Known;

/** A name that is SQL and HTML at once. */
export const hostile = `3'); DROP TABLE "spice".t1; -- <script>alert(1)</script>`;

/** City, meter type, building, hour, days ago, use. */
export const rows: readonly [string, string, string, string, number, number | null][] = [
  ["London", "electricity", "1 Office", "2018-12-03 10:00", 7, 10],
  ["London", "electricity", "1 Office", "2018-12-03 11:00", 7, 20],
  ["London", "hotwater", "1 Office", "2018-12-03 10:00", 7, 5],
  ["London", "electricity", "2 Retail", "2018-12-09 23:00", 1, 40],
  ["Paris", "electricity", hostile, "2018-12-10 00:00", 0, 100],
  ["Paris", "electricity", hostile, "2018-12-10 01:00", 0, null],
  ["Paris", "steam", hostile, "2018-12-10 01:00", 0, 7],
];

/** SQL that gives these rows with the columns of `use`. */
export function rowsSql(some: typeof rows = rows): string {
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const lines = some.map(
    ([city, type, building, hour, ago, amount]) =>
      `(${text(city)}, ${text(type)}, ${text(building)}, TIMESTAMP ${text(hour)}, date_trunc('day', TIMESTAMP ${text(hour)}), ` +
      `${ago}::BIGINT, ${amount ?? "NULL"}::DOUBLE)`,
  );
  return `SELECT * FROM (VALUES ${lines.join(", ")}) AS rows(${Object.keys(use.columns).join(", ")})`;
}

/** A declared data set of Athena's SQL. */
export function dataSetResource(known: Known, sql = "SELECT 1", importMode: DataSet["importMode"] = "SPICE") {
  const inputs = {
    dataSetId: known.identifier,
    name: known.identifier,
    importMode,
    physicalTableMaps: [
      {
        physicalTableMapId: "rows",
        customSql: {
          dataSourceArn: "arn:aws:quicksight:us-east-1:123456789012:datasource/lake",
          name: known.identifier,
          sqlQuery: sql,
          columns: Object.entries(known.columns).map(([name, kind]) => ({ name, type: columnTypes[kind] })),
        },
      },
    ],
    logicalTableMaps: [{ logicalTableMapId: "t", alias: "t", source: { physicalTableId: "rows" } }],
  };
  return resource("aws:quicksight/dataSet:DataSet", known.identifier, inputs, { arn: dataSetArn(known.identifier) });
}

export function dataSetArn(identifier: string): string {
  return `arn:aws:quicksight:us-east-1:123456789012:dataset/${identifier}`;
}

/** A dashboard of these sheets, as a graph would declare it. @param change of its JSON */
export function dashboardOf(
  sheets: readonly SheetPlan[],
  dataSets: readonly Known[] = [use],
  change: (text: string) => string = (text) => text,
): Dashboard {
  const declared = definition({
    dataSets: dataSets.map((dataSet) => ({ dataSet, arn: dataSetArn(dataSet.identifier) })),
    sheets,
    colors: {},
  });
  const parsed = declaredDefinition.parse(JSON.parse(change(JSON.stringify(declared))));
  return { id: "board", name: "Board", themeArn: "", definition: parsed };
}

/** Writes the rows of a SELECT in DuckDB's SQL, as Athena would hand them over. */
export function selecting(sqlOf: (dataSet: DataSet) => string): AthenaSelect {
  return async (dataSet, take) => {
    const file = join(temporaryFolder(), "rows");
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    await connection.run(`COPY (${sqlOf(dataSet)}) TO '${file}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    await take(file);
  };
}

export interface Board {
  dashboards: Dashboards;
  spice: Spice;
  dataSets: DataSet[];
  folder: DataFolder;
}

/** Dashboards over the rows above, imported. */
export async function board(
  sheets: readonly SheetPlan[],
  options: { dataSets?: readonly Known[]; select?: AthenaSelect; change?: (text: string) => string } = {},
): Promise<Board> {
  const known = options.dataSets ?? [use];
  const dataSets = known.map((one) => dataSetOf(dataSetResource(one)));
  const folder = DataFolder.open(temporaryFolder(), { create: false });
  const spice = new Spice(folder, dataSets, options.select ?? selecting(() => rowsSql()), () => {});
  const declared = {
    dashboards: [dashboardOf(sheets, known, options.change)],
    dataSets: new Map(dataSets.map((one) => [one.arn, one])),
    themes: new Map(),
  } as unknown as Declared;
  const dashboards = new Dashboards(declared, spice, () => {});
  await Promise.all(dataSets.map((one) => spice.open(one, { imports: true })));
  return { dashboards, spice, dataSets, folder };
}
