import { forWeatherColumns, hourMs, weatherColumns } from "./weather-columns.ts";
import type { WeatherValues } from "./weather-columns.ts";

/** Observations of one site as they were stored, in any order. */
export interface Observations {
  /** Epoch ms, not necessarily on the hour. */
  timestamp: ArrayLike<number>;
  /** Epoch ms of the arrival; decides between observations of one stamp. Without it the later row wins. */
  received?: ArrayLike<number>;
  /** NaN is missing. */
  values: Readonly<WeatherValues>;
}

/** One row per hour, without gaps, from the first to the last observation of one site. */
export interface WeatherGrid {
  /** Epoch ms of the first hour. */
  from: number;
  hours: number;
  /** Epoch ms of the last hour that has an observation; NaN without any. */
  lastObserved: number;
  values: WeatherValues;
}

/**
 * The hourly grid of a site in UTC. A stamp belongs to the hour that it lies in; of several in one hour the one with the
 * latest stamp stands, then the one that arrived last. An hour without any is a row of missing values.
 *
 * @param until epoch ms; the grid reaches at least to the hour that it lies in, when there is any observation before it
 */
export function weatherGrid(observations: Observations, until?: number): WeatherGrid {
  const { timestamp, received, values } = observations;
  const rows = timestamp.length;
  let first = Infinity;
  let lastObserved = -Infinity;
  for (let row = 0; row < rows; row++) {
    const hour = hourOf(timestamp[row] ?? NaN);
    if (hour < first) first = hour;
    if (hour > lastObserved) lastObserved = hour;
  }
  if (first === Infinity) {
    return { from: NaN, hours: 0, lastObserved: NaN, values: forWeatherColumns(() => new Float64Array(0)) };
  }
  const last = Math.max(lastObserved, until === undefined ? -Infinity : hourOf(until));
  const hours = last - first + 1;
  const chosen = new Int32Array(hours).fill(-1);
  for (let row = 0; row < rows; row++) {
    const stamp = timestamp[row] ?? NaN;
    if (Number.isNaN(stamp)) continue;
    const index = hourOf(stamp) - first;
    const rival = chosen[index] ?? -1;
    if (rival === -1 || isLater(row, rival)) chosen[index] = row;
  }

  function isLater(row: number, than: number): boolean {
    const difference = (timestamp[row] ?? NaN) - (timestamp[than] ?? NaN);
    if (difference !== 0 || received === undefined) return difference >= 0;
    return (received[row] ?? NaN) >= (received[than] ?? NaN);
  }

  const grid = forWeatherColumns(() => new Float64Array(hours));
  for (const column of weatherColumns) {
    const source = values[column];
    const target = grid[column];
    for (let index = 0; index < hours; index++) {
      const row = chosen[index] ?? -1;
      const value = row === -1 ? NaN : (source[row] ?? NaN);
      target[index] = Number.isFinite(value) ? value : NaN;
    }
  }
  return { from: first * hourMs, hours, lastObserved: lastObserved * hourMs, values: grid };
}

function hourOf(epochMs: number): number {
  return Math.floor(epochMs / hourMs);
}
