import { mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { open, rm, type FileHandle } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import type { DataFolder } from "../data-folder.ts";
import { synchroniseFolder } from "../durable-file.ts";
import { EntityTags } from "./entity-tags.ts";
import { noSuchBucket, noSuchKey, preconditionFailed, S3Error } from "./errors.ts";
import { defaultContentType, ObjectHeaders, type Headers } from "./object-headers.ts";
import { receive, type Received, type RequestHeaders } from "./received.ts";

/** An object as it is now; its file stays readable when another takes its place. */
export interface OpenObject {
  file: FileHandle;
  size: number;
  modified: Date;
  /** MD5 in hexadecimal. */
  tag: string;
  headers: Headers;
}

/** When an object may be put: only in the place of the one with this tag, or only where there is none. */
export type PutCondition = { matches: string } | "absent";

/**
 * The declared buckets: an object is a file of the data folder at its key, whoever wrote it. Objects are replaced as a
 * whole, and when `put` resolves they are on the disk.
 */
export class ObjectStore {
  readonly #folder: DataFolder;
  readonly #buckets: ReadonlySet<string>;
  readonly #tags = new EntityTags();
  readonly #headers: ObjectHeaders;
  /** Writes of one key, one after the other: a condition holds until the object is in its place. */
  readonly #writes = new Map<string, Promise<unknown>>();

  constructor(folder: DataFolder, buckets: readonly string[]) {
    this.#folder = folder;
    this.#buckets = new Set(buckets);
    this.#headers = new ObjectHeaders(folder.objectHeaders);
  }

  /** Removes what a killed simulator had begun to receive. */
  removeUnfinished(): void {
    rmSync(this.#folder.uploads, { recursive: true, force: true });
  }

  has(bucket: string): boolean {
    return this.#buckets.has(bucket);
  }

  /** @throws S3Error NoSuchBucket */
  requireBucket(bucket: string): void {
    if (!this.has(bucket)) throw noSuchBucket(bucket);
  }

  /**
   * Where an object's file is, there or not.
   *
   * @throws S3Error for a bucket that is not declared, and for a key that cannot be the name of a file
   */
  fileOf(bucket: string, key: string): string {
    this.requireBucket(bucket);
    if (Buffer.byteLength(key) > 1024) throw new S3Error(400, "KeyTooLongError", "Your key is too long", { Key: key });
    if (normalize(`/${key}`) !== `/${key}` || key.endsWith("/") || key.includes("\0")) {
      const message = `The key ${key} cannot be the name of a file on this machine: it has an empty part, ".", ".." or ends with a slash.`;
      throw new S3Error(400, "InvalidURI", message);
    }
    return join(this.#folder.bucket(bucket), key);
  }

  /**
   * Opens an object; the caller closes its file.
   *
   * @throws S3Error
   */
  async open(bucket: string, key: string): Promise<OpenObject | undefined> {
    const path = this.fileOf(bucket, key);
    const file = await openIfThere(path);
    if (!file) return undefined;
    try {
      const stat = await file.stat();
      if (!stat.isFile()) {
        await file.close();
        return undefined;
      }
      const tag = await this.#tags.of(path, file);
      const kept = this.#headers.of(bucket, key, tag);
      return {
        file,
        size: stat.size,
        modified: stat.mtime,
        tag,
        headers: { "content-type": defaultContentType, ...kept },
      };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The entity tag of an object; undefined where there is none. */
  async tagOf(bucket: string, key: string): Promise<string | undefined> {
    const object = await this.open(bucket, key);
    await object?.file.close();
    return object?.tag;
  }

  /** Receives the body of a request, to be put. */
  receive(source: AsyncIterable<Buffer>, headers: RequestHeaders): Promise<Received> {
    return receive(source, headers, this.#temporary());
  }

  /**
   * Makes what was received the object of a key.
   *
   * @throws S3Error when the condition does not hold
   */
  async put(
    bucket: string,
    key: string,
    received: Received,
    headers: Headers,
    condition?: PutCondition,
  ): Promise<void> {
    try {
      const path = this.fileOf(bucket, key);
      await this.#alone(path, async () => {
        await this.#require(bucket, key, condition);
        this.#makeRoom(path, key);
        this.#headers.prepare(bucket, key, received.tag, withoutDefaults(headers));
        renameSync(received.file, path);
        synchroniseFolder(dirname(path));
        this.#headers.settle(bucket, key, received.tag);
      });
    } finally {
      await rm(received.file, { force: true });
    }
  }

  /**
   * Makes a file of this data folder the object of a key; the file is gone from its place.
   *
   * @throws S3Error
   */
  async adopt(bucket: string, key: string, file: string): Promise<void> {
    const path = this.fileOf(bucket, key);
    const handle = await open(file, "r+");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await this.#alone(path, () => {
      this.#makeRoom(path, key);
      renameSync(file, path);
      synchroniseFolder(dirname(path));
      this.#headers.settle(bucket, key, undefined);
    });
  }

  /** A copy of an object's bytes, to be put. */
  copyOf({ file }: OpenObject): Promise<Received> {
    return receive(file.createReadStream({ start: 0, autoClose: false }), {}, this.#temporary());
  }

  /** Removes an object; nothing where there is none. */
  async delete(bucket: string, key: string): Promise<void> {
    const path = this.fileOf(bucket, key);
    await this.#alone(path, () => {
      if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return;
      rmSync(path);
      synchroniseFolder(dirname(path));
      this.#tags.forget(path);
      this.#headers.settle(bucket, key, undefined);
    });
  }

  #temporary(): string {
    mkdirSync(this.#folder.uploads, { recursive: true });
    return join(this.#folder.uploads, crypto.randomUUID());
  }

  async #require(bucket: string, key: string, condition: PutCondition | undefined): Promise<void> {
    if (condition === undefined) return;
    const tag = await this.tagOf(bucket, key);
    if (condition === "absent") {
      if (tag !== undefined) throw preconditionFailed("If-None-Match");
    } else if (tag === undefined) {
      throw noSuchKey(key);
    } else if (tag !== condition.matches) {
      throw preconditionFailed("If-Match");
    }
  }

  /** A bucket is a folder: an object's key cannot also be the start of another's, up to a slash. */
  #makeRoom(path: string, key: string): void {
    const clash = new S3Error(
      409,
      "InvalidRequest",
      `On this machine a bucket is a folder, in which ${key} cannot be both an object and the folder of others.`,
    );
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw clash;
    try {
      mkdirSync(dirname(path), { recursive: true });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EEXIST" || code === "ENOTDIR") throw clash;
      throw error;
    }
  }

  async #alone<Result>(path: string, write: () => Promise<Result> | Result): Promise<Result> {
    const before = this.#writes.get(path) ?? Promise.resolve();
    const mine = before.then(write, write);
    this.#writes.set(path, mine);
    try {
      return await mine;
    } finally {
      if (this.#writes.get(path) === mine) this.#writes.delete(path);
    }
  }
}

function withoutDefaults(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => name !== "content-type" || value !== defaultContentType),
  );
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(code)) return undefined;
    throw error;
  }
}
