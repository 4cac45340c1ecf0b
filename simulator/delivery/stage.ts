import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DataFolder } from "../data-folder.ts";
import { replaceFile, synchroniseFolder } from "../durable-file.ts";
import { startOfLog } from "../log/segments.ts";

/** A file that is to become an object of a bucket. */
export interface StagedObject {
  file: string;
  bucket: string;
  key: string;
  /** A file that tells which records the object holds: see RecordIndex. */
  index?: string;
}

/** Where a stream prepares its objects. */
export interface Staging {
  /** Every record before this position of the log is delivered. */
  readonly position: number;
  /** A new place for an object in the making. */
  newFile(): string;
  /** @param objects files whose bytes are on the disk */
  commit(position: number, objects: StagedObject[]): void;
}

interface Commit {
  /** Every record before this position of the log is delivered. */
  position: number;
  objects: StagedObject[];
}

/**
 * The stage of a stream that follows the log. `commit` makes all of them visible with the position up to which they hold the
 * log, so that a process killed at any moment delivers each record once: what was not committed is made again from
 * the log, what was is only moved into place.
 */
export class Stage implements Staging {
  position: number;
  readonly #folder: DataFolder;
  readonly #stream: string;
  readonly #staged: string;
  readonly #commitFile: string;

  constructor(folder: DataFolder, stream: string) {
    this.#folder = folder;
    this.#stream = stream;
    this.#staged = join(folder.stream(stream), "staged");
    this.#commitFile = join(folder.stream(stream), "commit.json");
    mkdirSync(this.#staged, { recursive: true });
    const commit = this.#lastCommit();
    this.#moveIntoPlace(commit.objects);
    for (const name of readdirSync(this.#staged)) rmSync(join(this.#staged, name));
    this.position = commit.position;
  }

  newFile(): string {
    // no name comes again: what a killed process left half-made must not be taken for a file of the last commit
    return join(this.#staged, randomUUID());
  }

  commit(position: number, objects: StagedObject[]): void {
    if (position === this.position && objects.length === 0) return;
    replaceFile(this.#commitFile, JSON.stringify({ position, objects } satisfies Commit));
    this.#moveIntoPlace(objects);
    this.position = position;
  }

  #lastCommit(): Commit {
    if (!existsSync(this.#commitFile)) return { position: startOfLog(this.#folder.log), objects: [] };
    return JSON.parse(readFileSync(this.#commitFile, "utf8")) as Commit;
  }

  #moveIntoPlace(objects: StagedObject[]): void {
    for (const { file, bucket, key, index } of objects) {
      // first, so that an object that is there has its index
      if (index !== undefined) moveIfThere(index, this.#folder.recordIndex(this.#stream, key));
      moveIfThere(file, join(this.#folder.bucket(bucket), key));
    }
  }
}

/** After a crash in the middle of several moves some are done. */
export function moveIfThere(file: string, place: string): void {
  if (!existsSync(file)) return;
  mkdirSync(dirname(place), { recursive: true });
  renameSync(file, place);
  synchroniseFolder(dirname(place));
}
