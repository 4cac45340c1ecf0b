import { readDatasets, type Dataset } from "../../../datasets/index.ts";
import type { DatasetColumn, ListedColumns } from "../../../datasets/header.ts";
import type { Environment } from "../../../environments/index.ts";
import { meterTypeCodes } from "../../../environments/index.ts";
import type { ParameterValue } from "../../../lambdas/datasets/literal.ts";
import { render } from "../../../lambdas/datasets/render.ts";
import { databaseName } from "../../naming/names.ts";
import type { ColumnKind, DataSet } from "../definition/data-set.ts";
import { dataSets } from "./columns.ts";

/** A data set of QuickSight as plain data. */
export interface DataSetPlan {
  dataSet: DataSet;
  /** For people. */
  description: string;
  /** Athena's SQL, its tables with their database. */
  sql: string;
  /**
   * Kept in SPICE and refreshed after each run, or asked of Athena whenever somebody looks. An incremental refresh needs a
   * column of times by which rows are told apart: what has none is asked directly.
   */
  mode: { import: "SPICE"; refresh: "full" | { since: string; days: number } } | { import: "DIRECT_QUERY" };
}

/**
 * The column of times of a data set, and the days that its SQL reaches back. An incremental refresh makes all of these days
 * anew, since each row says how many days it lies before the latest; rows that have left the window stay, and lie beyond
 * what the controls offer. QuickSight counts the days from now.
 */
const windows: Readonly<Record<string, { since: string; days: number }>> = {
  use_by_day: { since: "day", days: 401 },
  use_by_hour: { since: "day", days: 36 },
  forecasts: { since: "day", days: 36 },
  errors: { since: "day", days: 401 },
  elements: { since: "day", days: 36 },
};

const sources: readonly Dataset[] = readDatasets(new URL("./", import.meta.url));

/** The data sets of an environment. */
export function dataSetPlans(
  environment: Pick<Environment, "name" | "cities" | "meterTypes">,
  refresh: "full" | "incremental",
): DataSetPlan[] {
  return dataSets.map((dataSet): DataSetPlan => {
    const source = sourceOf(dataSet.identifier);
    const window = windows[dataSet.identifier];
    return {
      dataSet,
      description: source.what,
      sql: render(source, valuesFor(source, environment)),
      mode:
        refresh === "full"
          ? { import: "SPICE", refresh }
          : window === undefined
            ? { import: "DIRECT_QUERY" }
            : { import: "SPICE", refresh: window },
    };
  });
}

/** The SQL file of a data set. @throws RangeError where there is none */
export function sourceOf(identifier: string): Dataset {
  const found = sources.find(({ name }) => name === identifier);
  if (found === undefined) throw new RangeError(`The data set ${identifier} has no file ${identifier}.sql.`);
  return found;
}

/** The kind of a column, of its type in the lake. */
export function kindOf(column: DatasetColumn | ListedColumns): ColumnKind | undefined {
  if ("listedBy" in column) return undefined;
  switch (column.type) {
    case "int":
    case "bigint":
      return "integer";
    case "double":
      return "number";
    case "string":
      return "text";
    case "date":
    case "timestamp":
      return "time";
  }
}

function valuesFor(
  { parameters }: Dataset,
  { name, cities, meterTypes }: Pick<Environment, "name" | "cities" | "meterTypes">,
): Record<string, ParameterValue> {
  const zoned = (fields: number) => cities.map((city) => [city.name, city.label, city.timeZone].slice(0, fields));
  return Object.fromEntries(
    parameters.map(({ name: parameter, type }): [string, ParameterValue] => {
      switch (parameter) {
        case "database":
          return [parameter, [databaseName(name)]];
        case "cities":
          return [parameter, zoned(typeof type === "object" ? type.rows.length : 0)];
        case "meter_types":
          return [parameter, meterTypes.map((one) => [meterTypeCodes[one.type], one.type])];
        default:
          throw new RangeError(`Nobody knows what :${parameter} stands for in a data set of the dashboard.`);
      }
    }),
  );
}
