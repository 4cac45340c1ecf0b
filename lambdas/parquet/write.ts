import { parquetWriteBuffer } from "hyparquet-writer";
import type { ColumnSource } from "hyparquet-writer";

/** A column to write. NaN is written as null. */
export type WrittenColumn = { name: string } & (
  | {
      kind: "double";
      data: Float64Array;
      /** NaN stays NaN: a wide table of numbers is written and read in a quarter of the time. */
      missing?: "null" | "NaN";
    }
  /** Whole numbers of 32 bits. */
  | { kind: "int"; data: Float64Array | Int32Array }
  /** Epoch ms, written as a timestamp in UTC. */
  | { kind: "timestamp"; data: Float64Array }
  | { kind: "text"; data: readonly (string | null)[] }
);

/** Rows of a row group: what a reader holds at a time. */
const rowGroupRows = 100_000;

/**
 * A Parquet file (Snappy) with these columns.
 *
 * @param metadata key-value metadata of the file
 * @throws RangeError where the columns are not of one length, or a value does not fit its column
 */
export function writeParquet(
  columns: readonly WrittenColumn[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const rows = columns[0]?.data.length ?? 0;
  const odd = columns.find(({ data }) => data.length !== rows);
  if (odd !== undefined) {
    throw new RangeError(`Column ${odd.name} has ${odd.data.length} rows, column ${columns[0]?.name} has ${rows}.`);
  }
  const buffer = parquetWriteBuffer({
    columnData: columns.map(encoded),
    codec: "SNAPPY",
    rowGroupSize: rowGroupRows,
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    createdBy: "metercast",
  });
  return new Uint8Array(buffer);
}

function encoded(column: WrittenColumn): ColumnSource {
  const { name } = column;
  if (column.kind === "text") {
    const nullable = column.data.includes(null);
    return { name, type: "STRING", data: [...column.data], nullable };
  }
  const nullable = !(column.kind === "double" && column.missing === "NaN") && column.data.some(Number.isNaN);
  if (column.kind === "double") {
    // A wide table's columns are read whole: statistics, and the search for repeated values, would be for nobody.
    const wide = column.missing === "NaN" ? ({ encoding: "PLAIN", statistics: false } as const) : {};
    return { name, type: "DOUBLE", data: nullable ? Array.from(column.data, orNull) : column.data, nullable, ...wide };
  }
  if (column.kind === "int") {
    const wrong = column.data.find((value) => !Number.isNaN(value) && (value | 0) !== value);
    if (wrong !== undefined) throw new RangeError(`Column ${name}: ${wrong} is no whole number of 32 bits.`);
    const data = nullable ? Array.from(column.data, orNull) : Int32Array.from(column.data);
    return { name, type: "INT32", data, nullable };
  }
  const data = Array.from(column.data, (epochMs) => (Number.isNaN(epochMs) ? null : BigInt(epochMs)));
  return { name, type: "TIMESTAMP", data, nullable };
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
