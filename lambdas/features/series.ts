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
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < timestamp.length; row++) {
    const key = building_id[row]! * metersPerBuilding + meter[row]!;
    if (Number.isNaN(key) || Number.isNaN(timestamp[row])) continue;
    const rows = rowsOf.get(key);
    if (rows === undefined) rowsOf.set(key, [row]);
    else rows.push(row);
  }
  const keys = Float64Array.from(rowsOf.keys()).sort();
  return Array.from(keys, (key) => {
    const rows = rowsOf.get(key)!;
    // stable: rows of one stamp stay in their order
    rows.sort((a, b) => timestamp[a]! - timestamp[b]!);
    const kept = rows.filter((row, at) => {
      const next = rows[at + 1];
      return next === undefined || hourOf(timestamp[next]!) !== hourOf(timestamp[row]!);
    });
    return {
      building_id: Math.floor(key / metersPerBuilding),
      meter: key % metersPerBuilding,
      timestamps: Float64Array.from(kept, (row) => timestamp[row]!),
      readings: Float64Array.from(kept, (row) => meter_reading[row]!),
    };
  });
}

function hourOf(epochMs: number): number {
  return Math.floor(epochMs / hourMs);
}
