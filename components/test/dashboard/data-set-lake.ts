import type { Row } from "@metercast/simulator";
import type { Environment } from "../../../environments/index.ts";
import { Lake, table } from "../../../simulator/test/athena-lake.ts";
import { dataSetPlans } from "../../dashboard/data-sets/plans.ts";
import type { Column } from "../../lake/columns.ts";
import type { TablePlan } from "../../lake/tables.ts";
import { lakePlan, tableParameters } from "../../lake/tables.ts";
import { databaseName } from "../../naming/names.ts";
import { city, environment } from "../environments.ts";

export type Value = string | number | null;
export type Values = Record<string, Value>;

/** An environment with a dashboard, of a city by New York's clock and one by London's. */
export function shownEnvironment(changes: Partial<Environment> = {}): Environment {
  return environment({
    cities: [
      city(),
      city({
        ...{ siteId: 1, name: "London", label: "London, England", country: "GB", timeZone: "Europe/London" },
        buildings: { firstId: 105, count: 20 },
      }),
    ],
    inference: {
      schedule: "rate(1 hour)",
      timeZone: "UTC",
      engine: "lambda",
      instanceType: "ml.m5.xlarge",
      model: "",
      horizonHours: 24,
      historyDays: 42,
      notify: [],
      drift: { threshold: 0.25 },
      staleAfterHours: 24,
    },
    dashboard: {
      authors: ["group/authors"],
      viewers: ["user/jane@example.com"],
      identityRegion: "us-east-1",
      refresh: "full",
      embedDomains: [],
      theme: "light",
    },
    ...changes,
  });
}

const duckdbTypes: Readonly<Record<Column["type"], string>> = {
  int: "INTEGER",
  bigint: "BIGINT",
  double: "DOUBLE",
  string: "VARCHAR",
  date: "DATE",
  timestamp: "TIMESTAMP",
};

/** The tables of an environment's lake over Parquet files in a temporary folder; its data sets are asked as by QuickSight. */
export class DataSetLake {
  readonly #lake: Lake;
  readonly #tables = new Map<string, TablePlan>();
  readonly #environment: Environment;
  #files = 0;

  constructor(of: Environment = shownEnvironment()) {
    this.#environment = of;
    const plan = lakePlan(of);
    const all = [plan.readings, plan.weather, plan.leftOut, plan.deliveryFailures, plan.buildings, ...plan.made];
    for (const one of all) this.#tables.set(one.name, one);
    this.#lake = new Lake(
      ...all.map((one) =>
        table(one.name, listed(one.columns), {
          partitionKeys: listed(one.partitions.map(({ column }) => column)),
          // All of them are Parquet here, whatever they are in the lake.
          parameters: { ...tableParameters(one, `s3://lake/${one.name}`), classification: "parquet" },
        }),
      ),
    );
  }

  /** Puts rows into a table: their columns by name, what is not named null. */
  async put(name: string, ...rows: Values[]): Promise<this> {
    const plan = this.#tables.get(name);
    if (plan === undefined) throw new Error(`there is no table ${name}`);
    const folderOf = (row: Values) =>
      plan.partitions
        .map(({ column, folder }) => `${folder.replace(`\${${column.name}}`, String(row[column.name]))}/`)
        .join("");
    for (const [folder, ofFolder = []] of Object.entries(Object.groupBy(rows, folderOf))) {
      const names = plan.columns.map((column) => `"${column.name}"`);
      const lines = ofFolder.map(
        (row) => `(${plan.columns.map((column) => literal(row[column.name] ?? null)).join(", ")})`,
      );
      const casts = plan.columns.map(
        ({ type }, index) => `CAST(${names[index]} AS ${duckdbTypes[type]}) AS ${names[index]}`,
      );
      await this.#lake.parquet(
        `${name}/${folder}${(this.#files += 1)}.parquet`,
        `SELECT ${casts.join(", ")} FROM (VALUES ${lines.join(", ")}) AS t(${names.join(", ")})`,
      );
    }
    return this;
  }

  /** The rows of a data set, which must have just the columns that it declares. */
  async rows(identifier: string): Promise<Row[]> {
    const found = dataSetPlans(this.#environment, "full").find(({ dataSet }) => dataSet.identifier === identifier);
    if (found === undefined) throw new Error(`there is no data set ${identifier}`);
    // The lake of these tests has one database, which is called energy.
    const rows = await this.#lake.query(found.sql.replaceAll(`"${databaseName(this.#environment.name)}"`, '"energy"'));
    const declared = Object.keys(found.dataSet.columns).join(", ");
    const [first] = rows;
    if (first !== undefined && Object.keys(first).join(", ") !== declared) {
      throw new Error(`${identifier} gives ${Object.keys(first).join(", ")} and declares ${declared}`);
    }
    return rows;
  }

  /** Of each row of a data set, some of its columns, in the order of the first. */
  async told(identifier: string, ...columns: string[]): Promise<unknown[][]> {
    const rows = await this.rows(identifier);
    return rows
      .map((row) => columns.map((column) => row[column]))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }

  remove(): void {
    this.#lake.remove();
  }
}

function listed(columns: readonly Column[]): string {
  return columns.map(({ name, type }) => `${name} ${type}`).join(", ");
}

function literal(value: Value): string {
  if (value === null) return "NULL";
  return typeof value === "number" ? String(value) : `'${value.replaceAll("'", "''").replace(/Z$/, "")}'`;
}

/** `2018-12-03T10:00:00.000Z` of a day and an hour, which may be below 0 or above 23. */
export function hourOf(day: string, hour: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + hour * 3_600_000).toISOString();
}
