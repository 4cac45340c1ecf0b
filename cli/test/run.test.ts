import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GetExecutionHistoryCommand, ListExecutionsCommand } from "@aws-sdk/client-sfn";
import type { Graph } from "@metercast/graph";
import { DataFolder } from "@metercast/simulator";
import { expect } from "chai";
import { dataset } from "../../datasets/index.ts";
import { arnOf } from "../executions/endpoint.ts";
import { clientAt } from "../executions/follow.ts";
import { metercast, query, Started, temporaryFolder, type Event } from "./command.ts";
import { predictingEnvironment } from "./predicting.ts";

const predictions = `SELECT building_id, meter, "timestamp", forecast_start, predicted, model_version FROM predictions
  ORDER BY building_id, meter, "timestamp", forecast_start`;

/** The events of a command that gives a line for each. */
function eventsOf(out: string): Event[] {
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Event);
}

/** A data folder with two weeks of a small environment, without predictions. */
async function loaded(environment = predictingEnvironment()): Promise<string> {
  const data = temporaryFolder();
  const started = new Started("--environment", environment, "--data", data, "--once", "--no-run");
  if ((await started.ended) !== 0) throw new Error(started.error);
  return data;
}

const window = ["--from", "2018-12-15T00:00Z", "--to", "2018-12-16T12:00Z"];

describe("metercast start", function () {
  this.timeout(180_000);

  it("predicts once there are data, past hours too, and says how wrong it was", async () => {
    const data = temporaryFolder();
    const started = new Started("--environment", predictingEnvironment(), "--data", data, "--once");
    expect(await started.ended, started.error).to.equal(0);
    expect(started.events.map(({ event }) => event)).to.deep.equal(["ready", "loaded", "predicted"]);
    const predicted = started.events[2] as Event & { rows: number; rmsle: Record<string, number> };
    expect(predicted["window"]).to.deep.equal({ from: "2018-12-14T00:00:00Z", to: "2018-12-18T00:00:00Z" });
    const [stored] = await query(data, "SELECT count(*) AS rows_ FROM predictions");
    expect(stored).to.deep.equal({ rows_: predicted.rows });
    const [error] = await query(
      data,
      `SELECT sqrt(avg(power(ln(1 + p.predicted) - ln(1 + r.meter_reading), 2))) AS rmsle
       FROM predictions AS p
       JOIN readings AS r ON r.building_id = p.building_id AND r.meter = p.meter AND r."timestamp" = p."timestamp"`,
    );
    expect(predicted.rmsle["overall"]).to.be.closeTo(Number(error?.["rmsle"]), 1e-6);
  });

  it("does not predict with --no-run", async () => {
    const data = await loaded();
    expect(await query(data, "SELECT count(*) AS n FROM predictions")).to.deep.equal([{ n: 0 }]);
  });

  it("still says what was loaded when the run fails, and exits with 1", async () => {
    const model = join(temporaryFolder(), "model");
    cpSync(fileURLToPath(new URL("../../model/shipped", import.meta.url)), model, { recursive: true });
    const file = join(model, "electricity.txt");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.slice(0, text.length / 2));
    const environment = predictingEnvironment(`inference: { model: ${JSON.stringify(model)} }\n`);
    const started = new Started("--environment", environment, "--data", temporaryFolder(), "--once");
    expect(await started.ended).to.equal(1);
    expect(started.events.map(({ event }) => event)).to.deep.equal(["ready", "loaded"]);
    expect(started.error)
      .to.contain("electricity.txt")
      .and.to.match(/ends|cut|truncated/i);
  });
});

describe("metercast run", function () {
  this.timeout(240_000);

  it("shows the states as they pass, and ends with the outcome", async () => {
    const data = await loaded();
    const { code, out, error } = await metercast("run", "--data", data, ...window, "--json");
    expect(code, error).to.equal(0);
    const events = eventsOf(out);
    const ended = events.at(-1) as Event & { output: { rows: number; rmsle: object } };
    expect(ended).to.include({ event: "ended", status: "SUCCEEDED" });
    expect(ended.output.rows).to.be.greaterThan(0);
    const left = events.filter(({ happened }) => happened === "left").map(({ state }) => state);
    expect(left).to.include.members(["Begin", "Refresh datasets", "Features", "Predict", "Watch"]);
    const { out: text } = await metercast("runs", "--data", data, "--json");
    expect(JSON.parse(text)).to.have.length(1).and.to.have.nested.property("[0].status", "SUCCEEDED");
  });

  it("gives the same rows once, however often it runs, and two at a time", async () => {
    const environment = predictingEnvironment();
    const data = await loaded(environment);
    expect((await metercast("run", "--data", data, ...window)).code).to.equal(0);
    const once = await query(data, predictions);
    const started = new Started("--environment", environment, "--data", data, "--no-load");
    await started.event("ready");
    const both = await Promise.all([1, 2].map(() => metercast("run", "--data", data, ...window)));
    expect(both.map(({ code }) => code)).to.deep.equal([0, 0]);
    expect(await started.stop("SIGINT")).to.equal(0);
    expect(await query(data, predictions)).to.deep.equal(once);
  });

  it("gives the same rows when it is run again after the simulator was killed in its middle", async () => {
    const environment = predictingEnvironment();
    const data = await loaded(environment);
    for (const moment of ["Publish", "Features", "Predict"]) {
      const started = new Started("--environment", environment, "--data", data, "--no-load");
      const { http } = await started.event("ready");
      const running = metercast("run", "--data", data, ...window, "--json");
      await untilEntered(data, String(http), moment);
      await started.stop("SIGKILL");
      const { code, error } = await running;
      expect(code, moment).to.equal(1);
      expect(error).to.contain("The simulator ended while the execution ran");
    }
    const { out } = await metercast("runs", "--data", data, "--json");
    expect((JSON.parse(out) as Event[]).map(({ status }) => status)).to.deep.equal(["ABORTED", "ABORTED", "ABORTED"]);
    const again = await metercast("run", "--data", data, ...window);
    expect(again.code, again.error).to.equal(0);
    const whole = await loaded(environment);
    expect((await metercast("run", "--data", whole, ...window)).code).to.equal(0);
    expect(await query(data, predictions)).to.deep.equal(await query(whole, predictions));
    const hours = `SELECT building_id, meter, hour, use FROM use_by_hour ORDER BY building_id, meter, hour`;
    expect(await query(data, hours)).to.deep.equal(await query(whole, hours));
  });

  it("says which hours there are when it is asked for others", async () => {
    const data = await loaded();
    const { code, error } = await metercast("run", "--data", data, "--from", "2030-01-01", "--to", "2030-01-02");
    expect(code).to.equal(1);
    expect(error).to.contain("NoData").and.to.contain("from 2018-12-03 to 2018-12-16");
  });

  it("takes --from and --to together only, and in order", async () => {
    const data = temporaryFolder();
    const alone = await metercast("run", "--data", data, "--from", "2018-12-15T00:00Z");
    expect([alone.code, alone.error]).to.deep.equal([2, "--from and --to go together.\n"]);
    const turned = await metercast("run", "--data", data, "--from", "2018-12-16", "--to", "2018-12-15");
    expect([turned.code, turned.error]).to.deep.equal([2, "--from must lie before --to.\n"]);
  });

  it("says that an environment makes no predictions", async () => {
    const data = await loaded(fileURLToPath(new URL("small.yaml", import.meta.url)));
    const { code, error } = await metercast("run", "--data", data);
    expect(code).to.equal(1);
    expect(error).to.contain("makes no predictions: give its file an `inference` section");
  });
});

describe("metercast dataset", function () {
  this.timeout(180_000);

  it("lists the datasets of the project and of the environment", async () => {
    const own = `datasets: [{ name: exported, sql: "SELECT * FROM readings", schedule: cron(0/15 * * * ? *), deliver: "dataset/exported/!{scheduleTime}/!{versionId}.csv" }]\n`;
    const { out } = await metercast("dataset", "list", "--environment", predictingEnvironment(own), "--json");
    const listed = JSON.parse(out) as { name: string; trigger: string; deliver?: string }[];
    expect(listed.map(({ name }) => name)).to.include.members(["readings_by_day", "use_by_day", "monitor", "exported"]);
    expect(listed.at(-1)).to.include({
      trigger: "cron(0/15 * * * ? *)",
      deliver: "dataset/exported/!{scheduleTime}/!{versionId}.csv",
    });
  });

  it("makes a dataset, whose days take in what arrives late", async () => {
    const environment = predictingEnvironment();
    const data = await loaded(environment);
    expect((await metercast("dataset", "run", "use_by_day", "--data", data)).code).to.equal(0);
    const use = `SELECT sum(use) AS use FROM use_by_day WHERE building_id = 105 AND meter = 0`;
    const before = Number((await query(data, use))[0]?.["use"]);
    const started = new Started("--environment", environment, "--data", data, "--no-load");
    const { http } = await started.event("ready");
    const reading = { building_id: 105, meter: 0, timestamp: Date.UTC(2018, 11, 2, 23), meter_reading: 50 };
    const topic = encodeURIComponent("metercast/small/London/meter/electricity");
    await fetch(`${String(http)}/topics/${topic}?qos=1`, { method: "POST", body: JSON.stringify(reading) });
    const again = await metercast("dataset", "run", "use_by_day", "--data", data);
    expect(again.code, again.error).to.equal(0);
    expect(await started.stop("SIGINT")).to.equal(0);
    expect(Number((await query(data, use))[0]?.["use"])).to.be.closeTo(before + 50, 1e-6);
  });

  it("names the dataset and what is wrong where one fails", async () => {
    const own = `datasets: [{ name: broken, sql: "SELECT nothing FROM readings", deliver: "dataset/broken/!{versionId}.csv" }]\n`;
    const environment = predictingEnvironment(own);
    const data = await loaded(environment);
    const { code, error } = await metercast("dataset", "run", "broken", "--environment", environment, "--data", data);
    expect(code).to.equal(1);
    expect(error).to.contain("broken").and.to.contain("nothing");
  });

  it("answers at once where a dataset is kept nowhere", async () => {
    const data = await loaded();
    const { code, out } = await metercast("dataset", "run", "overview", "--data", data, "--json");
    expect(code).to.equal(0);
    // a mean's last digit depends on the order in which files are read
    const rounded = (rows: Record<string, unknown>[]) =>
      rows.map((row) => ({ ...row, mean_reading: Number(row["mean_reading"]).toPrecision(9) }));
    const asked = await query(data, dataset("overview").sql.replace(/^--.*\n/gm, ""));
    expect(rounded(JSON.parse(out) as Record<string, unknown>[])).to.deep.equal(rounded(asked));
  });

  it("names the datasets that there are for one that there is not", async () => {
    const { code, error } = await metercast("dataset", "run", "use_by_dya", "--data", temporaryFolder());
    expect(code).to.equal(2);
    expect(error).to.contain("There is no dataset use_by_dya").and.to.contain("use_by_day");
  });
});

/** Resolves when a state of the running execution is entered. */
async function untilEntered(data: string, http: string, state: string): Promise<void> {
  const { outputs } = DataFolder.open(data, { create: false }).storedGraph() as Graph;
  const stateMachineArn = arnOf(outputs, "inference");
  const client = clientAt(http);
  for (;;) {
    const { executions = [] } = await client.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" }),
    );
    for (const { executionArn } of executions) {
      const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
      if (events.some(({ stateEnteredEventDetails: entered }) => entered?.name === state)) return client.destroy();
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
