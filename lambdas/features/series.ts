import type { SeriesReadings } from "./feature-table.ts";
import { hourMs } from "./weather-columns.ts";

/** Readings of many series, a row each, in any order. */
export interface ReadingRows {
  building_id: ArrayLike<number>;
  meter: ArrayLike<number>;
  /** Epoch ms. */
  timestamp: ArrayLike<number>;
  meter_reading: ArrayLike<number>;
}

/** Meter codes are 0 to 3. */
const metersPerBuilding = 4;

/**
 * The readings by series, ordered by building, meter and time. Of several in one hour the one with the latest stamp
 * stands, of one stamp the later row. A row without building, meter or time belongs to no series.
 */
export function seriesOf({ building_id, meter, timestamp, meter_reading }: ReadingRows): SeriesReadings[] {
  const places = new Map<number, number>();
  const keys: number[] = [];
  const counts: number[] = [];
  const placeOf = new Int32Array(timestamp.length);
  for (let row = 0; row < timestamp.length; row++) {
    const key = building_id[row]! * metersPerBuilding + meter[row]!;
    if (Number.isNaN(key) || Number.isNaN(timestamp[row])) {
      placeOf[row] = -1;
      continue;
    }
    let place = places.get(key);
    if (place === undefined) {
      place = keys.length;
      places.set(key, place);
      keys.push(key);
      counts.push(0);
    }
    placeOf[row] = place;
    counts[place]!++;
  }
  const rowsOf = counts.map((count) => new Int32Array(count));
  const next = new Int32Array(keys.length);
  for (let row = 0; row < timestamp.length; row++) {
    const place = placeOf[row]!;
    if (place >= 0) rowsOf[place]![next[place]!++] = row;
  }
  return keys
    .map((key, place) => ({ key, rows: inOrderOfTime(rowsOf[place]!, timestamp) }))
    .sort((a, b) => a.key - b.key)
    .map(({ key, rows }) => ({
      building_id: Math.floor(key / metersPerBuilding),
      meter: key % metersPerBuilding,
      timestamps: taken(timestamp, rows),
      readings: taken(meter_reading, rows),
    }));
}

function taken(column: ArrayLike<number>, rows: Int32Array): Float64Array {
  const values = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) values[at] = column[rows[at]!]!;
  return values;
}

/** Rows by time, the last of each hour alone. They mostly come in that order, one per hour. */
function inOrderOfTime(rows: Int32Array, timestamp: ArrayLike<number>): Int32Array {
  const isLaterHour = (row: number, at: number) =>
    at === 0 || hourOf(timestamp[row]!) > hourOf(timestamp[rows[at - 1]!]!);
  if (rows.every(isLaterHour)) return rows;
  // stable: rows of one stamp stay in their order
  rows.sort((a, b) => timestamp[a]! - timestamp[b]!);
  return rows.filter((row, at) => {
    const next = rows[at + 1];
    return next === undefined || hourOf(timestamp[next]!) !== hourOf(timestamp[row]!);
  });
}

function hourOf(epochMs: number): number {
  return Math.floor(epochMs / hourMs);
}
