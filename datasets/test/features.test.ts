import { expect } from "chai";
import { DatasetLake, hourly, hourOf } from "./dataset-lake.ts";

const day = "2018-12-03";

describe("feature_readings", () => {
  it("have one city's readings from the first instant up to, without, the last, whatever the days", async () => {
    const lake = new DatasetLake();
    try {
      await lake.put(
        "readings_cleaned",
        ...hourly(day, { [-1]: 1, 0: 2, 23: 3, 24: 4, 25: 5 }),
        ...hourly(day, { 1: 9 }, { city: "London", building_id: 2 }),
      );
      const rows = await lake.run("feature_readings", { from: hourOf(day, 0), to: hourOf(day, 25) });
      expect(rows.map(({ timestamp, meter_reading }) => [timestamp, meter_reading]).sort()).to.deep.equal([
        [hourOf(day, 0), 2],
        [hourOf(day, 23), 3],
        [hourOf(day, 24), 4],
      ]);
    } finally {
      lake.remove();
    }
  });

  it("leave out what has no logarithm, and keep what only looks odd; readings within an hour add up", async () => {
    const lake = new DatasetLake();
    try {
      const [a = {}, b = {}, c = {}, d = {}] = hourly(day, { 1: 1, 2: -2, 3: 900, 4: 0 });
      await lake.put(
        "readings_cleaned",
        a,
        { ...a, timestamp: "2018-12-03T01:45:00.000Z", meter_reading: 0.5 },
        { ...b, quality: "negative" },
        { ...c, quality: "spike" },
        { ...d, quality: "zero_run" },
      );
      const rows = await lake.run("feature_readings", { from: hourOf(day, 0), to: hourOf(day, 24) });
      expect(rows.map(({ timestamp, meter_reading }) => [timestamp, meter_reading]).sort()).to.deep.equal([
        [hourOf(day, 1), 1.5],
        [hourOf(day, 3), 900],
        [hourOf(day, 4), 0],
      ]);
    } finally {
      lake.remove();
    }
  });
});

describe("feature_weather", () => {
  it("have one site's weather, with what is missing", async () => {
    const lake = new DatasetLake();
    try {
      const observation = (site_id: number, hour: number) => ({
        site_id,
        timestamp: hourOf(day, hour),
        air_temperature: hour,
        dt: hourOf(day, hour).slice(0, 10),
      });
      await lake.put("weather_by_day", observation(0, 5), observation(0, 24), observation(0, 25), observation(1, 5));
      const rows = await lake.run("feature_weather", { site: 0, from: hourOf(day, 5), to: hourOf(day, 25) });
      expect(rows.map(({ air_temperature, wind_speed }) => [air_temperature, wind_speed]).sort()).to.deep.equal([
        [24, null],
        [5, null],
      ]);
    } finally {
      lake.remove();
    }
  });
});
