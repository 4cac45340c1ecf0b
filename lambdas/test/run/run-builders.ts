import type { DatasetDefinition } from "../../datasets/dataset.ts";
import type { PlanConfig } from "../../plan/config.ts";
import type { DatasetItem, Run, RunInput } from "../../plan/events.ts";
import { compilePlan } from "../../plan/plan.ts";
import type { QueryExecution } from "../../publish/events.ts";
import type { MemoryStorage } from "./memory-storage.ts";

function definition(name: string, changes: Partial<DatasetDefinition>): DatasetDefinition {
  return {
    name,
    sql: "SELECT 1 AS n",
    parameters: [],
    trigger: { on: "run" },
    delta: { of: "run" },
    reach: { before: 0, after: 0 },
    stored: "no",
    keep: { days: 3 },
    ...changes,
  };
}

const days = (name: string, changes: Partial<DatasetDefinition>): DatasetDefinition =>
  definition(name, {
    sql: `SELECT dt FROM ${name} WHERE dt >= :from AND dt < :to`,
    parameters: [
      { name: "from", type: "date" },
      { name: "to", type: "date" },
    ],
    delta: { of: "touched days" },
    stored: "by day",
    ...changes,
  });

/** Datasets with the shape of the project's, and SQL that a test can read. */
export const datasets: DatasetDefinition[] = [
  definition("arrivals", {
    sql: "SELECT day FROM landing WHERE dt >= :arrived_from",
    parameters: [{ name: "arrived_from", type: "date" }],
  }),
  definition("latest_hours", {
    sql: "SELECT city FROM readings_by_day WHERE dt >= :from AND dt < :to",
    parameters: [
      { name: "from", type: "date" },
      { name: "to", type: "date" },
    ],
  }),
  definition("feature_readings", {
    sql: "SELECT 1 FROM r WHERE city = :city AND t >= :from AND t < :to",
    parameters: [
      { name: "city", type: "text" },
      { name: "from", type: "timestamp" },
      { name: "to", type: "timestamp" },
    ],
    trigger: { on: "forecast" },
  }),
  definition("feature_weather", {
    sql: "SELECT 1 FROM w WHERE site = :site AND t >= :from AND t < :to",
    parameters: [
      { name: "site", type: "integer" },
      { name: "from", type: "timestamp" },
      { name: "to", type: "timestamp" },
    ],
    trigger: { on: "forecast" },
  }),
  days("readings_by_day", {
    sql: "SELECT dt FROM landing WHERE dt >= :from AND dt < :to AND arrived >= :arrived_from AND :keep_current",
    parameters: [
      { name: "from", type: "date" },
      { name: "to", type: "date" },
      { name: "arrived_from", type: "date" },
      { name: "keep_current", type: "boolean" },
    ],
    trigger: { on: "arrivals" },
  }),
  days("cleaned", { trigger: { on: "dataset", name: "readings_by_day" }, reach: { before: 1, after: 2 } }),
  days("use", { trigger: { on: "dataset", name: "cleaned" }, reach: { before: 1, after: 1 } }),
  days("compared", { trigger: { on: "predictions" } }),
  days("monitor", { trigger: { on: "dataset", name: "compared" }, reach: { before: 0, after: 6 } }),
  definition("overview", { trigger: { on: "demand" }, delta: { of: "all" } }),
  definition("own", {
    sql: "SELECT * FROM readings WHERE dt >= :from AND dt < :to",
    parameters: [
      { name: "from", type: "date" },
      { name: "to", type: "date" },
    ],
    trigger: { on: "schedule" },
    delta: { of: "days", days: 2 },
    deliver: "dataset/own/!{scheduleTime}/!{versionId}.csv",
  }),
];

export function planConfig(changes: Partial<PlanConfig> = {}): PlanConfig {
  return {
    environment: "dev",
    bucket: "lake",
    datasets,
    cities: [
      { name: "Jacksonville", siteId: 0, timeZone: "America/New_York" },
      { name: "London", siteId: 1, timeZone: "Europe/London" },
    ],
    readingColumns: ["building_id"],
    weatherColumns: ["site_id"],
    firstArrival: "2018-01-01",
    horizonHours: 24,
    historyDays: 42,
    reference: { 0: 0.5 },
    driftThreshold: 0.25,
    ...changes,
  };
}

/** A run as the step "begin" gives it, started at noon of the 16th unless it is said otherwise. */
export async function beginRun(
  storage: MemoryStorage,
  input: RunInput = {},
  { name = "first", startTime = "2018-12-16T12:00:00.000Z", config = planConfig() } = {},
): Promise<Run> {
  return (await compilePlan(config, storage)({ step: "begin", execution: { name, startTime }, input })) as Run;
}

/** A result of Athena's, as it writes one: everything in quotes, NULL as nothing. */
export function csvOf(columns: readonly string[], ...rows: (string | number | null)[][]): string {
  const line = (values: readonly (string | number | null)[]) =>
    values.map((value) => (value === null ? "" : `"${String(value).replaceAll('"', '""')}"`)).join(",");
  return [columns, ...rows].map((row) => `${line(row)}\n`).join("");
}

/** The items of the step "datasets" when of these days so many readings have arrived today; 5 where it is not said. */
export async function planned(
  storage: MemoryStorage,
  run: Run,
  days: readonly string[],
  { config = planConfig(), elements = 5 } = {},
): Promise<DatasetItem[]> {
  const rows = days.map((day) => ["readings", run.startedAt.slice(0, 10), day, elements]);
  storage.set("athena/arrivals.csv", csvOf(["pipeline", "arrived", "day", "elements"], ...rows));
  const result = "s3://lake/athena/arrivals.csv";
  return (await compilePlan(config, storage)({ step: "datasets", run, result })) as DatasetItem[];
}

/**
 * An execution as `athena:startQueryExecution.sync` answers for an UNLOAD, which wrote these files.
 *
 * @param manifest whether Athena wrote a data manifest; it writes none where there is no file
 */
export function unloaded(storage: MemoryStorage, id: string, files: readonly string[]): QueryExecution {
  const address = `s3://lake/athena/${id}-manifest.csv`;
  for (const file of files) storage.set(file.slice("s3://lake/".length), `rows of ${file}`);
  if (files.length > 0) storage.set(`athena/${id}-manifest.csv`, files.map((file) => `${file}\n`).join(""));
  return {
    ...shape(id),
    ResultConfiguration: { OutputLocation: `s3://lake/athena/${id}.csv` },
    Statistics: { DataManifestLocation: address, ...statistics },
  };
}

/** An execution of a SELECT, with its result. */
export function selected(storage: MemoryStorage, id: string, csv: string): QueryExecution {
  storage.set(`athena/${id}.csv`, csv);
  return {
    ...shape(id),
    ResultConfiguration: { OutputLocation: `s3://lake/athena/${id}.csv` },
    Statistics: statistics,
  };
}

const statistics: NonNullable<QueryExecution["Statistics"]> & { TotalExecutionTimeInMillis: number } = {
  TotalExecutionTimeInMillis: 789,
};

/** The rest of what Step Functions hands on of a query. */
function shape(id: string) {
  return {
    QueryExecutionId: id,
    Query: "UNLOAD ...",
    StatementType: "DML",
    WorkGroup: "metercast-dev",
    EngineVersion: { SelectedEngineVersion: "Athena engine version 3" },
    QueryExecutionContext: { Database: "metercast_dev" },
    Status: { State: "SUCCEEDED", SubmissionDateTime: 1544961600000, CompletionDateTime: 1544961601000 },
  };
}
