import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DataFolder } from "../data-folder.ts";
import { replaceFile } from "../durable-file.ts";

/** Messages that no rule took: AWS keeps nothing of them, so their number is all there is. */
export class Unrouted {
  position: number;
  count: number;
  readonly #file: string;
  #saved: number;

  constructor(folder: DataFolder) {
    this.#file = fileOf(folder);
    ({ position: this.position, count: this.count } = readUnrouted(folder));
    this.#saved = this.position;
  }

  save(position: number): void {
    if (position === this.#saved) return;
    replaceFile(this.#file, JSON.stringify({ position, count: this.count }));
    this.position = position;
    this.#saved = position;
  }
}

/** How many messages no rule took, and up to which position of the log that is known. */
export function readUnrouted(folder: DataFolder): { position: number; count: number } {
  const file = fileOf(folder);
  if (!existsSync(file)) return { position: 0, count: 0 };
  return JSON.parse(readFileSync(file, "utf8")) as { position: number; count: number };
}

function fileOf(folder: DataFolder): string {
  return join(folder.path, "unrouted.json");
}
