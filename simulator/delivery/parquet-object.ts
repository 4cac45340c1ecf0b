import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { Column } from "../declared/index.ts";
import { cellsOf, columnType } from "./columns.ts";

/** Rows of a row group, and bytes of the JSON that they came from: what is held in memory before it goes to the file. */
const rowGroupRows = 65_536;
const rowGroupBytes = 16 * 1024 * 1024;

/** A Parquet file that grows row by row; memory holds one row group of it. */
export class ParquetObject {
  rows = 0;
  readonly #columns: readonly Column[];
  readonly #convert;
  readonly #data: unknown[][];
  readonly #descriptor: number;
  readonly #writer: ParquetWriter;
  #heldBytes = 0;

  constructor(file: string, columns: readonly Column[], compression: "SNAPPY" | "UNCOMPRESSED") {
    this.#columns = columns;
    const types = columns.map(columnType);
    this.#convert = types.map(({ convert }) => convert);
    this.#data = columns.map(() => []);
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
        ...(types[index] as (typeof types)[number]).element,
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
    const rows = objects.map((object) => cellsOf(object, this.#columns, this.#convert));
    for (const cells of rows) {
      for (let index = 0; index < cells.length; index++) (this.#data[index] as unknown[]).push(cells[index]);
    }
    this.rows += rows.length;
    this.#heldBytes += bytes;
    if ((this.#data[0]?.length ?? 0) >= rowGroupRows || this.#heldBytes >= rowGroupBytes) this.#writeRowGroup();
  }

  /** Completes the file and waits until it is on the disk. */
  finish(): void {
    this.#writeRowGroup();
    void this.#writer.finish(); // a promise only where a writer is asynchronous; this one is not
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
  }

  #writeRowGroup(): void {
    const rows = this.#data[0]?.length ?? 0;
    if (rows === 0) return;
    void this.#writer.write({
      columnData: this.#columns.map(({ name }, index) => ({ name, data: this.#data[index] as unknown[] })),
      rowGroupSize: rows,
    });
    for (const cells of this.#data) cells.length = 0;
    this.#heldBytes = 0;
  }
}

function writeFully(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.byteLength) written += writeSync(descriptor, bytes, written);
}
