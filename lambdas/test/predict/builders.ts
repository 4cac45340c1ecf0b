import { featureTableVersion } from "../../features/feature-table.ts";
import type { FeatureTable } from "../../features/feature-table.ts";
import { primaryUseCodes } from "../../features/primary-use.ts";
import { hourMs } from "../../features/weather-columns.ts";
import type { ModelCard } from "../../model/index.ts";
import { StorageError } from "../../storage/index.ts";
import type { Storage } from "../../storage/index.ts";
import { writeModel } from "../trees/write-model.ts";
import type { Node } from "../trees/write-model.ts";

export const start = Date.UTC(2018, 11, 17);

export const modelFolder = "models/m1";

const fixed = ["hour", "primary_use"];
const past = ["past_count", "past_mean"];

/**
 * A model of electricity (0) and steam (2): without a past, ln(1 + reading) is 1 before noon and 2 from then on; with
 * one, it is the mean of the past, and 0.5 more for steam.
 */
export function modelFiles(change: Partial<ModelCard> = {}): Record<string, string> {
  const noon: Node = {
    feature: 0,
    threshold: 11.5,
    missing: "none",
    defaultLeft: true,
    left: { value: 1 },
    right: { value: 2 },
  };
  const meter = (code: number, name: string) => ({
    meter: code,
    static: `${name}.static.txt`,
    past: `${name}.txt`,
    rounds: { static: 1, past: 1 },
    rmsle: 0.5,
    rmsleByDays: { "0": 1 },
  });
  const card: ModelCard = {
    format: 1,
    version: "m1",
    featureTableVersion,
    features: { static: fixed, past },
    categorical: [],
    primaryUses: { ...primaryUseCodes },
    // the base is the past's mean, as soon as there is any
    base: { feature: "past_mean", readings: 0 },
    meters: { electricity: meter(0, "electricity"), steam: meter(2, "steam") },
    trainedOn: "made up",
    measuredOn: "nothing",
    ...change,
  };
  const stage = (tree: Node, names: string[]) => writeModel([tree], { features: names.length, names });
  const second = [...fixed, ...past, "static_prediction"];
  return {
    "card.json": JSON.stringify(card),
    "electricity.static.txt": stage(noon, fixed),
    "electricity.txt": stage({ value: 0 }, second),
    "steam.static.txt": stage(noon, fixed),
    "steam.txt": stage({ value: 0.5 }, second),
  };
}

export interface Row {
  building: number;
  meter: number;
  /** From the start of the forecast. */
  hour: number;
  /** Hours of the forecast's start from {@link start}. @default 0 */
  from?: number;
  count?: number;
  mean?: number;
}

/** A feature table of the columns that the model reads, with one more. */
export function tableOf(rows: readonly Row[]): FeatureTable {
  const double = (of: (row: Row) => number): Float64Array => Float64Array.from(rows, of);
  const int = (of: (row: Row) => number): Int32Array => Int32Array.from(rows, of);
  const startOf = ({ from = 0 }: Row): number => start + from * hourMs;
  return {
    rows: rows.length,
    columns: new Map([
      ["hour", double(({ hour, from = 0 }) => (hour + from) % 24)],
      ["primary_use", double(() => NaN)],
      ["past_count", double(({ count = 0 }) => count)],
      ["past_mean", double(({ mean = NaN }) => mean)],
      ["air_temperature", double(() => 10)],
    ]),
    keys: {
      building_id: int(({ building }) => building),
      meter: int(({ meter }) => meter),
      timestamp: double((row) => startOf(row) + row.hour * hourMs),
      forecast_start: double(startOf),
      hours_ahead: int(({ hour }) => hour + 1),
    },
    reading: double(() => NaN),
  };
}

/** A day of a series. */
export function day(building: number, meter: number, rest: Partial<Row> = {}): Row[] {
  return Array.from({ length: 24 }, (_, hour) => ({ building, meter, hour, ...rest }));
}

/** A bucket with these objects, and how often each was read. */
export function bucketOf(objects: Record<string, Uint8Array | string>): {
  storage: Pick<Storage, "get" | "put">;
  objects: Map<string, Uint8Array>;
  reads: Map<string, number>;
} {
  const stored = new Map(
    Object.entries(objects).map(([key, content]) => [
      key,
      typeof content === "string" ? Buffer.from(content) : content,
    ]),
  );
  const reads = new Map<string, number>();
  return {
    objects: stored,
    reads,
    storage: {
      get(location) {
        const { key } = location;
        reads.set(key, (reads.get(key) ?? 0) + 1);
        const bytes = stored.get(key);
        if (bytes === undefined) return Promise.reject(new StorageError("read", location, "NoSuchKey", ""));
        return Promise.resolve({ bytes, etag: "", metadata: {} });
      },
      put({ key }, body) {
        stored.set(key, Buffer.from(body));
        return Promise.resolve(true);
      },
    },
  };
}

/** The model's files in their folder of the bucket. */
export function inModelFolder(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${modelFolder}/${name}`, text]));
}
