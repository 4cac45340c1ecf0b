import { closeSync, fdatasync, ftruncateSync, openSync, write } from "node:fs";
import { promisify } from "node:util";
import { encode, encodedLength, type Entry } from "./entry.ts";
import { synchroniseFolder } from "../durable-file.ts";
import { endOfLog, listSegments, segmentFile } from "./segments.ts";

const writeAt = promisify(write);
const synchronise = promisify(fdatasync);

/** A segment is closed at this size, so that what was delivered can be removed from the disk. */
const segmentBytes = 32 * 1024 * 1024;
const firstBufferBytes = 1024 * 1024;

type Done = (error: Error | null) => void;

/**
 * The write-ahead log. `append` answers when the entry is on the disk: everything that came while one write was under
 * way is the next group, written and synchronised at once, so that durability costs one fdatasync per group.
 */
export class LogWriter {
  /** Position after the last durable entry. */
  end: number;
  readonly #folder: string;
  readonly #onDurable: (end: number) => void;
  readonly #onFailure: (error: Error) => void;
  #descriptor: number;
  #segmentStart: number;
  #buffer = Buffer.allocUnsafe(firstBufferBytes);
  #filled = 0;
  #waiting: Done[] = [];
  #spare = Buffer.allocUnsafe(firstBufferBytes);
  /** Bytes of the group that is being written. */
  #inFlight = 0;
  #writing: Promise<void> | undefined;
  #failure: Error | undefined;

  /**
   * @param onDurable called after each group with the position after it
   * @param onFailure called once when a write failed; the log takes nothing more then
   */
  constructor(folder: string, onDurable: (end: number) => void, onFailure: (error: Error) => void) {
    this.#folder = folder;
    this.#onDurable = onDurable;
    this.#onFailure = onFailure;
    this.end = endOfLog(folder);
    const last = listSegments(folder).at(-1);
    this.#segmentStart = last?.start ?? this.end;
    this.#descriptor = openSync(segmentFile(folder, this.#segmentStart), last ? "r+" : "w+");
    ftruncateSync(this.#descriptor, this.end - this.#segmentStart);
  }

  append(entry: Entry, done: Done): void {
    if (this.#failure) return done(this.#failure);
    const length = encodedLength(entry);
    if (this.#filled + length > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#filled + length));
      this.#buffer.copy(larger, 0, 0, this.#filled);
      this.#buffer = larger;
    }
    const position = this.end + this.#inFlight + this.#filled;
    this.#filled = encode(entry, position, this.#buffer, this.#filled);
    this.#waiting.push(done);
    this.#writing ??= this.#writeGroups();
  }

  /** Resolves when nothing is left to be written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async close(): Promise<void> {
    await this.settled();
    this.#failure ??= new Error("the log is closed");
    closeSync(this.#descriptor);
  }

  async #writeGroups(): Promise<void> {
    // one turn of the event loop, so that the packets of one socket read become one group
    await new Promise(setImmediate);
    while (this.#filled > 0) {
      const taken = this.#buffer;
      const group = taken.subarray(0, this.#filled);
      const waiting = this.#waiting;
      this.#buffer = this.#spare;
      this.#filled = 0;
      this.#waiting = [];
      this.#inFlight = group.length;
      let failure: Error | null = null;
      try {
        await this.#writeGroup(group);
      } catch (error) {
        failure = this.#fail(error as Error);
      }
      this.#spare = taken;
      if (!failure) {
        this.end += group.length;
        this.#onDurable(this.end);
      }
      this.#inFlight = 0;
      for (const done of waiting) done(failure);
      if (failure) for (const done of this.#waiting.splice(0)) done(failure);
    }
    this.#writing = undefined;
  }

  async #writeGroup(group: Buffer): Promise<void> {
    let written = 0;
    while (written < group.length) {
      const at = this.end - this.#segmentStart + written;
      const { bytesWritten } = await writeAt(this.#descriptor, group, written, group.length - written, at);
      written += bytesWritten;
    }
    await synchronise(this.#descriptor);
    if (this.end + group.length - this.#segmentStart >= segmentBytes) this.#startSegment(this.end + group.length);
  }

  #startSegment(start: number): void {
    closeSync(this.#descriptor);
    this.#segmentStart = start;
    this.#descriptor = openSync(segmentFile(this.#folder, start), "w+");
    synchroniseFolder(this.#folder);
  }

  /** After a failed write the log takes nothing more: what was acknowledged is safe, the rest was never acknowledged. */
  #fail(error: Error): Error {
    this.#failure = error;
    this.#filled = 0;
    ftruncateSync(this.#descriptor, this.end - this.#segmentStart);
    this.#onFailure(error);
    return error;
  }
}
