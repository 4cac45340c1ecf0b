import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";

/**
 * Entity tags of objects: the MD5 of their bytes, as S3 gives them to an object that was put in one piece (S3 user guide,
 * "ETag"). A file's is worked out when it is first asked for, whoever wrote it.
 */
export class EntityTags {
  readonly #known = new Map<string, { version: string; tag: string }>();

  /** Of an open file. */
  async of(path: string, file: FileHandle): Promise<string> {
    const version = await versionOf(file);
    const known = this.#known.get(path);
    if (known?.version === version) return known.tag;
    const hash = createHash("md5");
    for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) hash.update(chunk as Buffer);
    const tag = hash.digest("hex");
    this.#known.set(path, { version, tag });
    return tag;
  }

  forget(path: string): void {
    this.#known.delete(path);
  }
}

/** Another text once the path leads to another file, or its bytes change. */
async function versionOf(file: FileHandle): Promise<string> {
  const { size, mtimeNs, ino } = await file.stat({ bigint: true });
  return `${size} ${mtimeNs} ${ino}`;
}
