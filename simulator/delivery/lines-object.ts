import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { gzipSync } from "node:zlib";

const chunkCharacters = 512 * 1024;

/** A text file that grows record by record, compressed if asked: gzip members one after the other are one gzip file. */
export class LinesObject {
  bytes = 0;
  readonly #descriptor: number;
  readonly #gzip: boolean;
  #pending: string[] = [];
  #pendingCharacters = 0;

  constructor(file: string, gzip: boolean) {
    this.#descriptor = openSync(file, "w");
    this.#gzip = gzip;
  }

  add(text: string): void {
    this.#pending.push(text);
    this.#pendingCharacters += text.length;
    this.bytes += text.length;
    if (this.#pendingCharacters >= chunkCharacters) this.#write();
  }

  /** Completes the file and waits until it is on the disk. */
  finish(): void {
    this.#write();
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
  }

  #write(): void {
    if (this.#pending.length === 0) return;
    const text = Buffer.from(this.#pending.join(""), "utf8");
    this.#pending = [];
    this.#pendingCharacters = 0;
    // the raw messages are read seldom: the fastest level already takes four fifths off
    const bytes = this.#gzip ? gzipSync(text, { level: 1 }) : text;
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
  }
}
