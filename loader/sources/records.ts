import type { MeterCode } from "../generator/calibration.ts";
import type { Kind } from "./source.ts";

/** The fields of a message of each kind: those that it must have, and those that may be null. */
export const requiredFields = {
  readings: ["building_id", "meter", "timestamp", "meter_reading"],
  weather: ["site_id", "timestamp"],
} as const satisfies Record<Kind, readonly string[]>;

export const weatherFields = [
  "air_temperature",
  "cloud_coverage",
  "dew_temperature",
  "precip_depth_1_hr",
  "sea_level_pressure",
  "wind_direction",
  "wind_speed",
] as const;

/** Which kind a file is whose records have these fields; undefined for neither. */
export function kindOf(fields: Iterable<string>): Kind | undefined {
  const names = new Set(fields);
  if (names.has("building_id") && names.has("meter_reading")) return "readings";
  return names.has("site_id") && names.has("air_temperature") ? "weather" : undefined;
}

export interface Reading {
  building_id: number;
  meter: MeterCode;
  timestamp: number;
  meter_reading: number;
}

export interface WeatherRecord {
  site_id: number;
  timestamp: number;
  air_temperature?: number | null;
}

/** What is wrong with a record, or undefined if it can be sent. The pipelines apply the same rules, but for the range of timestamps. */
export function fault(kind: Kind, record: Record<string, unknown>): string | undefined {
  for (const field of requiredFields[kind]) {
    const value = record[field];
    if (value === undefined || value === null) return `${field} is missing`;
    const wrong = field === "meter_reading" ? notFinite(field, value) : notWhole(field, value);
    if (wrong !== undefined) return wrong;
  }
  if (kind === "readings") {
    const meter = record["meter"] as number;
    return meter > 3 ? `meter is ${String(meter)}; 0, 1, 2 and 3 are allowed` : undefined;
  }
  for (const field of weatherFields) {
    const value = record[field];
    const wrong = value === undefined || value === null ? undefined : notFinite(field, value);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function notFinite(field: string, value: unknown): string | undefined {
  return typeof value === "number" && Number.isFinite(value)
    ? undefined
    : `${field} is ${describe(value)}; a number is needed`;
}

function notWhole(field: string, value: unknown): string | undefined {
  if (typeof value !== "number") return `${field} is ${describe(value)}; a whole number is needed`;
  if (!Number.isSafeInteger(value)) return `${field} is ${String(value)}; a whole number is needed`;
  return field !== "timestamp" && (value < 0 || value > 2_147_483_647)
    ? `${field} is ${String(value)}; 0 to 2147483647 is allowed`
    : undefined;
}

function describe(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string")
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value)}`;
  if (typeof value === "boolean") return String(value);
  return Array.isArray(value) ? "an array" : "an object";
}
