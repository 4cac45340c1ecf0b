import { expect } from "chai";
import { featureNames, featureTable } from "../../features/feature-table.ts";
import { seriesOf } from "../../features/series.ts";
import { dayMs, hourMs, weatherColumns } from "../../features/weather-columns.ts";
import { readingRows, start } from "./builders.ts";

describe("readings by series", () => {
  it("are in the order of building, meter and time, the latest stamp of an hour alone", () => {
    const at = (minutes: number) => start + minutes * 60_000;
    const series = seriesOf({
      building_id: [2, 1, 1, 1, 1, NaN],
      meter: [0, 3, 0, 0, 0, 0],
      timestamp: [at(0), at(0), at(70), at(10), at(50), at(0)],
      meter_reading: [1, 2, 3, 4, 5, 6],
    });
    expect(
      series.map(({ building_id, meter, readings }) => [building_id, meter, ...Array.from(readings)]),
    ).to.deep.equal([
      [1, 0, 5, 3],
      [1, 3, 2],
      [2, 0, 1],
    ]);
  });
});

describe("features of several series and sites", () => {
  const observations = (shift: number) => ({
    timestamp: Float64Array.from({ length: 9 * 24 }, (_, hour) => start - 8 * dayMs + hour * hourMs),
    values: Object.fromEntries(
      weatherColumns.map((name) => [name, Float64Array.from({ length: 9 * 24 }, (_, hour) => shift + (hour % 31))]),
    ) as Record<(typeof weatherColumns)[number], Float64Array>,
  });
  const forecasts = [{ start, to: start + dayMs }];
  const sites = {
    west: { siteId: 4, timeZone: "America/Los_Angeles", holidays: [], observations: observations(5) },
    east: { siteId: 1, timeZone: "Europe/London", holidays: ["2018-12-17"], observations: observations(-5) },
  };
  const series = seriesOf(
    readingRows([
      [1, 0],
      [1, 2],
      [9, 0],
    ]),
  );
  const made = (site: keyof typeof sites, of = series) =>
    featureTable({ site: sites[site], buildings: new Map(), series: of }, forecasts, { historyDays: 7 });

  it("are those of each alone: nothing of a series or a site lands on another's rows", () => {
    const first = made("west");
    made("east");
    expect(made("west")).to.deep.equal(first);
    series.forEach((one, index) => {
      const alone = made("west", [one]);
      for (const name of featureNames) {
        const rows = first.columns.get(name)?.slice(index * 24, (index + 1) * 24);
        expect(alone.columns.get(name), name).to.deep.equal(rows);
      }
    });
  });

  it("have the local hour and the weather of the same instant", () => {
    const { columns } = made("west");
    for (let row = 0; row < 24; row++) {
      expect(columns.get("hour")?.[row]).to.equal((16 + row) % 24);
      expect(columns.get("air_temperature")?.[row]).to.equal(5 + ((8 * 24 + row) % 31));
    }
  });
});
