import { expect } from "chai";
import { weatherFeatureNames, weatherFeatures } from "../../features/weather.ts";
import { trailingStatistics } from "../../features/windows.ts";
import { weatherColumns } from "../../features/weather-columns.ts";
import { expectClose, hourly, reordered, series } from "./builders.ts";
import { publishedCases, reference } from "./reference.ts";
import type { WeatherCase } from "./reference.ts";

const start = "2018-12-03T00:00:00Z";

function expectReference({ start_utc, hours, missing_hours, input, filled, savgol, rolling24 }: WeatherCase): void {
  const features = weatherFeatures(hourly(start_utc, input, missing_hours));
  expect(features).to.include({ from: Date.parse(start_utc), hours });
  for (const column of weatherColumns) expectClose(features.columns.get(column), filled[column], column);
  for (const [name, values] of Object.entries(savgol)) expectClose(features.columns.get(name), values, name);
  expect(Object.keys(rolling24)).to.have.length(6);
  for (const [column, statistics] of Object.entries(rolling24)) {
    for (const statistic of ["mean", "max", "min", "std"] as const) {
      const name = `${column}_${statistic}24`;
      expectClose(features.columns.get(name), statistics[statistic], name);
    }
  }
}

describe("weather features", () => {
  it("are those of scipy and pandas for 60 made-up hours with gaps", () => {
    expectReference(reference.weather_60h);
  });

  it("are those of scipy and pandas for the published weather of December 2018", function () {
    const cases = publishedCases();
    if (cases === undefined) return this.skip();
    expect(Object.keys(cases)).to.have.length(3);
    for (const one of Object.values(cases)) expectReference(one);
  });

  it("have the names and the order that are listed, each with a value per hour", () => {
    const { columns, hours } = weatherFeatures(hourly(start, { air_temperature: [1, 2, 3] }));
    expect([...columns.keys()]).to.deep.equal([...weatherFeatureNames]);
    expect(new Set(weatherFeatureNames).size).to.equal(7 + 6 + 24 + 3 + 4);
    for (const column of columns.values()) expect(column).to.have.length(hours);
  });

  it("have means of temperature over 3, 72 and 168 hours, and degree hours from 18 and to 15 degrees", () => {
    const air = Array.from({ length: 200 }, (_, hour) => 16.5 + 9 * Math.sin(hour / 7));
    const { columns } = weatherFeatures(hourly(start, { air_temperature: air }));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const at of [0, 1, 50, 199]) {
      const last = (hours: number) => air.slice(Math.max(0, at - hours + 1), at + 1);
      for (const hours of [3, 24, 72, 168]) {
        const name = `air_temperature_mean${hours}`;
        expect(columns.get(name)?.[at], name).to.be.closeTo(mean(last(hours)), 1e-9);
      }
      for (const hours of [24, 168]) {
        const cooling = mean(last(hours).map((degrees) => Math.max(0, degrees - 18)));
        const heating = mean(last(hours).map((degrees) => Math.max(0, 15 - degrees)));
        expect(columns.get(`cooling_degrees_mean${hours}`)?.[at]).to.be.closeTo(cooling, 1e-9);
        expect(columns.get(`heating_degrees_mean${hours}`)?.[at]).to.be.closeTo(heating, 1e-9);
      }
    }
  });

  it("reach to the hour that is asked for, filled from the dates before it and never further than three back", () => {
    const until = Date.parse("2018-12-07T05:30:00Z");
    const features = weatherFeatures(hourly(start, { air_temperature: [4, 6] }), until);
    expect(features.hours).to.equal(4 * 24 + 6);
    expect(features.lastObserved).to.equal(Date.parse("2018-12-03T01:00:00Z"));
    const air = features.columns.get("air_temperature");
    expect(air?.[2]).to.equal(5);
    expect(air?.[4 * 24 - 1]).to.equal(5);
    expect(air?.[4 * 24]).to.be.NaN;
    expect(features.columns.get("air_smooth")?.[4 * 24]).to.be.NaN;
  });

  it("end with the last observation where less is asked for", () => {
    expect(weatherFeatures(hourly(start, { air_temperature: [1, 2, 3] }), Date.parse(start)).hours).to.equal(3);
  });

  it("of a site without observations are empty", () => {
    const features = weatherFeatures(hourly(start, { air_temperature: [] }), Date.parse(start));
    expect(features.hours).to.equal(0);
    expect(features.from).to.be.NaN;
  });
});

describe("weather on its own grid, not on rows of readings", () => {
  // The demo ran its windows over joined rows in file order, so that 24 rows of 24 buildings passed for 24 hours.
  it("gives the same features whatever the order of the rows", () => {
    const { start_utc, input, missing_hours } = reference.weather_60h;
    const observations = hourly(start_utc, input, missing_hours);
    const rows = observations.timestamp.length;
    const order = Array.from({ length: rows }, (_, row) => (row * 17) % rows);
    expect(new Set(order).size).to.equal(rows);
    expect(weatherFeatures(reordered(observations, order))).to.deep.equal(weatherFeatures(observations));
  });

  it("counts hours, not rows: copies of an hour and a gap do not shorten or lengthen a window", () => {
    const air = Array.from({ length: 60 }, (_, hour) => (hour === 0 ? 1000 : hour));
    const observations = hourly(start, { air_temperature: air }, [10, 11]);
    const rows = Array.from(observations.timestamp, (_, row) => row);
    const { columns } = weatherFeatures(reordered(observations, [...rows, ...rows, ...rows]));
    const max = columns.get("air_temperature_max24");
    expect(max?.[23]).to.equal(1000);
    expect(max?.[24]).to.equal(24);
  });
});

describe("windows of 24 hours", () => {
  for (const [name, { input, ...expected }] of Object.entries(reference.rolling24)) {
    it(`are those of pandas: ${name.replaceAll("_", " ")}`, () => {
      const actual = trailingStatistics(series(input), 24);
      for (const statistic of ["mean", "max", "min", "std"] as const) {
        expectClose(actual[statistic], expected[statistic], statistic);
      }
    });
  }

  it("keep the digits of a deviation that is small beside its mean", () => {
    const pressure = Float64Array.from({ length: 24 }, (_, hour) => 1e8 + (hour % 2) * 1e-3);
    const { std } = trailingStatistics(pressure, 24);
    // Twelve of each: the deviation is half of the difference times the root of 24/23.
    const difference = (pressure[1] ?? NaN) - 1e8;
    expect(std[23]).to.be.closeTo((difference / 2) * Math.sqrt(24 / 23), 1e-9);
  });
});
