import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { staticColumnNames } from "../lambdas/features/site-features.ts";
import { pastColumnNames } from "../lambdas/features/past.ts";
import { pastTableNames } from "./tables.ts";
import type { processColumn } from "./tables.ts";

/** What the first stage reads: no month and no week, which a model would learn by heart from one year. */
export const staticFeatures: readonly string[] = [
  "air_temperature",
  "air_temperature_mean3",
  "air_temperature_mean24",
  "air_temperature_mean72",
  "air_temperature_mean168",
  "air_temperature_max24",
  "air_temperature_min24",
  "air_temperature_std24",
  "cooling_degrees_mean24",
  "heating_degrees_mean24",
  "cooling_degrees_mean168",
  "heating_degrees_mean168",
  "dew_temperature",
  "wind_speed",
  "cloud_coverage",
  "sea_level_pressure",
  "hour",
  "weekday",
  "off",
  "is_holiday",
  "log_floor_area",
  "area_per_floor",
  "building_age",
  "primary_use",
  "site_id",
];

export const categorical: readonly string[] = ["primary_use", "site_id"];

/** A second stage to learn: from which tables, with which of the trainer's settings, and which tables to predict. */
export interface StageJob {
  name: string;
  settings: "blocks" | "forecast" | "unseen" | "shipped";
  /**
   * Where it starts from: see the model's card. A Gaussian process has its own measure of how far to trust a few
   * readings, and stands in for the feature where there is one.
   */
  base: { feature: PastFeature; readings: number; process?: typeof processColumn };
  /** Of what the past says. */
  features: readonly PastFeature[];
  train: readonly string[];
  test: readonly string[];
}

type PastFeature = (typeof pastColumnNames)[number] | typeof processColumn;

/** What the past says, but for these. */
export function pastFeaturesWithout(...left: (typeof pastColumnNames)[number][]): (typeof pastColumnNames)[number][] {
  return pastColumnNames.filter((name) => !left.includes(name));
}

/**
 * Says beside the tables of a folder what is to be learnt from them.
 *
 * @param unseen whether the second stage learns from what the first gives for buildings that it has not seen
 */
export function writeJob(
  folder: string,
  meters: readonly number[],
  models: readonly StageJob[],
  unseen: boolean,
): void {
  mkdirSync(folder, { recursive: true });
  const job = {
    static_names: staticColumnNames,
    past_names: pastTableNames,
    static_features: staticFeatures,
    categorical,
    unseen,
    meters,
    models,
  };
  writeFileSync(join(folder, "job.json"), JSON.stringify(job));
}

/** ln(1 + reading) as it was predicted for the rows of a test table; "none": without any past. */
export function readPredictions(folder: string, meter: number, table: string): Float64Array {
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, `${meter}-${table}.f64`));
  return new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

/** What learning one model took, and the size of its trees; "none" is the first stage. */
export type Report = Record<string, { seconds: number; bytes: number; rounds: number[]; leaves: number }>;

export function readReport(folder: string): Report {
  return JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as Report;
}
