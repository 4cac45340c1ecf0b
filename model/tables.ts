import { mkdirSync, openSync, writeSync, closeSync } from "node:fs";
import { join } from "node:path";
import { staticColumnNames, StaticRows } from "../lambdas/features/site-features.ts";
import { pastColumnNames, SeriesPast } from "../lambdas/features/past.ts";
import type { Known } from "../lambdas/features/past.ts";
import type { MeasuredSeries } from "./measured.ts";

/** Rows of a series, by their indices, that a table is made of. */
export interface Rows<Series extends MeasuredSeries = MeasuredSeries> {
  series: Series;
  indices: Int32Array;
}

/** What is known when a row is predicted; undefined: nothing. */
export type KnownOf = (index: number) => { past: SeriesPast; known: Known } | undefined;

/**
 * Writes what is static, the target and the building of rows: 32-bit floats, one column after the other.
 *
 * @returns the target: ln(1 + reading)
 */
export function writeStatic(folder: string, rows: readonly Rows[]): Float64Array {
  const length = countOf(rows);
  const columns = newColumns(staticColumnNames, length);
  const target = new Float64Array(length);
  const building = new Float64Array(length);
  let row = 0;
  for (const { series, indices } of rows) {
    const hours = indices.map((i) => series.hours[i]!);
    new StaticRows(series.site, series.building, series.building.building_id, () => undefined).write(
      hours,
      columns,
      row,
    );
    for (let i = 0; i < indices.length; i++) target[row + i] = series.values[indices[i]!]!;
    building.fill(series.building.building_id, row, row + indices.length);
    row += indices.length;
  }
  writeColumns(folder, "static", [...columns.values()]);
  writeColumns(folder, "target", [target]);
  writeColumns(folder, "building", [building]);
  return target;
}

/** Writes what the past says of the same rows. @param knownOf asked once per series, for a function of its rows */
export function writePast<Series extends MeasuredSeries>(
  folder: string,
  name: string,
  rows: readonly Rows<Series>[],
  knownOf: (series: Series) => KnownOf,
): void {
  const columns = [...newColumns(pastColumnNames, countOf(rows)).values()];
  const nothing = { first: 0, end: 0, asOf: 0 };
  let row = 0;
  for (const { series, indices } of rows) {
    const knows = knownOf(series);
    const without = new SeriesPast(series.site.hours, series.meter, new Int32Array(0), new Float64Array(0));
    for (const index of indices) {
      const { past, known } = knows(index) ?? { past: without, known: nothing };
      past.describe(known, [series.hours[index]!], columns, row++);
    }
  }
  writeColumns(folder, `past-${name}`, columns);
}

/** The history that a series has in some of its rows. */
export function pastOf({ site, meter, hours, values }: MeasuredSeries, rows: (index: number) => boolean): SeriesPast {
  const kept = Int32Array.from(hours.keys()).filter(rows);
  return new SeriesPast(
    site.hours,
    meter,
    kept.map((i) => hours[i]!),
    Float64Array.from(kept, (i) => values[i]!),
  );
}

export function countOf(rows: readonly Rows[]): number {
  return rows.reduce((sum, { indices }) => sum + indices.length, 0);
}

function newColumns(names: readonly string[], length: number): Map<string, Float64Array> {
  return new Map(names.map((name) => [name, new Float64Array(length)]));
}

function writeColumns(folder: string, name: string, columns: readonly Float64Array[]): void {
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, `${name}.f32`), "w");
  try {
    for (const column of columns) writeSync(file, Float32Array.from(column));
  } finally {
    closeSync(file);
  }
}
