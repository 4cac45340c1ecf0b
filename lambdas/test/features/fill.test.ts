import { expect } from "chai";
import fc from "fast-check";
import { circularMean, fillWeather } from "../../features/fill.ts";
import { weatherGrid } from "../../features/grid.ts";
import type { Observations } from "../../features/grid.ts";
import { forWeatherColumns, hourMs, weatherColumns } from "../../features/weather-columns.ts";
import { weatherFeatures } from "../../features/weather.ts";
import { expectClose, hourly, reordered } from "./builders.ts";
import type { Listed } from "./builders.ts";
import { reference } from "./reference.ts";

const midnight = "2018-12-03T00:00:00Z";

function filled(observations: Observations, until?: string) {
  return fillWeather(weatherGrid(observations, until === undefined ? undefined : Date.parse(until)));
}

function nulls(count: number): null[] {
  return Array<null>(count).fill(null);
}

describe("the hourly grid", () => {
  it("has a row for each hour from the first to the last observation", () => {
    const grid = weatherGrid(hourly("2018-12-03T05:00:00Z", { air_temperature: [1, 2, null, 4] }, [1]));
    expect(grid).to.include({ from: Date.parse("2018-12-03T05:00:00Z"), hours: 4 });
    expectClose(grid.values.air_temperature, [1, null, null, 4], "air_temperature");
  });

  it("floors a stamp to its hour, before 1970 too", () => {
    const at = (...stamps: string[]): Observations => ({
      timestamp: stamps.map((stamp) => Date.parse(stamp)),
      values: forWeatherColumns(() => new Float64Array(stamps.length)),
    });
    expect(weatherGrid(at("2018-12-03T05:59:59.999Z")).from).to.equal(Date.parse("2018-12-03T05:00:00Z"));
    expect(weatherGrid(at("1969-12-31T23:30:00Z")).from).to.equal(-hourMs);
  });

  it("takes the observation with the latest stamp of an hour, then the one that arrived last", () => {
    const observations = (minutes: number[], received: number[]): Observations => ({
      timestamp: minutes.map((minute) => Date.parse(midnight) + minute * 60_000),
      received,
      values: forWeatherColumns(() => Float64Array.from(minutes, (_, row) => row)),
    });
    const chosen = (minutes: number[], received: number[]) =>
      weatherGrid(observations(minutes, received)).values.air_temperature[0];
    expect(chosen([10, 50, 30], [3, 1, 2])).to.equal(1);
    expect(chosen([20, 20, 20], [1, 3, 2])).to.equal(1);
    expect(chosen([20, 20], [5, 5])).to.equal(1);
  });

  it("takes what is not a finite number for missing", () => {
    const grid = weatherGrid({
      timestamp: [0],
      values: forWeatherColumns(() => Float64Array.of(Infinity)),
    });
    for (const column of weatherColumns) expect(grid.values[column][0]).to.be.NaN;
  });
});

describe("missing values of the weather", () => {
  it("are bridged by a line over at most six hours", () => {
    const six = filled(hourly(midnight, { air_temperature: [0, ...nulls(6), 7] })).air_temperature;
    expectClose(six, [0, 1, 2, 3, 4, 5, 6, 7], "six");
    const seven = filled(hourly(midnight, { air_temperature: [0, ...nulls(7), 8] })).air_temperature;
    expectClose(seven, [0, ...Array<number>(7).fill(4), 8], "seven");
  });

  it("are bridged in temperatures, pressure and wind speed only", () => {
    const column = [0, null, 6, 6, 6];
    const values = filled(hourly(midnight, Object.fromEntries(weatherColumns.map((name) => [name, column]))));
    const lines = weatherColumns.filter((name) => values[name][1] === 3);
    expect(lines).to.deep.equal(["air_temperature", "dew_temperature", "sea_level_pressure", "wind_speed"]);
    expect(values.cloud_coverage[1]).to.equal(4.5);
    expect(values.wind_direction[1]).to.be.closeTo(4.5, 0.01);
  });

  it("take the mean of what was observed that UTC date, which the bridged hours do not enter", () => {
    const air = filled(hourly(midnight, { air_temperature: [0, null, null, null, 8, ...nulls(8), 1] })).air_temperature;
    expect(air[2]).to.equal(4);
    expect(air[5]).to.equal(3);
  });

  it("take the mean of the nearest of the three dates before, and stay missing beyond", () => {
    const cloud = filled(hourly(midnight, { cloud_coverage: [2, 4] }), "2018-12-08T00:00:00Z").cloud_coverage;
    for (const day of [0, 1, 2, 3]) expect(cloud[day * 24 + 23], `day ${day}`).to.equal(3);
    expect(cloud[4 * 24]).to.be.NaN;
  });

  it("are never filled from a later date", () => {
    const cloud = filled(
      hourly(midnight, { cloud_coverage: [...nulls(24), 5] }),
      "2018-12-05T00:00:00Z",
    ).cloud_coverage;
    expectClose(cloud, [...nulls(24), ...Array<number>(25).fill(5)], "cloud_coverage");
  });

  it("keep years apart: the third of December takes nothing from the year before", () => {
    const year = 365 * 24;
    const list: Listed = [2, ...nulls(year - 1), null];
    expect(filled(hourly("2017-12-03T00:00:00Z", { cloud_coverage: list })).cloud_coverage[year]).to.be.NaN;
  });

  it("count a trace of rain as none, before any mean", () => {
    const rain = filled(hourly(midnight, { precip_depth_1_hr: [-1, 4, null] })).precip_depth_1_hr;
    expectClose(rain, [0, 4, 2], "precip_depth_1_hr");
  });

  it("of wind directions take the mean direction", () => {
    for (const { input, mean } of reference.circular_mean) {
      if (mean === null) expect(circularMean(input)).to.be.NaN;
      else expect(circularMean(input)).to.be.closeTo(mean, 1e-9);
    }
    expect(circularMean([359.999999999, 0]))
      .to.be.within(0, 360)
      .and.not.equal(360);
    const wind = filled(hourly(midnight, { wind_direction: [350, 10, null] })).wind_direction;
    expect(wind[2]).to.be.closeTo(0, 1e-9);
  });
});

const value = fc.option(fc.double({ min: -50, max: 50, noNaN: true }), { nil: null });
const values = fc.array(value, { minLength: 1, maxLength: 120 });

describe("filling, whatever is missing", () => {
  it("changes nothing that was observed, and nothing when it is done again from the same observations", () => {
    fc.assert(
      fc.property(values, (list) => {
        const observations = hourly(midnight, { air_temperature: list, wind_direction: list });
        const before = observations.values.air_temperature.slice();
        const once = filled(observations);
        expect(filled(observations)).to.deep.equal(once);
        expect(observations.values.air_temperature).to.deep.equal(before);
        list.forEach((observed, hour) => {
          if (observed !== null) expect(once.air_temperature[hour]).to.equal(observed);
        });
      }),
    );
  });

  it("leaves a table without gaps as it is", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 60 }), (list) => {
        const observations = hourly(midnight, Object.fromEntries(weatherColumns.map((column) => [column, list])));
        const { precip_depth_1_hr: rain, ...rest } = filled(observations);
        for (const [column, filledValues] of Object.entries(rest)) expectClose(filledValues, list, column);
        expectClose(
          rain,
          list.map((depth) => (depth === -1 ? 0 : depth)),
          "precip_depth_1_hr",
        );
      }),
    );
  });

  it("does not look at what comes after a date, but for a gap of six hours", () => {
    fc.assert(
      fc.property(values, values, (past, future) => {
        const alone = filled(hourly(midnight, { cloud_coverage: past }));
        const dates = Math.floor(past.length / 24) * 24;
        const together = filled(hourly(midnight, { cloud_coverage: [...past, ...future] }));
        expect(together.cloud_coverage.slice(0, dates)).to.deep.equal(alone.cloud_coverage.slice(0, dates));
      }),
    );
  });
});

describe("weather features of any series", () => {
  const rows = fc.uniqueArray(
    fc.record({
      minute: fc.integer({ min: 0, max: 3000 }),
      air: fc.double({ min: -40, max: 45, noNaN: true }),
      received: fc.integer({ min: 0, max: 1e6 }),
    }),
    { selector: ({ minute }) => minute, minLength: 1, maxLength: 80 },
  );
  const asObservations = (list: { minute: number; air: number; received: number }[]): Observations => ({
    timestamp: list.map(({ minute }) => Date.parse(midnight) + minute * 60_000),
    received: list.map(({ received }) => received),
    values: forWeatherColumns(() => Float64Array.from(list, ({ air }) => air)),
  });

  it("do not depend on the order of the rows", () => {
    fc.assert(
      fc.property(
        rows.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray([...list.keys()], { minLength: list.length })),
        ),
        ([list, order]) => {
          const observations = asObservations(list);
          expect(weatherFeatures(reordered(observations, order))).to.deep.equal(weatherFeatures(observations));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("have windows that hold their mean between the extremes, and no infinite value", () => {
    fc.assert(
      fc.property(rows, (list) => {
        const { columns, hours } = weatherFeatures(asObservations(list));
        const at = (name: string, hour: number) => columns.get(name)?.[hour] ?? NaN;
        for (let hour = 0; hour < hours; hour++) {
          const mean = at("air_temperature_mean24", hour);
          if (Number.isNaN(mean)) continue;
          expect(mean).to.be.within(at("air_temperature_min24", hour) - 1e-9, at("air_temperature_max24", hour) + 1e-9);
        }
        for (const column of columns.values()) {
          expect(column.every((number) => Number.isNaN(number) || Number.isFinite(number))).to.be.true;
        }
      }),
      { numRuns: 40 },
    );
  });
});
