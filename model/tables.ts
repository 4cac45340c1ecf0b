import { mkdirSync, openSync, writeSync, closeSync } from "node:fs";
import { join } from "node:path";
import { staticColumnNames, StaticRows } from "../lambdas/features/site-features.ts";
import { pastColumnNames, SeriesPast } from "../lambdas/features/past.ts";
import type { Known } from "../lambdas/features/past.ts";
import type { MeasuredSeries } from "./measured.ts";
import { mostReadings, SeriesProcess } from "./process.ts";

/** Rows of a series, by their indices, that a table is made of. */
export interface Rows<Series extends MeasuredSeries = MeasuredSeries> {
  series: Series;
  indices: Int32Array;
}

/** What is known when a row is predicted; undefined: nothing. */
export type KnownOf = (index: number) => { past: SeriesPast; known: Known; process?: () => number } | undefined;

/** What a Gaussian process over the same readings says of a row, beside what the past says of it. */
export const processColumn = "process";

/** The columns of a table of the past. */
export const pastTableNames: readonly string[] = [...pastColumnNames, processColumn];

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

/**
 * Writes what the past says of the same rows, in one table for each name.
 *
 * @param knownOf asked once per series, for a function of its rows for each table
 */
export function writePast<Series extends MeasuredSeries>(
  folder: string,
  names: readonly string[],
  rows: readonly Rows<Series>[],
  knownOf: (series: Series) => KnownOf[],
): void {
  const length = countOf(rows);
  const tables = names.map(() => ({
    columns: [...newColumns(pastColumnNames, length).values()],
    process: new Float64Array(length).fill(NaN),
  }));
  let first = 0;
  for (const { series, indices } of rows) {
    const without = new SeriesPast(series.site.hours, series.meter, new Int32Array(0), new Float64Array(0));
    knownOf(series).forEach((knows, table) => {
      const { columns, process } = tables[table]!;
      for (let i = 0; i < indices.length; i++) {
        const index = indices[i]!;
        const of = knows(index);
        const known = of?.known ?? { first: 0, end: 0, asOf: 0 };
        (of?.past ?? without).describe(known, [series.hours[index]!], columns, first + i);
        if (of?.process !== undefined && known.end > known.first) process[first + i] = of.process();
      }
    });
    first += indices.length;
  }
  tables.forEach(({ columns, process }, table) => {
    writeColumns(folder, `past-${names[table]}`, [...columns, process]);
  });
}

/** Some rows of a series as the history that is known. */
export interface History {
  past: SeriesPast;
  /** Their indices in the series, ascending. */
  kept: Int32Array;
  hours: Int32Array;
  values: Float64Array;
}

/** The history that a series has in some of its rows. */
export function pastOf({ site, meter, hours, values }: MeasuredSeries, rows: (index: number) => boolean): History {
  const kept = Int32Array.from(hours.keys()).filter(rows);
  const hoursKept = kept.map((i) => hours[i]!);
  const valuesKept = Float64Array.from(kept, (i) => values[i]!);
  return { past: new SeriesPast(site.hours, meter, hoursKept, valuesKept), kept, hours: hoursKept, values: valuesKept };
}

/** The Gaussian process over a part of a history; undefined for one that is too long. */
export function processOf(
  { site, meter }: MeasuredSeries,
  { hours, values }: History,
  first = 0,
  end = hours.length,
): SeriesProcess | undefined {
  if (end - first > mostReadings) return undefined;
  return new SeriesProcess(site.hours, meter, hours.subarray(first, end), values.subarray(first, end));
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
