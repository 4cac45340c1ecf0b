import { expect } from "chai";
import { dataSets } from "../../dashboard/data-sets/columns.ts";
import { dataSetPlans, kindOf, sourceOf } from "../../dashboard/data-sets/plans.ts";
import { daysOffered } from "../../dashboard/definition/parameters.ts";
import { city } from "../environments.ts";
import { DataSetLake, hourOf, shownEnvironment, type Values } from "./data-set-lake.ts";

const today = new Date().toISOString().slice(0, 10);

describe("The data sets", () => {
  it("are files whose headers declare the columns that the sheets know", () => {
    for (const { identifier, columns } of dataSets) {
      const declared = sourceOf(identifier).columns.map((column) => [
        "name" in column ? column.name : "",
        kindOf(column),
      ]);
      expect(declared, identifier).to.deep.equal(Object.entries(columns));
    }
  });

  it("give no rows of empty tables but for the cities, and no error", async () => {
    const lake = new DataSetLake();
    try {
      for (const { identifier } of dataSets) {
        expect(await lake.rows(identifier), identifier).to.have.length(identifier === "cities" ? 2 : 0);
      }
    } finally {
      lake.remove();
    }
  });

  it("name the tables with their database, and have no parameter left", () => {
    for (const { sql, dataSet } of dataSetPlans(shownEnvironment(), "full")) {
      expect(sql, dataSet.identifier).to.match(/FROM "metercast_test"\.\w+/);
      expect(sql, dataSet.identifier).not.to.match(/:[a-z]/);
    }
  });

  it("take a name as text, whatever is in it", () => {
    const hostile = shownEnvironment({ cities: [city({ label: "O'Brien'); DROP TABLE x; -- <script>" })] });
    const [first] = dataSetPlans(hostile, "full");
    expect(first?.sql).to.contain("'O''Brien''); DROP TABLE x; -- <script>'");
  });

  it("are all in SPICE when they are refreshed whole", () => {
    for (const { mode } of dataSetPlans(shownEnvironment(), "full")) {
      expect(mode).to.deep.equal({ import: "SPICE", refresh: "full" });
    }
  });

  it("that have a time reach back further than their SQL when a refresh is incremental, and the others are asked directly", () => {
    const plans = dataSetPlans(shownEnvironment(), "incremental");
    const direct = plans.filter(({ mode }) => mode.import === "DIRECT_QUERY").map(({ dataSet }) => dataSet.identifier);
    expect(direct).to.deep.equal(["buildings", "meters", "runs", "cities"]);
    for (const { sql, mode, dataSet } of plans) {
      if (mode.import !== "SPICE" || mode.refresh === "full") continue;
      const window = Number(/INTERVAL '(\d+)' DAY/.exec(sql)?.[1]);
      expect(mode.refresh.days, dataSet.identifier).to.be.above(window);
      expect(dataSet.columns[mode.refresh.since], dataSet.identifier).to.equal("time");
    }
    expect(Math.max(...daysOffered)).to.be.below(400);
  });
});

describe("The rows of the data set", () => {
  let lake: DataSetLake;
  beforeEach(() => {
    lake = new DataSetLake();
  });
  afterEach(() => lake.remove());

  const used = (dt: string, use: number, more: Values = {}): Values => ({
    ...{ building_id: 1, meter: 0, city: "Jacksonville", primary_use: "Office", hours: 24, dt, use },
    ...more,
  });

  it("use_by_day tell days back from the latest, and which days are over in every city", async () => {
    const london: Values = { building_id: 105, city: "London", meter: 2, primary_use: null };
    await lake.put(
      "use_by_day",
      used("2018-12-08", 1, { hours: 6 }),
      used("2018-12-09", 10),
      used("2018-12-10", 4, { hours: 11 }),
      used("2018-12-09", 7, london),
      used("2018-12-10", 8, london),
      used("2018-11-09", 5, { building_id: 9, city: "silent since" }),
      used("2017-10-01", 99),
    );
    const told = await lake.told("use_by_day", "city", "meter_type", "building", "day", "days_ago", "day_kind", "use");
    expect(told).to.deep.equal([
      ["Jacksonville, FL", "electricity", "1 Office", "2018-12-08T00:00:00.000Z", 2, "partial", 1],
      ["Jacksonville, FL", "electricity", "1 Office", "2018-12-09T00:00:00.000Z", 1, "whole", 10],
      ["Jacksonville, FL", "electricity", "1 Office", "2018-12-10T00:00:00.000Z", 0, "open", 4],
      ["London, England", "steam", "105 not registered", "2018-12-09T00:00:00.000Z", 1, "whole", 7],
      ["London, England", "steam", "105 not registered", "2018-12-10T00:00:00.000Z", 0, "open", 8],
      ["silent since", "electricity", "9 Office", "2018-11-09T00:00:00.000Z", 31, "whole", 5],
    ]);
  });

  it("use_by_hour are on the city's clock, with its weekday and hour", async () => {
    await lake.put("use_by_hour", {
      ...{ building_id: 1, meter: 0, city: "Jacksonville", primary_use: "Office", use: 3, dt: "2018-12-10" },
      ...{ hour: hourOf("2018-12-10", 3), local_hour: hourOf("2018-12-09", 22) },
    });
    expect(
      await lake.told("use_by_hour", "hour", "day", "hour_of_day", "weekday", "weekday_number", "days_ago", "use"),
    ).to.deep.equal([["2018-12-09T22:00:00.000Z", "2018-12-09T00:00:00.000Z", 22, "Sun", 7, 1, 3]]);
  });

  const compared = (
    hour: number,
    ahead: number,
    predicted: number,
    reading: number | null,
    more: Values = {},
  ): Values => ({
    ...{ building_id: 1, meter: 0, city: "Jacksonville", hours_ahead: ahead, predicted, reading, model_version: "m" },
    ...{ run_id: "r", timestamp: hourOf("2018-12-10", hour), forecast_start: hourOf("2018-12-10", hour - ahead + 1) },
    ...{ dt: hourOf("2018-12-10", hour).slice(0, 10) },
    ...more,
  });

  it("forecasts compare a measured hour with what was expected a day ahead, and show the latest of one to come", async () => {
    await lake.put(
      "predictions_vs_readings",
      compared(5, 1, 11, 10),
      compared(5, 24, 14, 10),
      compared(5, 25, 99, 10),
      compared(20, 20, 7, null),
      compared(20, 3, 6, null),
      compared(2, 2, 5, null),
    );
    expect(await lake.told("forecasts", "hour", "kind", "expected", "measured", "off", "days_ago")).to.deep.equal([
      ["2018-12-09T21:00:00.000Z", "missing", 5, null, null, 1],
      ["2018-12-10T00:00:00.000Z", "measured", 14, 10, 4, 0],
      ["2018-12-10T15:00:00.000Z", "ahead", 6, null, null, 0],
    ]);
  });

  it("forecasts set a difference against the series' mean expected use", async () => {
    await lake.put("predictions_vs_readings", compared(5, 1, 30, 20), compared(6, 2, 10, 20));
    expect(await lake.told("forecasts", "difference_share", "error_share")).to.deep.equal([
      [-0.5, 0.5],
      [0.5, 0.5],
    ]);
  });

  it("errors say how the latest week stands, city by city", async () => {
    const week = (dt: string, more: Values = {}): Values => ({
      ...{ meter: 0, city: "Jacksonville", elements: 1, rmsle: 9, bias: 9, week_elements: 7, week_rmsle: 0.6 },
      ...{ week_bias: 0.1, reference: 0.5, ratio: 1.2, dt },
      ...more,
    });
    await lake.put(
      "monitor",
      week("2018-12-09"),
      week("2018-12-10", { ratio: 1.4, since: "2018-12-08" }),
      week("2018-12-10", { city: "London", meter: 2 }),
      week("2018-12-10", { city: "(all)" }),
    );
    expect(await lake.told("errors", "city", "day", "rmsle", "latest_ratio", "drift", "drifted_since")).to.deep.equal([
      ["Jacksonville, FL", "2018-12-09T00:00:00.000Z", 0.6, null, "earlier", null],
      ["Jacksonville, FL", "2018-12-10T00:00:00.000Z", 0.6, 1.4, "drifted", "2018-12-08T00:00:00.000Z"],
      ["London, England", "2018-12-10T00:00:00.000Z", 0.6, 1.2, "within", null],
    ]);
  });

  it("buildings set use against floor area, and against at least three of their kind", async () => {
    const area = 1000 / 0.09290304;
    for (const [id, use] of [
      [1, 24],
      [2, 48],
      [3, 96],
    ] as const) {
      await lake.put("buildings", { building_id: id, site_id: 0, primary_use: "Office", square_feet: area });
      await lake.put("use_by_day", used("2018-12-10", use, { building_id: id }));
    }
    await lake.put(
      "use_by_day",
      used("2018-12-10", 5, { building_id: 9, primary_use: "Parking" }),
      used("2018-11-01", 1e6),
    );
    const rows = await lake.rows("buildings");
    const told = rows.map((row) => [row["building"], row["use_per_day"], row["times_peers"]]).sort();
    expect(told).to.deep.equal([
      ["1 Office", 24, 0.5],
      ["2 Office", 48, 1],
      ["3 Office", 96, 2],
      ["9 Parking", 5, null],
    ]);
    const second = rows.find((row) => row["building"] === "2 Office");
    expect(second?.["floor_area"]).to.be.closeTo(1000, 1e-9);
    expect(second?.["intensity"]).to.be.closeTo((48 / 24) * 8.76, 1e-9);
  });

  const cleaned = (building: number, hour: number, more: Values = {}): Values => ({
    ...{ building_id: building, meter: 0, city: "Jacksonville", meter_reading: 5, site_id: 0, quality: "good" },
    ...{ timestamp: hourOf("2018-12-10", hour), dt: hourOf("2018-12-10", hour).slice(0, 10) },
    ...more,
  });

  it("meters say which are silent, stuck, zero or wrong, and until when each was well", async () => {
    await lake.put(
      "readings_cleaned",
      ...[1, 2, 3, 4].map((building) => cleaned(building, 20)),
      cleaned(5, -4),
      cleaned(6, -30),
      cleaned(6, 20, { quality: "stuck" }),
      cleaned(7, 20, { quality: "zero_run", meter_reading: 0 }),
      cleaned(8, 19, { quality: "spike" }),
      cleaned(8, 20),
      cleaned(9, 20, { quality: "unregistered" }),
      cleaned(10, -8 * 24, { quality: "negative" }),
      cleaned(10, 20),
    );
    await lake.put("buildings", { building_id: 6, site_id: 0, primary_use: "Office" });
    const rows = await lake.rows("meters");
    const told = rows
      .filter((row) => row["state"] !== "well")
      .sort((a, b) => Number(a["state_number"]) - Number(b["state_number"]));
    expect(told.map((row) => [row["building"], row["state"], row["silent_hours"], row["well_until"]])).to.deep.equal([
      ["5 not registered", "silent", 24, "2018-12-09T15:00:00.000Z"],
      ["6 Office", "stuck", 0, "2018-12-08T13:00:00.000Z"],
      ["7 not registered", "zero", 0, null],
      ["8 not registered", "wrong values", 0, "2018-12-10T15:00:00.000Z"],
      ["9 not registered", "not registered", 0, "2018-12-10T15:00:00.000Z"],
    ]);
    expect(rows).to.have.length(10);
  });

  it("elements count each once, by what became of it and on which day it came", async () => {
    const arrived = (record_id: string, more: Values = {}): Values => ({
      ...{ record_id, position: 0, city: "Jacksonville", received: 1, dt: today },
      ...more,
    });
    await lake.put("readings_landing", arrived("a"), arrived("a"), arrived("b"), arrived("b", { position: 1 }));
    await lake.put("weather_landing", arrived("w", { city: "London" }));
    const left = { pipeline: "readings" };
    await lake.put(
      "left_out_landing",
      arrived("c", { ...left, ended: "dropped", by: "filter: x" }),
      arrived("c", { ...left, ended: "dropped", by: "filter: x" }),
      arrived("d", { ...left, city: null, ended: "rejected", reason: "not JSON" }),
    );
    await lake.put("delivery_failures", {
      pipeline: "weather",
      error_type: "processing-failed",
      dt: today,
      errorcode: "Lambda.Failed",
    });
    expect(await lake.told("elements", "pipeline", "city", "ended", "cause", "elements", "days_ago")).to.deep.equal([
      ["readings", "Jacksonville, FL", "dropped", "filter: x", 1, 0],
      ["readings", "Jacksonville, FL", "stored", "", 3, 0],
      ["readings", "no city", "rejected", "not JSON", 1, 0],
      ["weather", "London, England", "stored", "", 1, 0],
      ["weather", "no city", "rejected", "Lambda.Failed", 1, 0],
    ]);
  });

  it("runs and cities say what was forecast, and how fresh it is", async () => {
    const predicted = (run_id: string, hour: number, more: Values = {}): Values => ({
      ...{ building_id: 1, meter: 0, city: "Jacksonville", predicted: 1, model_version: "m1", run_id },
      ...{ timestamp: hourOf("2018-12-10", hour), forecast_start: hourOf("2018-12-10", 5), dt: "2018-12-10" },
      ...more,
    });
    await lake.put(
      "predictions",
      predicted("r1", 5),
      predicted("r1", 6),
      predicted("r2", 7, { building_id: 105, city: "London" }),
    );
    await lake.put("readings_cleaned", cleaned(1, 4), cleaned(105, 1, { city: "London" }));
    await lake.put("readings_landing", {
      record_id: "a",
      position: 0,
      city: "London",
      received: 1_544_065_200_000,
      dt: today,
    });
    expect(await lake.told("runs", "run", "series", "predictions", "forecast_end", "model")).to.deep.equal([
      ["r1", 1, 2, hourOf("2018-12-10", 6), "m1"],
      ["r2", 1, 1, hourOf("2018-12-10", 7), "m1"],
    ]);
    expect(
      await lake.told("cities", "city", "meters", "last_reading", "last_arrival", "forecast_end", "behind_hours"),
    ).to.deep.equal([
      ["Jacksonville, FL", 1, hourOf("2018-12-09", 23), null, hourOf("2018-12-10", 1), 0],
      ["London, England", 1, hourOf("2018-12-10", 1), "2018-12-06T03:00:00.000Z", hourOf("2018-12-10", 7), 3],
    ]);
  });
});
