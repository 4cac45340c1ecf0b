import { expect } from "chai";
import type { DatasetItem, PlanEvent, RunInput } from "../../plan/events.ts";
import { compilePlan } from "../../plan/plan.ts";
import type { DatasetNotes } from "../../run/marks.ts";
import { MemoryStorage } from "./memory-storage.ts";
import { beginRun, planConfig, planned } from "./run-builders.ts";

async function fault(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("It did not fail.");
}

function daysOf(items: readonly DatasetItem[]): Record<string, string[]> {
  return Object.fromEntries(items.map(({ name, days }) => [name, days.map(({ from, to }) => `${from}/${to}`)]));
}

function sqlOf(item: DatasetItem | undefined, index = 0): string {
  const { before = "", after = "" } = item?.statements[index] ?? {};
  return `${before}0${after}`;
}

describe("A run begins", () => {
  it("with a version that sorts by its start, and names its execution", async () => {
    const run = await beginRun(new MemoryStorage(), { scheduleTime: "2018-12-16T12:59:58+01:00" }, { name: "a:b'c" });
    expect(run).to.include({
      id: "a:b'c",
      version: "20181216T120000000Z-a_b_c",
      startedAt: "2018-12-16T12:00:00Z",
      scheduleTime: "2018-12-16T11:59:58Z",
    });
  });

  it("with everything that ever arrived where nothing has been processed yet", async () => {
    const run = await beginRun(new MemoryStorage());
    expect(run.arrivals.sql).to.equal("SELECT day FROM landing WHERE dt >= DATE '2018-01-01'");
    expect(run.latestHours.sql).to.include("dt >= DATE '2000-01-01' AND dt < DATE '2018-12-18'");
  });

  it("with what arrived since two days before what has been processed: files come late", async () => {
    const storage = new MemoryStorage().set("runs/marks.json", '{"arrivedThrough": "2018-12-15", "pending": []}');
    expect((await beginRun(storage)).arrivals.sql).to.include("dt >= DATE '2018-12-13'");
  });

  it("with the latest hours in the week before the last day that there is, and further back for a backtest", async () => {
    const storage = new MemoryStorage()
      .set("datasets/readings_by_day/current/dt=2018-12-10/manifest", "s3://lake/a\n")
      .set("datasets/readings_by_day/current/dt=2018-12-12/manifest", "");
    expect((await beginRun(storage)).latestHours.sql).to.include("dt >= DATE '2018-12-03'");
    expect((await beginRun(storage, { backtestHours: 72 })).latestHours.sql).to.include("dt >= DATE '2018-11-30'");
  });

  it("with the history of a window that is asked for", async () => {
    const run = await beginRun(new MemoryStorage(), { from: "2018-12-10", to: "2018-12-12T06:00:00Z" });
    expect(run.latestHours.sql).to.include("dt >= DATE '2018-10-29' AND dt < DATE '2018-12-13'");
  });

  it("without a look at arrivals where none of its datasets is made by them", async () => {
    const run = await beginRun(new MemoryStorage(), { datasets: ["own"] });
    expect(run.arrivals.sql).to.include("dt >= DATE '2018-12-18'");
  });

  const refused: [string, unknown, string, RegExp][] = [
    [
      "an unknown dataset",
      { datasets: ["uses"] },
      "UnknownDataset",
      /no dataset "uses" to be run; there are .*cleaned, use/,
    ],
    ["a question of the run itself", { datasets: ["arrivals"] }, "UnknownDataset", /no dataset "arrivals"/],
    ["no dataset at all", { datasets: [] }, "InvalidInput", /"datasets" must be a list of names/],
    ["a date that there is not", { from: "2018-02-30" }, "InvalidWindow", /"from" must be a date or an instant/],
    ["no zone", { from: "2018-12-10T06:00:00" }, "InvalidWindow", /with its zone/],
    ["a part of an hour", { from: "2018-12-10T06:30:00Z" }, "InvalidWindow", /whole hour/],
    ["an end before the start", { from: "2018-12-10", to: "2018-12-09" }, "InvalidWindow", /must be after "from"/],
    ["an end alone", { to: "2018-12-09" }, "InvalidWindow", /give both, or neither/],
    ["a backtest of a window", { from: "2018-12-10", backtestHours: 3 }, "InvalidInput", /no meaning/],
    [
      "a backtest of less than nothing",
      { backtestHours: -1 },
      "InvalidInput",
      /whole number of hours up to 8784, not -1/,
    ],
    ["a backtest of ages", { backtestHours: 1e9 }, "InvalidInput", /up to 8784, not 1000000000/],
    ["a window of numbers", { from: 3 }, "InvalidInput", /"from" must be a text, not 3/],
    ["an unknown word", { form: "2018-12-10" }, "InvalidInput", /there is no "form"; there are from, to/],
    ["a time that is none", { scheduleTime: "soon" }, "InvalidInput", /"scheduleTime" must be an instant/],
  ];
  for (const [what, input, name, message] of refused) {
    it(`not with ${what}`, async () => {
      const error = await fault(beginRun(new MemoryStorage(), input as RunInput));
      expect(error.name).to.equal(name);
      expect(error.message).to.match(message);
    });
  }

  it("with what the console puts beside its input", async () => {
    const input = { Comment: "Insert your JSON here", AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: "arn" };
    expect(await beginRun(new MemoryStorage(), input as RunInput)).not.to.have.any.keys("Comment");
  });

  it("by a step that there is", async () => {
    const error = await fault(compilePlan(planConfig(), new MemoryStorage())({ step: "end" } as unknown as PlanEvent));
    expect(error).to.include({ name: "InvalidInput", message: 'The plan has no step "end".' });
  });
});

describe("The datasets of a run", () => {
  it("are made for the days of which something arrived, and those around that they change, one behind the other", async () => {
    const storage = new MemoryStorage();
    const items = await planned(storage, await beginRun(storage), ["2018-12-10"]);
    expect(daysOf(items)).to.deep.equal({
      readings_by_day: ["2018-12-10/2018-12-11"],
      cleaned: ["2018-12-09/2018-12-13"],
      use: ["2018-12-08/2018-12-14"],
    });
    expect(items.map(({ version }) => version)).to.deep.equal(Array(3).fill("20181216T120000000Z-first"));
  });

  it("are asked as UNLOAD into folders of their own, which the attempt completes", async () => {
    const storage = new MemoryStorage();
    const [item] = await planned(storage, await beginRun(storage), ["2018-12-10"]);
    expect(sqlOf(item)).to.equal(
      "UNLOAD (\nSELECT dt FROM landing WHERE dt >= DATE '2018-12-10' AND dt < DATE '2018-12-11' AND arrived >= DATE '2018-01-01' AND TRUE\n" +
        ") TO 's3://lake/datasets/readings_by_day/versions/20181216T120000000Z-first/0-0/' " +
        "WITH (format = 'PARQUET', compression = 'SNAPPY', partitioned_by = ARRAY['dt'])",
    );
  });

  it("are none where nothing arrived", async () => {
    const storage = new MemoryStorage();
    expect(await planned(storage, await beginRun(storage), [])).to.deep.equal([]);
  });

  it("are none of the days of which there is no more than the last run saw", async () => {
    const seen = { "readings 2018-12-16 2018-12-10": 5, "readings 2018-12-16 2018-12-11": 4 };
    const marks = { arrivedThrough: "2018-12-16", pending: [], seen, version: "v" };
    const storage = new MemoryStorage().set("runs/marks.json", JSON.stringify(marks));
    const items = await planned(storage, await beginRun(storage), ["2018-12-10", "2018-12-11"]);
    expect(daysOf(items)["readings_by_day"]).to.deep.equal(["2018-12-11/2018-12-12"]);
    const notes = JSON.parse(storage.text("runs/work/first/datasets.json") ?? "") as DatasetNotes;
    expect(notes.marks?.seen).to.deep.equal({ ...seen, "readings 2018-12-16 2018-12-11": 5 });
  });

  it("are all that the last days brought in the first run of a day, whatever was seen", async () => {
    const seen = { "readings 2018-12-16 2018-12-10": 5 };
    const marks = { arrivedThrough: "2018-12-15", pending: [], seen, version: "v" };
    const storage = new MemoryStorage().set("runs/marks.json", JSON.stringify(marks));
    const items = await planned(storage, await beginRun(storage), ["2018-12-10"]);
    expect(daysOf(items)["readings_by_day"]).to.deep.equal(["2018-12-10/2018-12-11"]);
  });

  it("take 60 days a statement, and days that lie near together at once", async () => {
    const storage = new MemoryStorage();
    const arrived = ["2018-06-01", "2018-06-04", "2018-06-12"];
    const [item] = await planned(storage, await beginRun(storage), arrived);
    expect(item?.days.map(({ from, to }) => `${from}/${to}`)).to.deep.equal([
      "2018-06-01/2018-06-05",
      "2018-06-12/2018-06-13",
    ]);
    const long = Array.from({ length: 100 }, (_, index) =>
      new Date(Date.UTC(2018, 0, 1 + index)).toISOString().slice(0, 10),
    );
    const [whole] = await planned(storage, await beginRun(storage), long);
    expect(whole?.days.map(({ from, to }) => `${from}/${to}`)).to.deep.equal([
      "2018-01-01/2018-03-02",
      "2018-03-02/2018-04-11",
    ]);
    expect(whole?.statements).to.have.length(2);
    expect(sqlOf(whole, 1)).to.include("versions/20181216T120000000Z-first/1-0/");
  });

  it("take the latest 360 days, and leave the rest for later runs, with the arrivals from which they are to be made", async () => {
    const storage = new MemoryStorage();
    const days = Array.from({ length: 400 }, (_, index) =>
      new Date(Date.UTC(2017, 10, 12 + index)).toISOString().slice(0, 10),
    );
    const run = await beginRun(storage);
    const items = await planned(storage, run, days);
    const of = items.find(({ name }) => name === "readings_by_day");
    expect(of?.days.at(-1)?.to).to.equal("2018-12-17");
    expect(of?.days[0]?.from).to.equal("2017-12-22");
    const { marks } = JSON.parse(storage.text("runs/work/first/datasets.json") ?? "") as DatasetNotes;
    expect(marks).to.deep.include({
      arrivedThrough: "2018-12-16",
      taken: [],
      pending: [{ from: "2017-11-12", to: "2017-12-22", arrivedFrom: "2018-01-01" }],
    });
    expect(JSON.stringify(items).length).to.be.below(150_000);
  });

  it("take up what was left, from the arrivals of that time", async () => {
    const storage = new MemoryStorage().set(
      "runs/marks.json",
      JSON.stringify({
        arrivedThrough: "2018-12-16",
        pending: [{ from: "2017-11-12", to: "2017-11-14", arrivedFrom: "2018-01-01" }],
      }),
    );
    const [item] = await planned(storage, await beginRun(storage), ["2018-12-16"]);
    expect(item?.statements).to.have.length(2);
    expect(sqlOf(item, 0)).to.include(
      "dt >= DATE '2017-11-12' AND dt < DATE '2017-11-14' AND arrived >= DATE '2018-01-01'",
    );
    expect(sqlOf(item, 1)).to.include("arrived >= DATE '2018-12-14'");
  });

  it("make fewer days at once when their statements would fill the state", async () => {
    const storage = new MemoryStorage();
    const long = planConfig({
      datasets: planConfig().datasets.map((one) => ({ ...one, sql: `${one.sql} /* ${"x".repeat(9000)} */` })),
    });
    const days = Array.from({ length: 360 }, (_, index) =>
      new Date(Date.UTC(2018, 0, 1 + index)).toISOString().slice(0, 10),
    );
    const items = await planned(storage, await beginRun(storage, {}, { config: long }), days, { config: long });
    expect(JSON.stringify(items).length).to.be.below(150_000);
    const { marks } = JSON.parse(storage.text("runs/work/first/datasets.json") ?? "") as {
      marks: { pending: object[] };
    };
    expect(marks.pending).to.have.length(1);
  });

  it("end with what can be: nothing is later than tomorrow and what is predicted", async () => {
    const storage = new MemoryStorage();
    const items = await planned(storage, await beginRun(storage), ["2018-12-17"]);
    expect(daysOf(items)["use"]).to.deep.equal(["2018-12-15/2018-12-19"]);
  });

  it("that are asked for come with those that they make, and leave no mark", async () => {
    const storage = new MemoryStorage();
    const run = await beginRun(storage, { datasets: ["cleaned"] });
    const items = await planned(storage, run, ["2018-12-10"]);
    expect(daysOf(items)).to.deep.equal({ cleaned: ["2018-12-09/2018-12-13"], use: ["2018-12-08/2018-12-14"] });
    expect(JSON.parse(storage.text("runs/work/first/datasets.json") ?? "")).not.to.have.property("marks");
  });

  it("that are asked for a window are made for these days, from arrivals alone, whatever arrived", async () => {
    const storage = new MemoryStorage();
    const run = await beginRun(storage, { datasets: ["readings_by_day"], from: "2018-06-01", to: "2018-06-03" });
    const items = await planned(storage, run, ["2018-12-10"]);
    expect(daysOf(items)).to.deep.equal({
      readings_by_day: ["2018-06-01/2018-06-03"],
      cleaned: ["2018-05-31/2018-06-05"],
      use: ["2018-05-30/2018-06-06"],
    });
    expect(sqlOf(items[0])).to.include("arrived >= DATE '2018-01-01' AND FALSE");
  });

  it("that are asked for a window that is no whole days, or too long, are refused", async () => {
    const storage = new MemoryStorage();
    const ask = async (from: string, to: string) =>
      fault(planned(storage, await beginRun(storage, { datasets: ["use"], from, to }), []));
    expect(await ask("2018-06-01T06:00:00Z", "2018-06-03")).to.have.property("name", "InvalidWindow");
    expect(await ask("2018-06-01", "2018-06-01")).to.have.property("name", "InvalidWindow");
    expect((await ask("2016-06-01", "2018-06-01")).message).to.match(/360 days at most/);
  });

  it("of a team's own are asked over their days up to now, and delivered under the key of the moment", async () => {
    const storage = new MemoryStorage();
    const run = await beginRun(storage, { datasets: ["own"], scheduleTime: "2018-12-16T12:00:00Z" });
    expect(await planned(storage, run, [])).to.deep.equal([
      {
        name: "own",
        version: "20181216T120000000Z-first",
        statements: [
          {
            before: "SELECT * FROM readings WHERE dt >= DATE '2018-12-15' AND dt < DATE '2018-12-17'\n-- attempt ",
            after: "",
          },
        ],
        days: [],
        stored: "no",
        deliver: "dataset/own/2018-12-16T12:00:00Z/20181216T120000000Z-first.csv",
      },
    ]);
  });

  it("that are delivered as Parquet are unloaded as one", async () => {
    const own = planConfig().datasets.map((one) =>
      one.name === "own" ? { ...one, deliver: "dataset/own/!{versionId}.parquet" } : one,
    );
    const storage = new MemoryStorage();
    const config = planConfig({ datasets: own });
    const run = await beginRun(storage, { datasets: ["own"], from: "2018-06-01", to: "2018-06-03" }, { config });
    const [item] = await planned(storage, run, [], { config });
    expect(sqlOf(item)).to.include("dt >= DATE '2018-06-01' AND dt < DATE '2018-06-03'");
    expect(sqlOf(item)).to.match(
      /TO 's3:\/\/lake\/datasets\/own\/versions\/[^/]+\/0-0\/' WITH \(format = 'PARQUET', compression = 'SNAPPY'\)$/,
    );
  });

  it("are planned from a result that says days, or not at all", async () => {
    const storage = new MemoryStorage().set("athena/other.csv", '"dia"\n"2018-12-10"\n');
    const run = await beginRun(storage);
    const event = { step: "datasets", run, result: "s3://lake/athena/other.csv" } as const;
    const error = await fault(compilePlan(planConfig(), storage)(event));
    expect(error).to.include({
      name: "InvalidResult",
      message: "The query's result has no column pipeline; it has dia.",
    });
  });
});

describe("The comparisons of a run", () => {
  it("are made for the days that it predicted and those that arrivals changed", async () => {
    const storage = new MemoryStorage();
    const run = await beginRun(storage);
    await planned(storage, run, ["2018-12-01"]);
    storage.set(
      "runs/work/first/forecasts.json",
      JSON.stringify({ window: { from: "2018-12-09T05:00:00Z", to: "2018-12-11T00:00:00Z" }, forecasts: [] }),
    );
    const items = (await compilePlan(planConfig(), storage)({ step: "comparisons", run })) as DatasetItem[];
    expect(daysOf(items)).to.deep.equal({
      compared: ["2018-12-01/2018-12-02", "2018-12-09/2018-12-11"],
      monitor: ["2018-12-01/2018-12-17"],
    });
  });
});
