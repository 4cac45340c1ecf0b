import { describeParquet, ParquetError, readParquet, writeParquet } from "../parquet/index.ts";
import type { ParquetFile, WrittenColumn } from "../parquet/index.ts";
import type { FeatureTable } from "./feature-table.ts";
import { featureTableVersion } from "./feature-table.ts";

/** Key of the file's metadata that says by which {@link featureTableVersion} it was made. */
const versionKey = "metercast.features";

const keyColumns = {
  building_id: "number",
  meter: "number",
  city: "text",
  timestamp: "number",
  forecast_start: "number",
  hours_ahead: "number",
  reading: "number",
} as const;

/** A feature table of a city as it is read from its file. */
export interface StoredFeatureTable {
  /** Of the code that made it. */
  version: string;
  /** null for a table without rows. */
  city: string | null;
  table: FeatureTable;
}

/**
 * A feature table as a Parquet file: what a row is about, the reading where it is known, then a column per feature, in
 * which NaN is missing.
 */
export function writeFeatureTable({ rows, keys, reading, columns }: FeatureTable, city: string): Uint8Array {
  const written: WrittenColumn[] = [
    { name: "building_id", kind: "int", data: keys.building_id },
    { name: "meter", kind: "int", data: keys.meter },
    { name: "city", kind: "text", data: new Array<string>(rows).fill(city) },
    { name: "timestamp", kind: "timestamp", data: keys.timestamp },
    { name: "forecast_start", kind: "timestamp", data: keys.forecast_start },
    { name: "hours_ahead", kind: "int", data: keys.hours_ahead },
    { name: "reading", kind: "double", data: reading },
  ];
  for (const [name, data] of columns) written.push({ name, kind: "double", data, missing: "NaN" });
  return writeParquet(written, { [versionKey]: featureTableVersion });
}

/**
 * The version, the number of rows and the columns of a feature table in its file, without reading its rows.
 *
 * @throws ParquetError for a damaged file, and for one that was not written by {@link writeFeatureTable}
 */
export function describeFeatureTable(file: ParquetFile): { version: string; rows: number; columns: string[] } {
  const { rows, columns, metadata } = describeParquet(file);
  return { version: versionIn(metadata, file), rows, columns };
}

function versionIn(metadata: ReadonlyMap<string, string>, { name }: ParquetFile): string {
  const version = metadata.get(versionKey);
  if (version === undefined) throw new ParquetError(name, `is no feature table: it has no metadata ${versionKey}.`);
  return version;
}

/**
 * Reads a feature table back.
 *
 * @param features those that are wanted
 * @throws ParquetError for a damaged file, one that was not written by {@link writeFeatureTable}, and a feature that it
 * does not have
 */
export async function readFeatureTable(file: ParquetFile, features: readonly string[]): Promise<StoredFeatureTable> {
  const wanted: Record<string, "number"> = Object.fromEntries(features.map((name) => [name, "number"]));
  const { rows, columns: read, metadata } = await readParquet([file], { ...wanted, ...keyColumns });
  const version = versionIn(metadata, file);
  const columns = read as Record<string, Float64Array> & typeof read;
  return {
    version,
    city: read.city[0] ?? null,
    table: {
      rows,
      columns: new Map(features.map((name) => [name, columns[name]!])),
      keys: {
        building_id: Int32Array.from(read.building_id),
        meter: Int32Array.from(read.meter),
        timestamp: read.timestamp,
        forecast_start: read.forecast_start,
        hours_ahead: Int32Array.from(read.hours_ahead),
      },
      reading: read.reading,
    },
  };
}
