import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { gzipSync } from "node:zlib";

const chunkBytes = 512 * 1024;

/** A file that grows record by record, compressed if asked: gzip members one after the other are one gzip file. */
export class LinesObject {
  readonly #descriptor: number;
  readonly #gzip: boolean;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  constructor(file: string, gzip: boolean) {
    this.#descriptor = openSync(file, "w");
    this.#gzip = gzip;
  }

  add(content: string | Uint8Array): void {
    const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.byteLength;
    if (this.#pendingBytes >= chunkBytes) this.#write();
  }

  /** Completes the file and waits until it is on the disk. */
  finish(): void {
    this.#write();
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
  }

  #write(): void {
    if (this.#pending.length === 0) return;
    const content = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    // the raw messages are read seldom: the fastest level already takes four fifths off
    const bytes = this.#gzip ? gzipSync(content, { level: 1 }) : content;
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
  }
}
