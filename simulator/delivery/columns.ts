import type { Column } from "../declared/index.ts";

/** A value as hyparquet-writer takes it for the column's type. */
type Cell = number | bigint | string | boolean | Date | null;

/** How one Hive type is written to Parquet: its schema element and the conversion of a JSON value. */
interface ColumnType {
  element: {
    type: "INT32" | "INT64" | "DOUBLE" | "FLOAT" | "BOOLEAN" | "BYTE_ARRAY";
    converted_type?: "UTF8" | "TIMESTAMP_MILLIS";
  };
  /** undefined where the value does not fit */
  convert: (value: unknown) => Cell | undefined;
}

const types: Record<string, ColumnType> = {
  int: { element: { type: "INT32" }, convert: (value) => integer(value, -(2 ** 31), 2 ** 31 - 1) },
  bigint: { element: { type: "INT64" }, convert: bigInteger },
  double: { element: { type: "DOUBLE" }, convert: decimal },
  float: { element: { type: "FLOAT" }, convert: decimal },
  boolean: { element: { type: "BOOLEAN" }, convert: (value) => (typeof value === "boolean" ? value : undefined) },
  string: { element: { type: "BYTE_ARRAY", converted_type: "UTF8" }, convert: text },
  timestamp: { element: { type: "INT64", converted_type: "TIMESTAMP_MILLIS" }, convert: timestamp },
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
 * The cells of a JSON object by the columns' types, as the OpenX JSON SerDe reads it: keys in any case, absent and
 * null are null, keys without a column are left out, a number may be text.
 *
 * @throws ConversionError
 */
export function cellsOf(
  row: Record<string, unknown>,
  columns: readonly Column[],
  convert: ColumnType["convert"][],
): Cell[] {
  const cells: Cell[] = [];
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index] as Column;
    const value = row[column.name] ?? inOtherCase(row, column.name);
    if (value === null || value === undefined) {
      cells.push(null);
      continue;
    }
    const cell = (convert[index] as ColumnType["convert"])(value);
    if (cell === undefined) throw new ConversionError(column, value);
    cells.push(cell);
  }
  return cells;
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

function bigInteger(value: unknown): bigint | undefined {
  const result = number(value);
  return Number.isSafeInteger(result) ? BigInt(result) : undefined;
}

function decimal(value: unknown): number | undefined {
  const result = number(value);
  return Number.isNaN(result) ? undefined : result;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Epoch milliseconds, or ISO 8601 with an offset. */
function timestamp(value: unknown): bigint | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  const parsed = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isNaN(parsed) ? undefined : BigInt(parsed);
}
