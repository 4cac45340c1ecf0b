import type { FeatureKeys } from "../features/feature-table.ts";
import { writeParquet } from "../parquet/index.ts";

/** Predictions of a feature table's rows. */
export interface Predictions {
  city: string;
  keys: Pick<FeatureKeys, "building_id" | "meter" | "timestamp" | "forecast_start">;
  /** In the meters' units. */
  predicted: Float64Array;
  /** Of the model. */
  version: string;
  run: string;
}

/** The predictions of one forecast, as they are stored. */
export interface PredictionsFile {
  key: string;
  rows: number;
  bytes: Uint8Array;
}

/**
 * The files of predictions: one for each start of a forecast, its rows in the order of building, meter and hour. A run
 * that is repeated writes the same keys and rows.
 */
export function* predictionsFiles(predictions: Predictions): Generator<PredictionsFile> {
  for (const [start, rows] of rowsByStart(predictions.keys)) {
    const bytes = fileOf(predictions, rows);
    yield { key: predictionsKey(predictions.city, start), rows: rows.length, bytes };
  }
}

/** @param start epoch ms, on the hour */
export function predictionsKey(city: string, start: number): string {
  const iso = new Date(start).toISOString();
  const hour = iso.slice(0, "2018-12-17T00".length).replaceAll("-", "");
  return `predictions/dt=${iso.slice(0, "2018-12-17".length)}/${city}-${hour}.parquet`;
}

/** Indices of the rows, by start in the order of time. */
function rowsByStart({ building_id, meter, timestamp, forecast_start }: Predictions["keys"]): [number, Int32Array][] {
  const byStart = Map.groupBy(forecast_start.keys(), (row) => forecast_start[row]!);
  const ordered = (a: number, b: number): number =>
    building_id[a]! - building_id[b]! || meter[a]! - meter[b]! || timestamp[a]! - timestamp[b]!;
  return [...byStart]
    .sort(([a], [b]) => a - b)
    .map(([start, rows]): [number, Int32Array] => [start, Int32Array.from(rows).sort(ordered)]);
}

function fileOf({ city, keys, predicted, version, run }: Predictions, rows: Int32Array): Uint8Array {
  const int = (values: Int32Array): Int32Array => rows.map((row) => values[row]!);
  const double = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]!);
  const text = (value: string): string[] => new Array<string>(rows.length).fill(value);
  return writeParquet([
    { name: "building_id", kind: "int", data: int(keys.building_id) },
    { name: "meter", kind: "int", data: int(keys.meter) },
    { name: "city", kind: "text", data: text(city) },
    { name: "timestamp", kind: "timestamp", data: double(keys.timestamp) },
    { name: "predicted", kind: "double", data: double(predicted) },
    { name: "model_version", kind: "text", data: text(version) },
    { name: "run_id", kind: "text", data: text(run) },
    { name: "forecast_start", kind: "timestamp", data: double(keys.forecast_start) },
  ]);
}
