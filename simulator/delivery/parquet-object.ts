import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { Column } from "../declared/index.ts";
import { columnCells, type ColumnCells } from "./column-cells.ts";
import { cellOf, columnType, type ColumnType } from "./columns.ts";

/** Rows of a row group, and bytes of the JSON that they came from: what is held in memory before it goes to the file. */
const rowGroupRows = 65_536;
const rowGroupBytes = 16 * 1024 * 1024;

/** A Parquet file that grows row by row; memory holds one row group of it. */
export class ParquetObject {
  rows = 0;
  readonly #columns: { column: Column; convert: ColumnType["convert"]; cells: ColumnCells }[];
  readonly #descriptor: number;
  readonly #writer: ParquetWriter;
  /** Rows and bytes of the row group in the making. */
  #heldRows = 0;
  #heldBytes = 0;

  constructor(file: string, columns: readonly Column[], compression: "SNAPPY" | "UNCOMPRESSED") {
    const types = columns.map(columnType);
    this.#columns = columns.map((column, index) => {
      const type = types[index] as ColumnType;
      return { column, convert: type.convert, cells: columnCells(type) };
    });
    this.#descriptor = openSync(file, "w");
    const bytes = new ByteWriter();
    const toFile = () => {
      writeFully(this.#descriptor, bytes.getBytes());
      // the writer's offset goes on counting: it is the place in the file
      bytes.index = 0;
    };
    const schema = [
      { name: "row", num_children: columns.length },
      ...columns.map(({ name }, index) => ({
        name,
        repetition_type: "OPTIONAL" as const,
        ...(types[index] as ColumnType).element,
      })),
    ];
    this.#writer = new ParquetWriter({
      writer: Object.assign(bytes, { flush: toFile, finish: toFile }),
      schema,
      codec: compression,
      createdBy: "metercast simulator",
    });
  }

  /**
   * Adds a record's objects, all or none of them.
   *
   * @param bytes length of their JSON
   * @throws ConversionError where a value does not fit its column
   */
  add(objects: Record<string, unknown>[], bytes = 0): void {
    let row = this.#heldRows;
    // the rows count only when all of them are good: those of a record that was refused are written over
    for (const object of objects) {
      for (const { column, convert, cells } of this.#columns) cells.set(row, cellOf(object, column, convert));
      row++;
    }
    this.#heldRows = row;
    this.rows += objects.length;
    this.#heldBytes += bytes;
    if (row >= rowGroupRows || this.#heldBytes >= rowGroupBytes) this.#writeRowGroup();
  }

  /** Completes the file and waits until it is on the disk. */
  finish(): void {
    this.#writeRowGroup();
    void this.#writer.finish(); // a promise only where a writer is asynchronous; this one is not
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
  }

  #writeRowGroup(): void {
    const rows = this.#heldRows;
    if (rows === 0) return;
    void this.#writer.write({
      columnData: this.#columns.map(({ column, cells }) => ({ name: column.name, data: cells.first(rows) })),
      rowGroupSize: rows,
    });
    this.#heldRows = 0;
    this.#heldBytes = 0;
  }
}

function writeFully(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.byteLength) written += writeSync(descriptor, bytes, written);
}
