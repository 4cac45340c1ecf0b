import type { DecodedArray } from "hyparquet";
import type { Cell, ColumnType } from "./columns.ts";

/** The cells of a column until its row group is written. Rows are set in order; one that is set again is replaced. */
export interface ColumnCells {
  set(row: number, cell: Cell | null): void;
  /** The first `rows` cells, as hyparquet-writer takes them. */
  first(rows: number): DecodedArray;
}

export function columnCells({ numeric, element }: ColumnType): ColumnCells {
  return numeric ? new NumberCells(element.type === "INT64") : new ObjectCells();
}

const firstRows = 1024;

/** Numbers side by side: as objects of their own, most of the time would go into carrying them from one collection to the next. */
class NumberCells implements ColumnCells {
  readonly #bigint: boolean;
  #values = new Float64Array(firstRows);
  #isNull = new Uint8Array(firstRows);

  constructor(bigint: boolean) {
    this.#bigint = bigint;
  }

  set(row: number, cell: Cell | null): void {
    if (row >= this.#values.length) this.#grow();
    this.#isNull[row] = cell === null ? 1 : 0;
    if (cell !== null) this.#values[row] = cell as number;
  }

  first(rows: number): DecodedArray {
    const values = this.#values.subarray(0, rows);
    if (!this.#isNull.subarray(0, rows).includes(1)) return this.#bigint ? BigInt64Array.from(values, BigInt) : values;
    return Array.from(values, (value, row) => (this.#isNull[row] ? null : this.#bigint ? BigInt(value) : value));
  }

  #grow(): void {
    const [values, isNull] = [this.#values, this.#isNull];
    this.#values = new Float64Array(values.length * 2);
    this.#values.set(values);
    this.#isNull = new Uint8Array(isNull.length * 2);
    this.#isNull.set(isNull);
  }
}

class ObjectCells implements ColumnCells {
  #cells: (Cell | null)[] = [];

  set(row: number, cell: Cell | null): void {
    this.#cells[row] = cell;
  }

  first(rows: number): DecodedArray {
    const cells = this.#cells.slice(0, rows);
    this.#cells = [];
    return cells;
  }
}
