import { closeSync, openSync, readSync } from "node:fs";
import { decode, type PlacedEntry } from "./entry.ts";
import { listSegments, type Segment } from "./segments.ts";

/** More than any entry but the longest records, for which the buffer grows; few enough entries to be in memory at a time. */
const chunkBytes = 256 * 1024;

/** Reads a log in order, up to a position that its writer has said to be durable. */
export class LogReader {
  /** Position of the next entry. */
  position: number;
  readonly #folder: string;
  #segment: Segment | undefined;
  #descriptor: number | undefined;
  #buffer = Buffer.allocUnsafe(chunkBytes);

  constructor(folder: string, position: number) {
    this.#folder = folder;
    this.position = position;
  }

  /**
   * The next entries before `end`, about a quarter of a megabyte of them; none when the reader is there. Their payloads are views of
   * a buffer that the next call fills anew.
   *
   * @throws LogDamage where the bytes before `end` are not entries
   */
  read(end: number): PlacedEntry[] {
    if (this.position >= end) return [];
    let wanted = Math.min(chunkBytes, end - this.position);
    for (;;) {
      const { bytes, more } = this.#bytesAt(this.position, wanted);
      const entries: PlacedEntry[] = [];
      const start = this.position;
      for (;;) {
        const entry = decode(bytes, this.position - start, this.position);
        if (!entry) break;
        entries.push(entry);
        this.position = entry.end;
      }
      if (entries.length > 0) return entries;
      if (!more) throw new LogDamage(this.#segment?.file ?? this.#folder, this.position);
      wanted *= 2;
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#segment = undefined;
  }

  #bytesAt(position: number, wanted: number): { bytes: Buffer; more: boolean } {
    let bytes = this.#readSegment(position, wanted);
    if (bytes.length === 0) {
      // the segment ends here: the next one starts at this very position
      this.close();
      bytes = this.#readSegment(position, wanted);
    }
    return { bytes, more: bytes.length === wanted };
  }

  #readSegment(position: number, wanted: number): Buffer {
    if (this.#descriptor === undefined) {
      this.#segment = listSegments(this.#folder).findLast((segment) => segment.start <= position);
      if (!this.#segment) return Buffer.alloc(0);
      this.#descriptor = openSync(this.#segment.file, "r");
    }
    if (wanted > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(wanted);
    const length = readSync(this.#descriptor, this.#buffer, 0, wanted, position - (this.#segment?.start ?? 0));
    return this.#buffer.subarray(0, length);
  }
}

export class LogDamage extends Error {
  constructor(file: string, position: number) {
    super(
      `The log ${file} cannot be read at position ${position}: its bytes are damaged. ` +
        `Restore the data folder from a copy, or start with another one (--data).`,
    );
    this.name = "LogDamage";
  }
}
