import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { LinesObject } from "./lines-object.ts";
import type { StreamRecord } from "./transform.ts";

/** Text that is collected before it goes to the file. */
const chunkCharacters = 64 * 1024;

/** A record within an object of the channel. */
export interface IndexedRecord {
  recordId: string;
  /** Epoch milliseconds of arrival. */
  arrival: number;
  bytes: number;
}

/**
 * Says which records an object of the channel holds, in their order: a line `record id,arrival,bytes` for each. The
 * object itself is what Firehose writes, the records one after the other, from which neither can be told.
 */
export class RecordIndex {
  readonly file: string;
  readonly #lines: LinesObject;
  #pending = "";

  constructor(file: string) {
    this.file = file;
    this.#lines = new LinesObject(file, true);
  }

  add({ recordId, arrival, data }: StreamRecord): void {
    this.#pending += `${recordId},${arrival},${data.byteLength}\n`;
    if (this.#pending.length >= chunkCharacters) this.#write();
  }

  /** Completes the file and waits until it is on the disk. */
  finish(): void {
    this.#write();
    this.#lines.finish();
  }

  #write(): void {
    this.#lines.add(this.#pending);
    this.#pending = "";
  }
}

/** The records that an index names, in their order. */
export function* readIndex(file: string): Generator<IndexedRecord> {
  const text = gunzipSync(readFileSync(file)).toString("latin1");
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\n", at);
    const [recordId = "", arrival, bytes] = text.slice(at, end).split(",");
    yield { recordId, arrival: Number(arrival), bytes: Number(bytes) };
    at = end + 1;
  }
}
