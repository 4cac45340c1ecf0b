import { expect } from "chai";
import { DatasetLake, hourly, hourOf } from "./dataset-lake.ts";

const day = "2018-12-03";

function predicted(start: number, hour: number, value: number, more: Record<string, string | number> = {}) {
  const forecast_start = hourOf(day, start);
  return {
    ...{ building_id: 1, meter: 0, city: "Jacksonville", model_version: "m1", run_id: "run" },
    ...more,
    timestamp: hourOf(day, hour),
    predicted: value,
    forecast_start,
    dt: forecast_start.slice(0, 10),
  };
}

function compared(hour: number, ahead: number, log_error: number | null, more: Record<string, string | number> = {}) {
  const timestamp = hourOf(day, hour);
  return {
    ...{ building_id: 1, meter: 0, city: "Jacksonville", hours_ahead: ahead, predicted: 1, reading: 1 },
    ...{ model_version: "m1", run_id: "run", forecast_start: hourOf(day, hour - ahead + 1) },
    ...more,
    timestamp,
    log_error,
    dt: timestamp.slice(0, 10),
  };
}

describe("predictions_vs_readings", () => {
  let lake: DatasetLake;
  beforeEach(() => {
    lake = new DatasetLake();
  });
  afterEach(() => lake.remove());

  it("set a prediction beside the reading of its hour", async () => {
    await lake.put("predictions", predicted(5, 5, Math.E - 1), predicted(5, 7, 3));
    await lake.put("readings_cleaned", ...hourly(day, { 5: 0, 6: 9 }));
    const rows = await lake.run("predictions_vs_readings");
    expect(rows.sort((a, b) => Number(a["hours_ahead"]) - Number(b["hours_ahead"]))).to.deep.equal([
      {
        ...{
          building_id: 1,
          meter: 0,
          city: "Jacksonville",
          timestamp: hourOf(day, 5),
          forecast_start: hourOf(day, 5),
        },
        ...{ hours_ahead: 1, predicted: Math.E - 1, reading: 0, log_error: 1 },
        ...{ model_version: "m1", run_id: "run", dt: day },
      },
      {
        ...{
          building_id: 1,
          meter: 0,
          city: "Jacksonville",
          timestamp: hourOf(day, 7),
          forecast_start: hourOf(day, 5),
        },
        ...{ hours_ahead: 3, predicted: 3, reading: null, log_error: null },
        ...{ model_version: "m1", run_id: "run", dt: day },
      },
    ]);
  });

  it("find what was predicted the day before, by the day of the predicted hour", async () => {
    await lake.put("predictions", predicted(-2, 3, 1), predicted(-2, -1, 1), predicted(20, 24, 1));
    const rows = await lake.run("predictions_vs_readings");
    expect(rows.map(({ timestamp, hours_ahead }) => [timestamp, hours_ahead])).to.deep.equal([[hourOf(day, 3), 6]]);
  });

  it("compare nothing with a negative reading, which is no use", async () => {
    await lake.put("predictions", predicted(5, 5, 1));
    await lake.put("readings_cleaned", ...hourly(day, { 5: -3 }, { quality: "negative" }));
    const [row] = await lake.run("predictions_vs_readings");
    expect([row?.["reading"], row?.["log_error"]]).to.deep.equal([null, null]);
  });
});

describe("errors_by_day", () => {
  it("sum up the errors per meter type and city, of hours that have a reading", async () => {
    const lake = new DatasetLake();
    try {
      await lake.put(
        "predictions_vs_readings",
        compared(1, 1, 0.5),
        compared(2, 2, -1.5),
        compared(3, 3, null),
        compared(1, 1, 2, { meter: 2 }),
        compared(1, 1, 3, { city: "London", building_id: 2 }),
        compared(25, 1, 9),
      );
      const rows = await lake.run("errors_by_day");
      const told = rows.map(({ meter, city, elements, squared_error, error, dt }) => [
        meter,
        city,
        elements,
        squared_error,
        error,
        dt,
      ]);
      expect(told.sort()).to.deep.equal([
        [0, "Jacksonville", 2, 2.5, -1, day],
        [0, "London", 1, 9, 3, day],
        [2, "Jacksonville", 1, 4, 2, day],
      ]);
    } finally {
      lake.remove();
    }
  });

  it("count of several forecasts of an hour the earliest that was made 24 hours ahead at most", async () => {
    const lake = new DatasetLake();
    try {
      await lake.put("predictions_vs_readings", compared(5, 1, 1), compared(5, 24, 2), compared(5, 25, 4));
      expect((await lake.run("errors_by_day")).map(({ elements, error }) => [elements, error])).to.deep.equal([[1, 2]]);
    } finally {
      lake.remove();
    }
  });
});

describe("monitor", () => {
  let lake: DatasetLake;
  beforeEach(() => {
    lake = new DatasetLake();
  });
  afterEach(() => lake.remove());

  /** Days of December with the RMSLE of each, of `elements` hours. */
  async function days(
    errors: Readonly<Record<number, number>>,
    more: Record<string, string | number> = {},
  ): Promise<void> {
    const rows = Object.entries(errors).map(([date, rmsle]) => {
      const elements = Number(more["elements"] ?? 10);
      return {
        ...{ meter: 0, city: "Jacksonville", elements, squared_error: rmsle ** 2 * elements, error: -rmsle * elements },
        ...more,
        dt: `2018-12-${date.padStart(2, "0")}`,
      };
    });
    await lake.put("errors_by_day", ...rows);
  }

  const month = { from: "2018-12-01", to: "2019-01-01" };

  async function monitored(city: string, meter = 0) {
    const rows = await lake.run("monitor", month);
    return rows
      .filter((row) => row["city"] === city && row["meter"] === meter)
      .sort((a, b) => ((a["dt"] as string) < (b["dt"] as string) ? -1 : 1));
  }

  it("has the day's error, and that of the week that ends with it, beside the model's own", async () => {
    await days({ 1: 1, 2: 0.5, 8: 0.5 });
    const [first, , last] = await monitored("Jacksonville");
    expect(first).to.deep.equal({
      ...{ meter: 0, city: "Jacksonville", elements: 10, rmsle: 1, bias: -1 },
      ...{ week_elements: 10, week_rmsle: 1, week_bias: -1, reference: 0.5, ratio: 2, since: "2018-12-01" },
      dt: "2018-12-01",
    });
    expect(last).to.include({ week_elements: 20, week_rmsle: 0.5, ratio: 1, since: null });
  });

  it("sets all cities together beside each of them, by their hours", async () => {
    await days({ 3: 1 }, { elements: 30 });
    await days({ 3: 2 }, { city: "London", elements: 10 });
    const [all] = await monitored("(all)");
    expect(all?.["elements"]).to.equal(40);
    expect(all?.["rmsle"]).to.be.closeTo(Math.sqrt((30 * 1 + 10 * 4) / 40), 1e-12);
  });

  it("says since when a week is past the threshold, and forgets it once one is not", async () => {
    await days({ 1: 0.5, 9: 1, 10: 1, 18: 0.5, 27: 0.7, 28: 0.7 });
    const rows = await monitored("Jacksonville");
    expect(rows.map(({ dt, since }) => [(dt as string).slice(8), since])).to.deep.equal([
      ["01", null],
      ["09", "2018-12-09"],
      ["10", "2018-12-09"],
      ["18", null],
      ["27", "2018-12-27"],
      ["28", "2018-12-27"],
    ]);
  });

  it("tells the same of a day whatever window it is asked for", async () => {
    await days({ 1: 0.5, 9: 1, 10: 1, 12: 1, 20: 1 });
    const whole = await lake.run("monitor", month);
    const one = await lake.run("monitor", { from: "2018-12-12", to: "2018-12-13" });
    expect(one).to.deep.equal(whole.filter(({ dt }) => dt === "2018-12-12"));
  });

  it("compares a meter type that the model's card lacks with nothing", async () => {
    await days({ 3: 1 }, { meter: 3 });
    const [row] = await monitored("Jacksonville", 3);
    expect(row).to.include({ reference: null, ratio: null, since: null, week_rmsle: 1 });
  });
});
