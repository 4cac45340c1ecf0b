import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../durable-file.ts";

/** What is kept of an object beside its bytes: `content-type`, `x-amz-meta-version` ... by name in lower case. */
export type Headers = Readonly<Record<string, string>>;

/** What an object has that was put without a type, and what a Firehose or Athena writes. */
export const defaultContentType = "application/octet-stream";

/**
 * Headers of objects, in files beside the buckets. A file belongs to an object of one entity tag: it is written before the
 * object takes its place, and those of other tags go after, so that at every moment an object has the headers that it was
 * put with.
 */
export class ObjectHeaders {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Of the object that has this entity tag. */
  of(bucket: string, key: string, tag: string): Headers {
    const file = this.#file(bucket, key, tag);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { headers: Headers }).headers : {};
  }

  /** Says what the object that is about to take the key has. */
  prepare(bucket: string, key: string, tag: string, headers: Headers): void {
    const file = this.#file(bucket, key, tag);
    if (Object.keys(headers).length > 0) replaceFile(file, JSON.stringify({ bucket, key, headers }));
    else rmSync(file, { force: true });
  }

  /** Forgets what other objects of the key had. */
  settle(bucket: string, key: string, tag: string | undefined): void {
    const folder = this.#folderOf(bucket, key);
    if (!existsSync(folder)) return;
    const names = readdirSync(folder);
    const kept = names.filter((name) => tag !== undefined && name === `${tag}.json`);
    if (kept.length === 0) rmSync(folder, { recursive: true, force: true });
    else for (const name of names) if (!kept.includes(name)) rmSync(join(folder, name), { force: true });
  }

  #file(bucket: string, key: string, tag: string): string {
    return join(this.#folderOf(bucket, key), `${tag}.json`);
  }

  /** Keys are longer than names of files may be. */
  #folderOf(bucket: string, key: string): string {
    return join(this.#folder, bucket, createHash("sha256").update(key).digest("hex").slice(0, 32));
  }
}
