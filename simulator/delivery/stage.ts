import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DataFolder } from "../data-folder.ts";
import { replaceFile, synchroniseFolder } from "../durable-file.ts";

/** A file that is to become an object of a bucket. */
export interface StagedObject {
  file: string;
  bucket: string;
  key: string;
}

interface Commit {
  /** Every record before this position of the log is delivered. */
  position: number;
  objects: StagedObject[];
}

/**
 * Where a stream prepares its objects. `commit` makes all of them visible with the position up to which they hold the
 * log, so that a process killed at any moment delivers each record once: what was not committed is made again from
 * the log, what was is only moved into place.
 */
export class Stage {
  position: number;
  readonly #folder: DataFolder;
  readonly #staged: string;
  readonly #commitFile: string;
  #files = 0;

  constructor(folder: DataFolder, stream: string) {
    this.#folder = folder;
    this.#staged = join(folder.stream(stream), "staged");
    this.#commitFile = join(folder.stream(stream), "commit.json");
    mkdirSync(this.#staged, { recursive: true });
    const commit = this.#lastCommit();
    this.#moveIntoPlace(commit.objects);
    for (const name of readdirSync(this.#staged)) rmSync(join(this.#staged, name));
    this.position = commit.position;
  }

  /** A new place for an object in the making. */
  newFile(): string {
    return join(this.#staged, String(++this.#files));
  }

  /** @param objects files whose bytes are on the disk */
  commit(position: number, objects: StagedObject[]): void {
    if (position === this.position && objects.length === 0) return;
    replaceFile(this.#commitFile, JSON.stringify({ position, objects } satisfies Commit));
    this.#moveIntoPlace(objects);
    this.position = position;
  }

  #lastCommit(): Commit {
    if (!existsSync(this.#commitFile)) return { position: 0, objects: [] };
    return JSON.parse(readFileSync(this.#commitFile, "utf8")) as Commit;
  }

  #moveIntoPlace(objects: StagedObject[]): void {
    for (const { file, bucket, key } of objects) {
      const place = join(this.#folder.bucket(bucket), key);
      // after a crash in the middle of the moves some are done
      if (!existsSync(file)) continue;
      mkdirSync(dirname(place), { recursive: true });
      renameSync(file, place);
      synchroniseFolder(dirname(place));
    }
  }
}
