import type { WeatherGrid } from "./grid.ts";
import { dayMs, forWeatherColumns, hourMs } from "./weather-columns.ts";
import type { WeatherColumn, WeatherValues } from "./weather-columns.ts";

/** Columns that change slowly enough for a short gap to be bridged by a line. */
const interpolated: ReadonlySet<WeatherColumn> = new Set([
  "air_temperature",
  "dew_temperature",
  "sea_level_pressure",
  "wind_speed",
]);

/** Hours of the longest gap that is bridged by a line; beyond it the mean of the day is nearer (2016, five sites). */
const longestLine = 6;

/** Dates that a mean may be older than the hours that it fills. */
const datesBack = 3;

/** A mean wind vector that is shorter has no direction: 0 and 180 degrees. */
const shortestVector = 1e-9;

/**
 * Fills the missing values of a site's hourly grid. Per column: a trace of rain (-1) is 0; a gap of at most six hours
 * between two observations of a slow column is bridged by a line; what is missing then takes the mean of what was
 * observed on the same UTC date, or else on the nearest of the three dates before. The rest stays missing: nothing is
 * filled from a later date, and nothing with 0.
 *
 * The means are those of observations, never of filled values, so this starts from the raw grid each time. At the live
 * edge, where an hour has no observation after it, the value changes when the next one comes.
 */
export function fillWeather(grid: WeatherGrid): WeatherValues {
  return forWeatherColumns((column) => {
    const observed = column === "precip_depth_1_hr" ? withoutTraces(grid.values[column]) : grid.values[column];
    const filled = observed.slice();
    if (interpolated.has(column)) bridgeShortGaps(observed, filled);
    const mean = column === "wind_direction" ? circularMean : arithmeticMean;
    fillByDate(grid.from / hourMs, observed, filled, mean);
    return filled;
  });
}

function withoutTraces(precipitation: Float64Array): Float64Array {
  return precipitation.map((depth) => (depth === -1 ? 0 : depth));
}

function bridgeShortGaps(observed: Float64Array, filled: Float64Array): void {
  let before = -1;
  for (let index = 0; index < observed.length; index++) {
    const right = observed[index] ?? NaN;
    if (Number.isNaN(right)) continue;
    const missing = index - before - 1;
    if (before >= 0 && missing >= 1 && missing <= longestLine) {
      const left = observed[before] ?? NaN;
      for (let k = 1; k <= missing; k++) filled[before + k] = left + ((right - left) * k) / (missing + 1);
    }
    before = index;
  }
}

/** @param firstHour hours since the epoch of the first row */
function fillByDate(
  firstHour: number,
  observed: Float64Array,
  filled: Float64Array,
  mean: (values: Float64Array) => number,
): void {
  // Of the nearest date so far with an observation.
  let mostRecent = { date: -Infinity, mean: NaN };
  let start = 0;
  while (start < observed.length) {
    const date = Math.floor((firstHour + start) / hoursOfDate);
    const end = Math.min(observed.length, (date + 1) * hoursOfDate - firstHour);
    const ofDate = observed.subarray(start, end).filter((value) => !Number.isNaN(value));
    if (ofDate.length > 0) mostRecent = { date, mean: mean(ofDate) };
    if (date - mostRecent.date <= datesBack) {
      for (let index = start; index < end; index++) {
        if (Number.isNaN(filled[index])) filled[index] = mostRecent.mean;
      }
    }
    start = end;
  }
}

const hoursOfDate = dayMs / hourMs;

function arithmeticMean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Mean of directions in degrees, from 0 up to 360; NaN where they cancel each other. */
export function circularMean(degrees: ArrayLike<number>): number {
  let east = 0;
  let north = 0;
  for (let index = 0; index < degrees.length; index++) {
    const radians = ((degrees[index] ?? NaN) * Math.PI) / 180;
    east += Math.sin(radians);
    north += Math.cos(radians);
  }
  if (Math.hypot(east, north) / degrees.length < shortestVector) return NaN;
  const mean = (Math.atan2(east, north) * 180) / Math.PI;
  // A mean just below 0 would be rounded to 360.
  return mean < 0 ? (mean + 360) % 360 : mean;
}
