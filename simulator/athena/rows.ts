import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from "@duckdb/node-api";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A row of a result by its column names. */
export type Row = Record<string, Json>;

/**
 * A value of DuckDB as plain JSON. Timestamps are ISO 8601 in UTC with Z (of a timestamp without zone, as its digits
 * stand), dates `2018-12-03`, decimals numbers; whole numbers beyond 2^53 are text, so that no digit is lost; so are
 * NaN and the infinities. Binary is hexadecimal in pairs and an interval `2 03:00:00.000` or `1-6`, as Athena prints them.
 */
export function jsonOf(value: DuckDBValue): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
  }
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) return isoTime(value.micros);
  if (value instanceof DuckDBTimestampMillisecondsValue) return isoTime(value.millis * 1000n);
  if (value instanceof DuckDBDateValue) return value.toString();
  if (value instanceof DuckDBDecimalValue) return Number(value.toString());
  if (value instanceof DuckDBListValue) return value.items.map(jsonOf);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, field]) => [name, jsonOf(field)]));
  }
  if (value instanceof DuckDBMapValue) {
    return Object.fromEntries(value.entries.map((entry) => [textOf(jsonOf(entry.key)), jsonOf(entry.value)]));
  }
  if (value instanceof DuckDBBlobValue) {
    return [...value.bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  }
  if (value instanceof DuckDBIntervalValue) return intervalText(value);
  return value.toString();
}

function textOf(key: Json): string {
  return typeof key === "string" ? key : JSON.stringify(key);
}

/** Microseconds only where there are any: `2018-12-03T00:00:00.000Z`, `2018-12-03T00:00:00.000001Z`. */
function isoTime(micros: bigint): string {
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const text = new Date(Number((micros - rest) / 1000n)).toISOString();
  return rest === 0n ? text : `${text.slice(0, -1)}${String(rest).padStart(3, "0")}Z`;
}

function intervalText({ months, days, micros }: DuckDBIntervalValue): string {
  if (months !== 0) {
    const size = Math.abs(months);
    return `${months < 0 ? "-" : ""}${Math.trunc(size / 12)}-${size % 12}`;
  }
  const millis = BigInt(days) * 86_400_000n + micros / 1000n;
  const size = millis < 0n ? -millis : millis;
  const part = (unit: bigint, of: bigint, width: number) => String((size / unit) % of).padStart(width, "0");
  const time = `${part(3_600_000n, 24n, 2)}:${part(60_000n, 60n, 2)}:${part(1000n, 60n, 2)}.${part(1n, 1000n, 3)}`;
  return `${millis < 0n ? "-" : ""}${size / 86_400_000n} ${time}`;
}
