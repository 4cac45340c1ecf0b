import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ListedObject, Location, Storage } from "../lambdas/storage/index.ts";

/** A folder in the place of a bucket. */
export class FolderStorage implements Pick<Storage, "get" | "list" | "put"> {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get({ key }: Location): ReturnType<Storage["get"]> {
    return Promise.resolve({ bytes: readFileSync(join(this.#folder, key)), etag: "", metadata: {} });
  }

  /** @param prefix a folder's name, with its slash */
  list(_bucket: string, prefix: string): Promise<ListedObject[]> {
    const objects = readdirSync(join(this.#folder, prefix)).map((name) => {
      const { size, mtimeMs } = statSync(join(this.#folder, prefix, name));
      return { key: prefix + name, size, lastModified: mtimeMs };
    });
    return Promise.resolve(objects);
  }

  put({ key }: Location, body: Uint8Array | string): Promise<boolean> {
    const file = join(this.#folder, key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, body);
    return Promise.resolve(true);
  }
}
