import { formatLocation, StorageError, type Location, type Storage } from "../../storage/index.ts";
import type { ListedObject, PutOptions, StoredObject } from "../../storage/index.ts";

interface Kept extends StoredObject {
  lastModified: number;
}

/** S3 in memory, with its conditions; it can fail, before or after a call has done its work, and let others in between. */
export class MemoryStorage implements Pick<Storage, "find" | "get" | "put" | "copy" | "list" | "delete"> {
  readonly objects = new Map<string, Kept>();
  /** What is written now is written at this time, epoch ms. */
  now = Date.UTC(2018, 11, 16);
  calls = 0;
  /** The call that fails, counted from 1, and whether its work is done before. */
  fails: { at: number; done: boolean } | undefined;
  /** Is awaited before each write. */
  beforePut: ((key: string) => Promise<void> | void) | undefined;
  #writes = 0;

  /** The text of an object, or undefined. */
  text(key: string, bucket = "lake"): string | undefined {
    const object = this.objects.get(formatLocation({ bucket, key }));
    return object && new TextDecoder().decode(object.bytes);
  }

  keys(prefix: string): string[] {
    return [...this.objects.keys()]
      .filter((url) => url.startsWith(`s3://lake/${prefix}`))
      .map((url) => url.slice(10))
      .sort();
  }

  /** Puts a text there without a call. */
  set(key: string, text: string | Uint8Array, metadata: Record<string, string> = {}, bucket = "lake"): this {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    this.objects.set(formatLocation({ bucket, key }), {
      bytes,
      etag: `"${++this.#writes}"`,
      metadata,
      lastModified: this.now,
    });
    return this;
  }

  async find(location: Location): Promise<StoredObject | undefined> {
    return this.#call(location, () => this.objects.get(formatLocation(location)));
  }

  async get(location: Location): Promise<StoredObject> {
    const found = await this.find(location);
    if (found === undefined) throw new StorageError("read", location, "NoSuchKey", "");
    return found;
  }

  async put(location: Location, body: Uint8Array | string, options: PutOptions = {}): Promise<boolean> {
    await this.beforePut?.(location.key);
    return this.#call(location, () => {
      const found = this.objects.get(formatLocation(location));
      if (options.ifAbsent === true && found !== undefined) return false;
      if (options.ifMatch !== undefined && found?.etag !== options.ifMatch) return false;
      this.set(location.key, body, options.metadata, location.bucket);
      return true;
    });
  }

  async copy(from: Location, to: Location): Promise<void> {
    return this.#call(from, () => {
      const found = this.objects.get(formatLocation(from));
      if (found === undefined) throw new StorageError("copy", from, "NoSuchKey", "");
      this.set(to.key, found.bytes, found.metadata, to.bucket);
    });
  }

  async list(bucket: string, prefix: string): Promise<ListedObject[]> {
    return this.#call({ bucket, key: prefix }, () => {
      const start = formatLocation({ bucket, key: prefix });
      return [...this.objects]
        .filter(([url]) => url.startsWith(start))
        .map(([url, { bytes, lastModified }]) => ({
          key: url.slice(`s3://${bucket}/`.length),
          size: bytes.length,
          lastModified,
        }))
        .sort((a, b) => (a.key < b.key ? -1 : 1));
    });
  }

  async delete(bucket: string, keys: readonly string[]): Promise<void> {
    return this.#call({ bucket, key: keys[0] ?? "" }, () => {
      for (const key of keys) this.objects.delete(formatLocation({ bucket, key }));
    });
  }

  async #call<T>(location: Location, work: () => T): Promise<T> {
    const failing = ++this.calls === this.fails?.at;
    if (failing && this.fails?.done !== true)
      throw new StorageError("reach", location, "InternalError", "the run is killed");
    const result = work();
    if (failing) throw new StorageError("reach", location, "InternalError", "the run is killed");
    return Promise.resolve(result);
  }
}

/** What an object's text is, of those below a prefix. */
export function contents(storage: MemoryStorage, prefix: string): Record<string, string | undefined> {
  return Object.fromEntries(storage.keys(prefix).map((key) => [key, storage.text(key)]));
}
