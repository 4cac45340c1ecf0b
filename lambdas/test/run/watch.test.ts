import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Watched } from "../../watch/events.ts";
import { driftOf } from "../../watch/drift.ts";
import type { MonitoredWeek } from "../../watch/monitor.ts";
import { compileWatch } from "../../watch/watch.ts";
import { MemoryStorage } from "./memory-storage.ts";
import type { RunInput } from "../../plan/events.ts";
import { beginRun } from "./run-builders.ts";

/** The rows of a SELECT as Parquet, with the types that Athena's UNLOAD writes too. */
async function parquet(select: string): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), "watch-"));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(`COPY (${select}) TO '${folder}/a.parquet' (FORMAT parquet)`);
    return readFileSync(join(folder, "a.parquet"));
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(folder, { recursive: true });
  }
}

/** Makes rows the current ones of a dataset's day. */
async function put(
  storage: MemoryStorage,
  dataset: string,
  day: string,
  columns: string,
  ...rows: string[]
): Promise<void> {
  const key = `datasets/${dataset}/versions/v/0-0/dt=${day}/a`;
  const values = rows.map((row) => `(${row})`).join(", ");
  const casts = columns.split(", ").map((column) => {
    const [name = "", type = ""] = column.split(" ");
    return `CAST(${name} AS ${type}) AS ${name}`;
  });
  const names = columns.split(", ").map((column) => column.split(" ")[0]);
  storage.set(key, await parquet(`SELECT ${casts.join(", ")} FROM (VALUES ${values}) AS t(${names.join(", ")})`));
  storage.set(`datasets/${dataset}/current/dt=${day}/manifest`, `s3://lake/${key}\n`);
}

const comparedColumns = "building_id INTEGER, meter INTEGER, city VARCHAR, forecast_start TIMESTAMP, log_error DOUBLE";
const monitorColumns =
  "meter INTEGER, city VARCHAR, week_elements BIGINT, week_rmsle DOUBLE, week_bias DOUBLE, reference DOUBLE, ratio DOUBLE, since DATE";

const window = { from: "2018-12-15T09:00:00Z", to: "2018-12-16T09:00:00Z" };

async function watch(
  storage: MemoryStorage,
  input: RunInput = {},
): Promise<{ watched: Watched; metrics: Record<string, unknown>[] }> {
  const forecasts = [{ city: "Jacksonville", starts: ["2018-12-15T09:00:00Z"] }];
  storage.set("runs/work/first/forecasts.json", JSON.stringify({ window, forecasts }));
  const lines: string[] = [];
  const config = { environment: "dev", bucket: "lake", namespace: "metercast", driftThreshold: 0.25 };
  const now = Date.parse("2018-12-16T12:00:00Z");
  const handler = compileWatch(
    config,
    storage,
    (line) => lines.push(line),
    () => now,
  );
  const watched = await handler({ run: await beginRun(storage, input) });
  return { watched, metrics: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe("Watching a run", () => {
  it("gives the error of its own forecasts, over all and per meter type, of the hours that have a reading", async () => {
    const storage = new MemoryStorage();
    await put(
      storage,
      "predictions_vs_readings",
      "2018-12-15",
      comparedColumns,
      "1, 0, 'Jacksonville', '2018-12-15 09:00:00', 3",
      "1, 2, 'Jacksonville', '2018-12-15 09:00:00', 4",
      "1, 0, 'Jacksonville', '2018-12-15 08:00:00', 100",
      "1, 0, 'London', '2018-12-15 09:00:00', 100",
    );
    await put(
      storage,
      "predictions_vs_readings",
      "2018-12-16",
      comparedColumns,
      "1, 0, 'Jacksonville', '2018-12-15 09:00:00', NULL",
    );
    const { watched } = await watch(storage);
    expect(watched).to.deep.equal({
      ...{ drifted: false, subject: "", message: "", rows: 3 },
      rmsle: { overall: Math.sqrt(12.5), electricity: 3, steam: 4 },
    });
  });

  it("has no error to give where no predicted hour has a reading yet", async () => {
    const storage = new MemoryStorage();
    await put(
      storage,
      "predictions_vs_readings",
      "2018-12-15",
      comparedColumns,
      "1, 0, 'Jacksonville', '2018-12-15 09:00:00', NULL",
    );
    expect((await watch(storage)).watched).to.deep.include({ rows: 1, rmsle: {} });
    expect((await watch(new MemoryStorage())).watched).to.deep.include({ rows: 0, rmsle: {}, drifted: false });
  });

  it("writes metrics that alarms can look at", async () => {
    const storage = new MemoryStorage();
    await put(
      storage,
      "predictions_vs_readings",
      "2018-12-15",
      comparedColumns,
      "1, 0, 'Jacksonville', '2018-12-15 09:00:00', 3",
    );
    await put(storage, "monitor", "2018-12-15", monitorColumns, "0, '(all)', 500, 0.6, 0.1, 0.5, 1.2, NULL");
    const { metrics } = await watch(storage);
    expect(metrics).to.have.length(2);
    expect(metrics[0]).to.deep.include({
      Environment: "dev",
      PredictedRows: 1,
      ComparedRows: 1,
      Rmsle: 3,
      PredictionAge: 4 * 3600,
    });
    expect(metrics[1]).to.deep.equal({
      _aws: {
        Timestamp: Date.parse("2018-12-16T12:00:00Z"),
        CloudWatchMetrics: [
          {
            Namespace: "metercast",
            Dimensions: [["Environment", "MeterType"]],
            Metrics: [
              { Name: "Rmsle", Unit: "None" },
              { Name: "WeekRmsle", Unit: "None" },
              { Name: "WeekRatio", Unit: "None" },
              { Name: "WeekBias", Unit: "None" },
            ],
          },
        ],
      },
      ...{ Environment: "dev", MeterType: "electricity", Rmsle: 3, WeekRmsle: 0.6, WeekRatio: 1.2, WeekBias: 0.1 },
    });
  });

  it("does not call predictions stale that were made of the past on purpose", async () => {
    const { metrics } = await watch(new MemoryStorage(), { from: "2018-12-10", to: "2018-12-11" });
    expect(metrics[0]).to.include({ PredictedRows: 0 });
    expect(metrics[0]).not.to.have.property("PredictionAge");
  });

  it("gives no figure of a week that has hardly any readings to compare", async () => {
    const storage = new MemoryStorage();
    await put(storage, "monitor", "2018-12-15", monitorColumns, "0, '(all)', 20, 2.5, 0.1, 0.5, 5.0, '2018-12-15'");
    expect((await watch(storage)).metrics).to.have.length(1);
  });

  it("finds drift in the latest week of each meter type", async () => {
    const storage = new MemoryStorage();
    await put(
      storage,
      "monitor",
      "2018-12-14",
      monitorColumns,
      "0, '(all)', 500, 0.9, 0.1, 0.5, 1.8, '2018-12-10'",
      "2, '(all)', 500, 1.5, -0.2, 1.0, 1.5, '2018-12-12'",
      "2, 'London', 300, 2.0, -0.2, 1.0, 2.0, '2018-12-11'",
    );
    await put(storage, "monitor", "2018-12-15", monitorColumns, "0, '(all)', 500, 0.5, 0.1, 0.5, 1.0, NULL");
    const { watched } = await watch(storage);
    expect(watched.drifted).to.equal(true);
    expect(watched.subject).to.equal("metercast dev: steam drifted");
    expect(watched.message).to.include(
      "steam: RMSLE 1.500 in the week up to 2018-12-14, 150 % of the reference of 1.000, since 2018-12-12. It predicts too little on average (bias -0.200).",
    );
    expect(watched.message).to.include("Cities: London (RMSLE 2.000, 200 % of the reference, since 2018-12-11).");
    expect(watched.message).to.include("metercast model train");
    expect(watched.message).not.to.include("electricity");
  });

  it("does not hold a week against the model that is long past the latest one", async () => {
    const storage = new MemoryStorage();
    await put(storage, "monitor", "2018-12-01", monitorColumns, "2, '(all)', 500, 1.5, -0.2, 1.0, 1.5, '2018-12-01'");
    await put(storage, "monitor", "2018-12-15", monitorColumns, "0, '(all)', 500, 0.5, 0.1, 0.5, 1.0, NULL");
    expect((await watch(storage)).watched.drifted).to.equal(false);
  });
});

describe("Drift", () => {
  const week = (changes: Partial<MonitoredWeek> = {}): MonitoredWeek => ({
    ...{ meter: 0, city: "(all)", day: "2018-12-15", elements: 500, rmsle: 0.8, bias: 0.1 },
    ...{ reference: 0.5, ratio: 1.6, since: "2018-12-10" },
    ...changes,
  });

  it("is past the threshold, not at it", () => {
    expect(driftOf([week({ ratio: 1.25 })], "dev", 0.25).drifted).to.equal(false);
    expect(driftOf([week({ ratio: 1.26 })], "dev", 0.25).drifted).to.equal(true);
  });

  it("is not told by a handful of hours, nor without a reference", () => {
    expect(driftOf([week({ elements: 167 })], "dev", 0.25).drifted).to.equal(false);
    expect(driftOf([week({ reference: NaN, ratio: NaN })], "dev", 0.25).drifted).to.equal(false);
  });

  it("is not told by one city that has always been hard, while all together are not", () => {
    expect(driftOf([week({ city: "London" }), week({ ratio: 1 })], "dev", 0.25).drifted).to.equal(false);
  });

  it("is told in a subject that SNS takes, and in a message that does not grow with the fleet", () => {
    const cities = Array.from({ length: 200 }, (_, index) => week({ city: `City-${index}` }));
    const { subject, message } = driftOf([week(), ...cities], "e".repeat(120), 0.25);
    expect(subject).to.have.length(100);
    expect(subject).to.match(/^[\x20-\x7e]+$/);
    expect(message).to.include("and 180 more");
    expect(message.length).to.be.below(4000);
  });
});
