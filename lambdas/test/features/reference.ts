import { existsSync, readFileSync } from "node:fs";
import type { WeatherColumn } from "../../features/weather-columns.ts";
import type { Listed } from "./builders.ts";

interface Statistics {
  mean: Listed;
  max: Listed;
  min: Listed;
  std: Listed;
}

export interface WeatherCase {
  start_utc: string;
  hours: number;
  missing_hours: number[];
  input: Record<WeatherColumn, Listed>;
  filled: Record<WeatherColumn, Listed>;
  savgol: Record<string, Listed>;
  rolling24: Record<string, Statistics>;
}

export interface SavgolCase {
  input: Listed;
  smooth?: Listed;
  diff: Listed;
  diff2: Listed;
}

interface Reference {
  weather_60h: WeatherCase;
  savgol: Record<string, SavgolCase>;
  rolling24: Record<string, Statistics & { input: Listed }>;
  circular_mean: { input: number[]; mean: number | null }[];
  buildings: Record<string, number | null>[];
  local_time: Record<"zone" | "utc" | "local", string>[] & Record<string, number>[];
  local_to_utc: { zone: string; local: string; epoch_ms: number }[];
}

/** Made-up input with the results of scipy, pandas, numpy and Python's zoneinfo. */
export const reference = JSON.parse(readFileSync(new URL("./reference.json", import.meta.url), "utf8")) as Reference;

const published = new URL("../../../../shared/facts/features.json", import.meta.url);

/** The same for slices of the public demo's weather file, where they lie beside the project. */
export function publishedCases(): Record<string, WeatherCase> | undefined {
  if (!existsSync(published)) return undefined;
  return (JSON.parse(readFileSync(published, "utf8")) as { seed: Record<string, WeatherCase> }).seed;
}
