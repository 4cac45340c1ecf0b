import { expect } from "chai";
import { featureTable, FeatureError, featureNames } from "../../features/feature-table.ts";
import type { FeatureInputs, Forecast } from "../../features/feature-table.ts";
import { forWeatherColumns } from "../../features/weather-columns.ts";

const hourMs = 3_600_000;
const from = Date.UTC(2018, 10, 1);
const start = from + 20 * 24 * hourMs;

function inputs(reading: (hour: number) => number, hours = 22 * 24): FeatureInputs {
  const timestamp = Float64Array.from({ length: hours }, (_, i) => from + i * hourMs);
  const values = forWeatherColumns(() => timestamp.map((_, i) => 10 + Math.sin(i / 24)));
  return {
    site: { siteId: 3, timeZone: "America/New_York", holidays: ["2018-11-22"], observations: { timestamp, values } },
    buildings: new Map([
      [7, { building_id: 7, site_id: 3, primary_use: "Office", square_feet: 1000, year_built: 1990 }],
    ]),
    series: [{ building_id: 7, meter: 0, timestamps: timestamp, readings: timestamp.map((_, i) => reading(i)) }],
  };
}

const forecasts: Forecast[] = [
  { start, to: start + 24 * hourMs },
  { start: start + 24 * hourMs, to: start + 30 * hourMs },
];

describe("a table of features", () => {
  it("has a row per series, start and hour, with the reading where it is known", () => {
    const { rows, keys, reading, columns } = featureTable(
      inputs((i) => i),
      forecasts,
    );
    expect(rows).to.equal(30);
    expect([...columns.keys()]).to.deep.equal([...featureNames]);
    expect([keys.hours_ahead[0], keys.hours_ahead[23], keys.hours_ahead[24]]).to.deep.equal([1, 24, 1]);
    expect(keys.timestamp[24]).to.equal(start + 24 * hourMs);
    expect([reading[0], reading[29]]).to.deep.equal([480, 480 + 29]);
    expect(columns.get("past_last")?.[5]).to.be.closeTo(Math.log1p(479), 1e-12);
    expect(columns.get("past_last")?.[24]).to.be.closeTo(Math.log1p(503), 1e-12);
    expect(columns.get("building_age")?.[0]).to.equal(28);
    expect(columns.get("hour")?.[0]).to.equal(19);
  });

  it("does not change with the readings from the start on", () => {
    const one = featureTable(
      inputs((i) => i),
      forecasts.slice(0, 1),
    );
    const other = featureTable(
      inputs((i) => (i < 480 ? i : 5)),
      forecasts.slice(0, 1),
    );
    expect([...other.columns]).to.deep.equal([...one.columns]);
    expect(other.reading[3]).to.equal(5);
  });

  it("has the readings of its history only, however many there are before", () => {
    const { columns } = featureTable(
      inputs((i) => i),
      forecasts,
      { historyDays: 3 },
    );
    expect(columns.get("past_count")?.[0]).to.be.closeTo(Math.log1p(72), 1e-12);
  });

  it("has the features that are asked for, with the values that all together have", () => {
    const features = ["hour", "past_mean_7d", "site_id"];
    const some = featureTable(
      inputs((i) => i),
      forecasts,
      { features },
    );
    const all = featureTable(
      inputs((i) => i),
      forecasts,
    );
    expect([...some.columns.keys()]).to.deep.equal(features);
    for (const [name, column] of some.columns) expect(column).to.deep.equal(all.columns.get(name));
  });

  it("has rows for a series without a reading, of which nothing is known but what is static", () => {
    const { series, ...rest } = inputs((i) => i);
    const silent = [{ ...series[0]!, timestamps: [], readings: [] }];
    const { rows, columns, reading } = featureTable({ ...rest, series: silent }, forecasts);
    expect(rows).to.equal(30);
    expect(columns.get("past_count")?.[0]).to.equal(0);
    expect(columns.get("past_mean_7d")?.[0]).to.be.NaN;
    expect(columns.get("log_floor_area")?.[0]).to.be.closeTo(Math.log1p(1000), 1e-12);
    expect(reading[0]).to.be.NaN;
  });

  it("warns once of a building that is not registered", () => {
    const warnings: string[] = [];
    featureTable({ ...inputs((i) => i), buildings: new Map() }, forecasts, { warn: (line) => warnings.push(line) });
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include("Building 7");
  });

  it("refuses readings out of order, starts off the hour, and features that do not exist", () => {
    const { series, ...rest } = inputs((i) => i);
    const twice = [{ ...series[0]!, timestamps: [from, from + 60_000], readings: [1, 2] }];
    expect(() => featureTable({ ...rest, series: twice }, forecasts)).to.throw(FeatureError, /building 7, meter 0/);
    expect(() =>
      featureTable(
        inputs((i) => i),
        [{ start: start + 1, to: start + hourMs }],
      ),
    ).to.throw(FeatureError, /on the hour/);
    expect(() =>
      featureTable(
        inputs((i) => i),
        forecasts,
        { features: ["moon"] },
      ),
    ).to.throw(FeatureError, /moon/);
  });
});
