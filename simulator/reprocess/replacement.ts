import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DataFolder } from "../data-folder.ts";
import { replaceFile, synchroniseFolder } from "../durable-file.ts";
import { moveIfThere, type StagedObject, type Staging } from "../delivery/stage.ts";

/** What is decided: objects that come, by the names of their files, and objects that go. */
interface Decided {
  put: { name: string; bucket: string; key: string }[];
  remove: { bucket: string; key: string }[];
}

/**
 * Objects that come into a data folder and objects that go from it, all at once: what `decide` has written down is done by
 * whoever opens the folder next, however often this is interrupted; before that nothing has happened.
 */
export class Replacement implements Staging {
  readonly position = 0;
  readonly #folder: DataFolder;
  readonly #put: StagedObject[] = [];
  readonly #remove: { bucket: string; key: string }[] = [];
  #files = 0;

  /** @param folder is held by the caller, and has no replacement under way */
  constructor(folder: DataFolder) {
    this.#folder = folder;
    rmSync(folder.replacement, { recursive: true, force: true });
    mkdirSync(folder.replacement, { recursive: true });
  }

  newFile(): string {
    return join(this.#folder.replacement, String(++this.#files));
  }

  /** Takes what a delivery stream delivers. */
  commit(_position: number, objects: StagedObject[]): void {
    this.#put.push(...objects);
  }

  /** @param object whose bytes are on the disk; it replaces one of the same key */
  put(object: StagedObject): void {
    this.#put.push(object);
  }

  /** The files that are to become objects of a bucket below a prefix. */
  filesOf(bucket: string, prefix: string): string[] {
    return this.#put
      .filter((object) => object.bucket === bucket && object.key.startsWith(prefix))
      .map(({ file }) => file);
  }

  remove(bucket: string, key: string): void {
    this.#remove.push({ bucket, key });
  }

  /** From here on it will be done. */
  decide(): { put: number; removed: number } {
    const names = this.#put.map(({ file, bucket, key }) => ({
      name: file.slice(this.#folder.replacement.length + 1),
      bucket,
      key,
    }));
    synchroniseFolder(this.#folder.replacement);
    replaceFile(decisionFile(this.#folder), JSON.stringify({ put: names, remove: this.#remove } satisfies Decided));
    return { put: this.#put.length, removed: this.#remove.length };
  }

  /** Gives up what is not decided. */
  discard(): void {
    rmSync(this.#folder.replacement, { recursive: true, force: true });
  }
}

/** Does what a process had decided and perhaps not ended; the caller holds the folder. */
export function completeReplacement(folder: DataFolder): void {
  if (!existsSync(folder.replacement)) return;
  const file = decisionFile(folder);
  if (existsSync(file)) {
    const { put, remove } = JSON.parse(readFileSync(file, "utf8")) as Decided;
    for (const { name, bucket, key } of put) {
      moveIfThere(join(folder.replacement, name), join(folder.bucket(bucket), key));
    }
    for (const { bucket, key } of remove) rmSync(join(folder.bucket(bucket), key), { force: true });
    for (const place of new Set(remove.map(({ bucket, key }) => join(folder.bucket(bucket), key, "..")))) {
      synchroniseFolder(place);
    }
  }
  rmSync(folder.replacement, { recursive: true, force: true });
}

function decisionFile(folder: DataFolder): string {
  return join(folder.replacement, "decided.json");
}
