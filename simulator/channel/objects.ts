import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { DataFolderError, type DataFolder } from "../data-folder.ts";
import type { DeliveryStream, Destination } from "../declared/index.ts";
import { readIndex } from "../delivery/record-index.ts";
import type { StreamRecord } from "../delivery/transform.ts";

/** An object in which a delivery stream keeps its records as they came. */
export interface ChannelObject {
  file: string;
  /** Which records it holds. */
  index: string;
  gzip: boolean;
}

/**
 * The objects of a stream's channel (its source backup) in the order of their delivery.
 *
 * @throws DataFolderError for a stream that keeps none, or an object whose records are not known
 */
export function channelObjects(folder: DataFolder, { name, backup }: DeliveryStream): ChannelObject[] {
  if (!backup)
    throw new DataFolderError(`The delivery stream ${name} keeps no channel: its source backup is not enabled.`);
  const objects = filesBelow(folder, backup).map((file) => {
    const index = folder.recordIndex(name, file);
    if (existsSync(index)) return { file, index, gzip: backup.gzip };
    throw new DataFolderError(
      `Which records are in ${file} is not known, since ${index} is missing: restore it from a copy, or move the object away.`,
    );
  });
  return inOrder(objects);
}

/** The files of a destination's prefix, or of the part of it that is the same for all objects. */
export function filesBelow(folder: DataFolder, { bucket, prefix }: Pick<Destination, "bucket" | "prefix">): string[] {
  const fixed = fixedPart(prefix);
  const root = folder.bucket(bucket);
  const start = join(root, fixed.slice(0, fixed.lastIndexOf("/") + 1));
  if (!existsSync(start)) return [];
  return readdirSync(start, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => file.startsWith(join(root, fixed)))
    .sort();
}

/** The part of a custom prefix before its first expression. */
export function fixedPart(prefix: string): string {
  return prefix.split("!{")[0] ?? "";
}

/** The records of an object, in their order. @throws DataFolderError where the object is shorter than its index */
export async function* recordsOf({ file, index, gzip }: ChannelObject): AsyncGenerator<StreamRecord> {
  const chunks = contentOf(file, gzip);
  let rest: Buffer = Buffer.alloc(0);
  try {
    for (const { recordId, arrival, bytes } of readIndex(index)) {
      const parts = [rest];
      for (let missing = bytes - rest.length; missing > 0;) {
        const next = await chunks.next();
        if (next.done) throw new DataFolderError(`${file} ends within the record ${recordId}: restore it from a copy.`);
        parts.push(next.value);
        missing -= next.value.length;
      }
      const joined = parts.length === 1 ? rest : Buffer.concat(parts);
      yield { recordId, arrival, data: joined.subarray(0, bytes) };
      rest = joined.subarray(bytes);
    }
  } finally {
    await chunks.return(undefined);
  }
}

/** The bytes of a file, decompressed, as they are asked for. */
async function* contentOf(file: string, gzip: boolean): AsyncGenerator<Buffer> {
  const content = createReadStream(file);
  // who reads the last stream gets the errors of both
  const stream = gzip ? pipeline(content, createGunzip(), () => {}) : content;
  yield* stream as AsyncIterable<Buffer>;
}

/** Names carry the second of the first record's arrival; within it the files' own times tell. */
function inOrder(objects: ChannelObject[]): ChannelObject[] {
  const keyed = objects.map((object) => ({
    object,
    second: /-1-(\d{4}(?:-\d\d){5})-/.exec(object.file)?.[1] ?? "",
    written: statSync(object.file).mtimeMs,
  }));
  keyed.sort((a, b) => (a.second < b.second ? -1 : a.second > b.second ? 1 : a.written - b.written));
  return keyed.map(({ object }) => object);
}
