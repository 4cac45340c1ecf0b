import { expect } from "chai";
import type { Observations } from "../../features/grid.ts";
import type { ReadingRows } from "../../features/series.ts";
import { forWeatherColumns, hourMs } from "../../features/weather-columns.ts";
import type { WeatherColumn } from "../../features/weather-columns.ts";

/** A list as JSON has it: null is missing. */
export type Listed = readonly (number | null)[];

export function series(list: Listed): Float64Array {
  return Float64Array.from(list, (value) => value ?? NaN);
}

/** Observations on consecutive hours; columns that are not given are missing. */
export function hourly(
  from: string,
  columns: Partial<Record<WeatherColumn, Listed>>,
  without: readonly number[] = [],
): Observations {
  const hours = Math.max(...Object.values(columns).map((list) => list.length));
  const kept = Array.from({ length: hours }, (_, hour) => hour).filter((hour) => !without.includes(hour));
  return {
    timestamp: Float64Array.from(kept, (hour) => Date.parse(from) + hour * hourMs),
    values: forWeatherColumns((column) => Float64Array.from(kept, (hour) => columns[column]?.[hour] ?? NaN)),
  };
}

/** Rows of observations in another order. */
export function reordered({ timestamp, received, values }: Observations, order: readonly number[]): Observations {
  const take = (list: ArrayLike<number>) => Float64Array.from(order, (row) => list[row] ?? NaN);
  return {
    timestamp: take(timestamp),
    ...(received === undefined ? {} : { received: take(received) }),
    values: forWeatherColumns((column) => take(values[column])),
  };
}

/** Holds each value to 1e-9, and missing to missing. */
export function expectClose(actual: Float64Array | undefined, expected: Listed, what: string): void {
  expect(actual, what).to.have.length(expected.length);
  expected.forEach((value, index) => {
    const got = actual?.[index] ?? NaN;
    if (value === null) expect(got, `${what}[${index}]`).to.be.NaN;
    else expect(got, `${what}[${index}]`).to.be.closeTo(value, 1e-9);
  });
}

/** When the forecasts of these tests begin. */
export const start = Date.parse("2018-12-17T00:00:00Z");

/** Hourly readings of two days before the start, of some series in turn. */
export function readingRows(
  series: readonly [building: number, meter: number][],
): Record<keyof ReadingRows, Float64Array> {
  const rows = series.flatMap(([building, meter]) =>
    Array.from({ length: 48 }, (_, hour) => [
      building,
      meter,
      start - (48 - hour) * hourMs,
      5 + ((hour * building) % 7),
    ]),
  );
  const column = (at: number) => Float64Array.from(rows, (row) => row[at] ?? NaN);
  return { building_id: column(0), meter: column(1), timestamp: column(2), meter_reading: column(3) };
}
