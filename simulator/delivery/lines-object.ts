import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { gzipSync } from "node:zlib";

const chunkBytes = 512 * 1024;
const firstBytes = 16 * 1024;

/** A file that grows record by record, compressed if asked: gzip members one after the other are one gzip file. */
export class LinesObject {
  readonly #descriptor: number;
  readonly #gzip: boolean;
  #pending = Buffer.allocUnsafe(firstBytes);
  #pendingBytes = 0;

  constructor(file: string, gzip: boolean) {
    this.#descriptor = openSync(file, "w");
    this.#gzip = gzip;
  }

  add(content: string | Uint8Array): void {
    const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    const end = this.#pendingBytes + bytes.byteLength;
    if (end > this.#pending.length) this.#grow(end);
    this.#pending.set(bytes, this.#pendingBytes);
    this.#pendingBytes = end;
    if (this.#pendingBytes >= chunkBytes) this.#write();
  }

  /** Completes the file and waits until it is on the disk. */
  finish(): void {
    this.#write();
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
  }

  #write(): void {
    if (this.#pendingBytes === 0) return;
    const content = this.#pending.subarray(0, this.#pendingBytes);
    this.#pendingBytes = 0;
    // the raw messages are read seldom: the fastest level already takes four fifths off
    const bytes = this.#gzip ? gzipSync(content, { level: 1 }) : content;
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
  }

  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafe(Math.max(bytes, this.#pending.length * 2));
    larger.set(this.#pending.subarray(0, this.#pendingBytes));
    this.#pending = larger;
  }
}
