import { expect } from "chai";
import type { ForecastPlan, RunInput } from "../../plan/events.ts";
import { compilePlan } from "../../plan/plan.ts";
import { resultRows } from "../../plan/result-rows.ts";
import { MemoryStorage } from "./memory-storage.ts";
import { beginRun, csvOf, planConfig } from "./run-builders.ts";

type CityRow = [city: string, series: number, first: string, last: string, complete: string | null];

const columns = ["city", "series", "first_hour", "last_hour", "complete_hour"];
const jacksonville: CityRow = [
  "Jacksonville",
  100,
  "2018-12-03 00:00:00.000",
  "2018-12-16 09:00:00.000",
  "2018-12-16 08:00:00.000",
];
const london: CityRow = ["London", 20, "2018-12-03 00:00:00.000", "2018-12-16 10:00:00.000", null];

async function plan(
  rows: readonly CityRow[],
  input: RunInput = {},
  { config = planConfig(), storage = new MemoryStorage() } = {},
): Promise<ForecastPlan> {
  storage.set("athena/latest.csv", csvOf(columns, ...rows));
  const run = await beginRun(storage, input, { config });
  const result = "s3://lake/athena/latest.csv";
  return (await compilePlan(config, storage)({ step: "forecasts", run, result })) as ForecastPlan;
}

function startsOf({ items }: ForecastPlan): Record<string, string[]> {
  return Object.fromEntries(items.map(({ id, starts }) => [id, starts.map((start) => start.slice(5, 13))]));
}

async function fault(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("It did not fail.");
}

describe("The forecasts of a run", () => {
  it("start per city in the hour after its latest complete one, or its last where none is complete", async () => {
    const planned = await plan([jacksonville, london]);
    expect(startsOf(planned)).to.deep.equal({ "Jacksonville-0": ["12-16T09"], "London-0": ["12-16T11"] });
    expect(planned.items.map(({ to }) => to)).to.deep.equal(["2018-12-17T09:00:00Z", "2018-12-17T11:00:00Z"]);
    expect(planned.window).to.deep.equal({ from: "2018-12-16T09:00:00Z", to: "2018-12-17T11:00:00Z" });
    expect(planned.skipped).to.deep.equal([]);
  });

  it("know the readings of the history before their start, and the weather up to their end", async () => {
    const { items } = await plan([jacksonville]);
    const [{ readings, weather } = { readings: undefined, weather: undefined }] = items;
    expect(readings?.before).to.equal(
      "UNLOAD (\nSELECT 1 FROM r WHERE city = 'Jacksonville' AND t >= TIMESTAMP '2018-11-04 09:00:00.000' AND t < TIMESTAMP '2018-12-16 09:00:00.000'\n" +
        ") TO 's3://lake/runs/work/first/Jacksonville-0/readings-",
    );
    expect(weather?.before).to.include(
      "site = 0 AND t >= TIMESTAMP '2018-11-04 09:00:00.000' AND t < TIMESTAMP '2018-12-17 09:00:00.000'",
    );
    expect(weather?.after).to.equal("/' WITH (format = 'PARQUET', compression = 'SNAPPY')");
  });

  it("go back by the horizon for a backtest, as far as there is something to know", async () => {
    expect(startsOf(await plan([jacksonville], { backtestHours: 48 }))["Jacksonville-0"]).to.deep.equal([
      "12-14T09",
      "12-15T09",
      "12-16T09",
    ]);
    const young: CityRow = [
      "Jacksonville",
      100,
      "2018-12-14 09:00:00.000",
      "2018-12-16 09:00:00.000",
      "2018-12-16 08:00:00.000",
    ];
    expect(startsOf(await plan([young], { backtestHours: 72 }))["Jacksonville-0"]).to.deep.equal([
      "12-15T09",
      "12-16T09",
    ]);
  });

  it("cover a window that is asked for, whatever the latest hours are; its last one may be cut short", async () => {
    const planned = await plan([jacksonville], { from: "2018-12-10", to: "2018-12-11T06:00:00Z" });
    expect(startsOf(planned)["Jacksonville-0"]).to.deep.equal(["12-10T00", "12-11T00"]);
    expect(planned.items[0]?.to).to.equal("2018-12-11T06:00:00Z");
    expect((await plan([jacksonville], { from: "2018-12-10" })).window.to).to.equal("2018-12-11T00:00:00Z");
  });

  it("step by the horizon of the environment", async () => {
    const config = planConfig({ horizonHours: 48 });
    const planned = await plan([jacksonville], { from: "2018-12-10", to: "2018-12-14" }, { config });
    expect(startsOf(planned)["Jacksonville-0"]).to.deep.equal(["12-10T00", "12-12T00"]);
    expect(planned.items[0]?.horizonHours).to.equal(48);
  });

  it("are split where a city has more than 100,000 rows to predict", async () => {
    const large: CityRow = [
      "Jacksonville",
      1500,
      "2018-12-01 00:00:00.000",
      "2018-12-16 09:00:00.000",
      "2018-12-16 08:00:00.000",
    ];
    const planned = await plan([large], { backtestHours: 96 });
    expect(startsOf(planned)).to.deep.equal({
      "Jacksonville-0": ["12-12T09", "12-13T09"],
      "Jacksonville-1": ["12-14T09", "12-15T09"],
      "Jacksonville-2": ["12-16T09"],
    });
  });

  it("skip a city without readings, and say why", async () => {
    expect((await plan([jacksonville])).skipped).to.deep.equal([
      { city: "London", reason: "it has no readings there" },
    ]);
    const late: CityRow = ["London", 5, "2018-12-12 00:00:00.000", "2018-12-16 00:00:00.000", null];
    const { skipped } = await plan([jacksonville, late], { from: "2018-12-10", to: "2018-12-11" });
    expect(skipped[0]?.reason).to.equal(
      "it has readings from 2018-12-12T00:00:00Z to 2018-12-16T00:00:00Z, and none in the 42 days before 2018-12-10T00:00:00Z",
    );
  });

  it("do not predict a city that the environment does not have", async () => {
    const other: CityRow = ["Atlantis", 5, "2018-12-12 00:00:00.000", "2018-12-16 00:00:00.000", null];
    expect((await plan([jacksonville, other])).items.map(({ city }) => city)).to.deep.equal(["Jacksonville"]);
  });

  it("leave word of what is predicted for the steps that compare it", async () => {
    const storage = new MemoryStorage();
    await plan([jacksonville], {}, { storage });
    expect(JSON.parse(storage.text("runs/work/first/forecasts.json") ?? "")).to.deep.equal({
      window: { from: "2018-12-16T09:00:00Z", to: "2018-12-17T09:00:00Z" },
      forecasts: [{ city: "Jacksonville", starts: ["2018-12-16T09:00:00Z"] }],
    });
  });

  it("end in NoData where there is no reading at all", async () => {
    const error = await fault(plan([]));
    expect(error.name).to.equal("NoData");
    expect(error.message).to.match(
      /no city \(Jacksonville, London\) has readings before: there are no readings at all in readings_by_day/,
    );
  });

  it("end in NoData where a window has nothing before it, and say what there is", async () => {
    const storage = new MemoryStorage()
      .set("datasets/readings_by_day/current/dt=2018-12-03/manifest", "s3://lake/a\n")
      .set("datasets/readings_by_day/current/dt=2018-12-16/manifest", "s3://lake/b\n");
    const error = await fault(plan([], { from: "2018-11-01", to: "2018-11-02" }, { storage }));
    expect(error.name).to.equal("NoData");
    expect(error.message).to.include("Forecasts from 2018-11-01 to 2018-11-02 were asked for");
    expect(error.message).to.include("readings of 2 days, from 2018-12-03 to 2018-12-16");
  });

  it("are refused where their statements would fill the state", async () => {
    const large: CityRow = ["Jacksonville", 5000, "2016-12-01 00:00:00.000", "2018-12-16 09:00:00.000", null];
    const error = await fault(plan([large], { from: "2017-01-01", to: "2018-12-01" }));
    expect(error.name).to.equal("InvalidWindow");
    expect(error.message).to.match(/too many for one run; ask for a shorter window/);
  });
});

describe("A result of Athena's", () => {
  it("has NULL where nothing stands, and texts with quotation marks, commas and lines in them", () => {
    expect(resultRows('"a","b"\n"x ""y"", z\nw",\n,"2"\n', ["b", "a"])).to.deep.equal([
      { a: 'x "y", z\nw', b: null },
      { a: null, b: "2" },
    ]);
    expect(resultRows('"a"\n', ["a"])).to.deep.equal([]);
  });

  it("is refused where it is none", () => {
    expect(() => resultRows("", ["a"])).to.throw("has no column a; it has none");
    expect(() => resultRows('"a"\n"x"y\n', ["a"]))
      .to.throw("is no CSV at character 5")
      .with.property("name", "InvalidResult");
  });
});
