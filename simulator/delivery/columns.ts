import type { Column } from "../declared/index.ts";

/** A value as it is kept until its row group is written: a number for every type that is one, timestamps in epoch ms. */
export type Cell = number | string | boolean;

/** How one Hive type is written to Parquet: its schema element and the conversion of a JSON value. */
export interface ColumnType {
  element: {
    type: "INT32" | "INT64" | "DOUBLE" | "FLOAT" | "BOOLEAN" | "BYTE_ARRAY";
    converted_type?: "UTF8" | "TIMESTAMP_MILLIS";
  };
  /** undefined where the value does not fit */
  convert: (value: unknown) => Cell | undefined;
  /** Whether its cells are all numbers. */
  numeric: boolean;
}

const types: Record<string, ColumnType> = {
  int: { element: { type: "INT32" }, convert: (value) => integer(value, -(2 ** 31), 2 ** 31 - 1), numeric: true },
  bigint: { element: { type: "INT64" }, convert: safeInteger, numeric: true },
  double: { element: { type: "DOUBLE" }, convert: decimal, numeric: true },
  float: { element: { type: "FLOAT" }, convert: decimal, numeric: true },
  boolean: {
    element: { type: "BOOLEAN" },
    convert: (value) => (typeof value === "boolean" ? value : undefined),
    numeric: false,
  },
  string: { element: { type: "BYTE_ARRAY", converted_type: "UTF8" }, convert: text, numeric: false },
  timestamp: { element: { type: "INT64", converted_type: "TIMESTAMP_MILLIS" }, convert: timestamp, numeric: true },
};

export function columnType(column: Column): ColumnType {
  const type = types[column.type];
  if (type) return type;
  throw new Error(
    `The column ${column.name} has the type ${column.type}; the simulator converts ${Object.keys(types).join(", ")}.`,
  );
}

/** A value that its column cannot take: the record goes to the error output. */
export class ConversionError extends Error {
  constructor(column: Column, value: unknown) {
    super(`${column.name}: ${JSON.stringify(value)} is no ${column.type}`);
    this.name = "ConversionError";
  }
}

/**
 * The cell of a column in a JSON object, as the OpenX JSON SerDe reads it: keys in any case, absent and null are null,
 * keys without a column are left out, a number may be text.
 *
 * @throws ConversionError
 */
export function cellOf(row: Record<string, unknown>, column: Column, convert: ColumnType["convert"]): Cell | null {
  const value = row[column.name] ?? inOtherCase(row, column.name);
  if (value === null || value === undefined) return null;
  const cell = convert(value);
  if (cell === undefined) throw new ConversionError(column, value);
  return cell;
}

function inOtherCase(row: Record<string, unknown>, name: string): unknown {
  for (const key in row) if (key !== name && key.toLowerCase() === name) return row[key];
  return undefined;
}

function number(value: unknown): number {
  return typeof value === "string" && value.trim() !== "" ? Number(value) : typeof value === "number" ? value : NaN;
}

function integer(value: unknown, least: number, most: number): number | undefined {
  const result = number(value);
  return Number.isInteger(result) && result >= least && result <= most ? result : undefined;
}

function safeInteger(value: unknown): number | undefined {
  const result = number(value);
  return Number.isSafeInteger(result) ? result : undefined;
}

function decimal(value: unknown): number | undefined {
  const result = number(value);
  return Number.isNaN(result) ? undefined : result;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Epoch milliseconds, or ISO 8601 with an offset. */
function timestamp(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
  const parsed = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}
