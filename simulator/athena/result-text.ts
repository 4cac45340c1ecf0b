import {
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import { jsonOf } from "./rows.ts";

/**
 * A value as it stands in a result file of Athena's: timestamps `2018-12-03 00:00:00.000`, doubles as Java writes them
 * (`1.0`, `1.0E10`), arrays `[1, 2]`, rows and maps `{a=1, b=2}`; undefined for NULL.
 */
export function resultText(value: DuckDBValue, type: DuckDBType): string | undefined {
  if (value === null) return undefined;
  if (typeof value === "number") {
    if (type.typeId === DuckDBTypeId.DOUBLE) return javaDouble(value);
    if (type.typeId === DuckDBTypeId.FLOAT) return javaDouble(value, shortestFloat(value));
    return String(value);
  }
  if (value instanceof DuckDBTimestampValue) return clock(value.micros);
  if (value instanceof DuckDBTimestampTZValue) return `${clock(value.micros)} UTC`;
  if (value instanceof DuckDBTimestampMillisecondsValue) return clock(value.millis * 1000n);
  if (value instanceof DuckDBListValue) {
    const element = type instanceof DuckDBListType ? type.valueType : type;
    return `[${value.items.map((item) => resultText(item, element) ?? "null").join(", ")}]`;
  }
  if (value instanceof DuckDBStructValue) {
    const types = type instanceof DuckDBStructType ? type.entryTypes : [];
    const fields = Object.entries(value.entries).map(
      ([name, field], index) => `${name}=${resultText(field, types[index] ?? type) ?? "null"}`,
    );
    return `{${fields.join(", ")}}`;
  }
  if (value instanceof DuckDBMapValue) {
    const [keyType, valueType] = type instanceof DuckDBMapType ? [type.keyType, type.valueType] : [type, type];
    const entries = value.entries.map(
      (entry) => `${resultText(entry.key, keyType) ?? "null"}=${resultText(entry.value, valueType) ?? "null"}`,
    );
    return `{${entries.join(", ")}}`;
  }
  if (value instanceof DuckDBBlobValue || value instanceof DuckDBIntervalValue) return jsonOf(value) as string;
  if (value instanceof DuckDBDecimalValue) return value.toString();
  return String(value);
}

/** Milliseconds, as Athena's timestamp(3) has them. */
function clock(micros: bigint): string {
  const millis = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n);
  return new Date(Number(millis)).toISOString().replace("T", " ").slice(0, -1);
}

/** As Java's Double.toString: a point always, and powers of ten from 10^7 on and below 10^-3. */
function javaDouble(value: number, digits = String(value)): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return digits.includes(".") ? digits : `${digits}.0`;
  const [mantissa, exponent] = Number(digits).toExponential().split("e") as [string, string];
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

/** The fewest digits that tell a number of single precision. */
function shortestFloat(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

/** The name of a type in a result's metadata (Athena API reference, ColumnInfo). */
export function resultType(type: DuckDBType): string {
  return names[type.typeId] ?? "varchar";
}

const names: Partial<Record<DuckDBTypeId, string>> = {
  [DuckDBTypeId.BOOLEAN]: "boolean",
  [DuckDBTypeId.TINYINT]: "tinyint",
  [DuckDBTypeId.SMALLINT]: "smallint",
  [DuckDBTypeId.INTEGER]: "integer",
  [DuckDBTypeId.BIGINT]: "bigint",
  [DuckDBTypeId.HUGEINT]: "bigint",
  [DuckDBTypeId.UBIGINT]: "bigint",
  [DuckDBTypeId.FLOAT]: "float",
  [DuckDBTypeId.DOUBLE]: "double",
  [DuckDBTypeId.DECIMAL]: "decimal",
  [DuckDBTypeId.DATE]: "date",
  [DuckDBTypeId.TIME]: "time",
  [DuckDBTypeId.TIMESTAMP]: "timestamp",
  [DuckDBTypeId.TIMESTAMP_MS]: "timestamp",
  [DuckDBTypeId.TIMESTAMP_TZ]: "timestamp with time zone",
  [DuckDBTypeId.BLOB]: "varbinary",
  [DuckDBTypeId.LIST]: "array",
  [DuckDBTypeId.STRUCT]: "row",
  [DuckDBTypeId.MAP]: "map",
};
