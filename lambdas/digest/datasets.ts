import { readParquet, type ColumnKind, type ParquetTable } from "../parquet/index.ts";
import { filesOf } from "../publish/manifest.ts";
import { currentFolder, manifestKey } from "../run/layout.ts";
import { parseLocation, type Storage } from "../storage/index.ts";

export type Lake = Pick<Storage, "find" | "get" | "list">;

type Wanted = Readonly<Record<string, ColumnKind>>;

/** Days of a dataset that have rows, YYYY-MM-DD, in order. */
export async function daysOf(storage: Lake, bucket: string, dataset: string): Promise<string[]> {
  const manifests = await storage.list(bucket, `${currentFolder(dataset)}/`);
  return manifests
    .filter(({ size }) => size > 0)
    .flatMap(({ key }) => /\/dt=(\d{4}-\d{2}-\d{2})\/manifest$/.exec(key)?.[1] ?? [])
    .sort();
}

/** The current files of a dataset's day as tables, one after the other: a day of a large fleet has many. */
export async function* tablesOfDay<const W extends Wanted>(
  storage: Lake,
  bucket: string,
  dataset: string,
  day: string,
  wanted: W,
): AsyncGenerator<ParquetTable<W>> {
  const manifest = await storage.find({ bucket, key: manifestKey(dataset, day) });
  for (const name of filesOf(manifest?.bytes ?? new Uint8Array(0))) {
    const { bytes } = await storage.get(parseLocation(name));
    yield await readParquet([{ name, bytes }], wanted);
  }
}

/** Days of the comparison back from its last in which the latest forecasts start: it reaches seven days ahead at most. */
const forecastDays = 8;

/** Predictions of each city's latest forecast, one file per city. */
export async function* latestForecasts<const W extends Wanted>(
  storage: Lake,
  bucket: string,
  cities: readonly string[],
  wanted: W,
): AsyncGenerator<ParquetTable<W>> {
  const days = (await daysOf(storage, bucket, "predictions_vs_readings")).slice(-forecastDays);
  const listed = await Promise.all(days.map((day) => storage.list(bucket, `predictions/dt=${day}/`)));
  const keys = listed.flat().flatMap(({ key, size }) => (size > 0 ? [key] : []));
  for (const city of cities) {
    // Keys end in <city>-<forecast start as YYYYMMDDTHH>.parquet; a city's name may be the beginning of another's.
    const own = keys.filter((key) => /([^/]+)-\d{8}T\d{2}\.parquet$/.exec(key)?.[1] === city).sort();
    const key = own.at(-1);
    if (key === undefined) continue;
    const { bytes } = await storage.get({ bucket, key });
    yield await readParquet([{ name: `s3://${bucket}/${key}`, bytes }], wanted);
  }
}
