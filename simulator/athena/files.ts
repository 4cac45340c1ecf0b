import { readdir, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import type { FileTable } from "./glue-table.ts";

/** An object of a table as it is now. */
export interface TableFile {
  path: string;
  bucket: string;
  key: string;
  /** Another text once the object is written anew. */
  version: string;
}

/**
 * The files of a table, by path: those of its projected partitions only, and none that Hive ignores (a name or folder that
 * starts with _ or ., an empty file).
 *
 * @param bucketFolder where the objects of its bucket lie
 * @param now the time by which a projection's NOW goes
 */
export async function filesOf(table: FileTable, bucketFolder: string, now: Date): Promise<TableFile[]> {
  const bucket = resolve(bucketFolder);
  const folder = join(bucket, table.root.prefix);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return []; // nothing has been written there yet
      throw error;
    },
  );
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isIgnored(path.slice(folder.length + 1)))
    .map((path) => ({ path, bucket: table.root.bucket, key: path.slice(bucket.length + 1).replaceAll(sep, "/") }))
    .filter(({ key }) => isProjected(table, key, now))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  const files = await Promise.all(paths.map((file) => fileAt(file)));
  return files.filter((file) => file !== undefined).filter(({ size }) => size > 0);
}

/** An object's file and its size; undefined where there is none, since it was removed meanwhile. */
export async function fileAt(place: Omit<TableFile, "version">): Promise<(TableFile & { size: number }) | undefined> {
  try {
    const { size, mtimeMs, ino } = await stat(place.path);
    return { ...place, size, version: `${size} ${mtimeMs} ${ino}` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

function isIgnored(pathInTable: string): boolean {
  return pathInTable.split(sep).some((name) => name.startsWith("_") || name.startsWith("."));
}

/** The text of each projected column in an object's key, in the order of the projection's keys. */
export function partitionOf({ projection }: FileTable, key: string): string[] | undefined {
  return projection && new RegExp(projection.keyPattern).exec(key)?.slice(1);
}

function isProjected(table: FileTable, key: string, now: Date): boolean {
  const { projection } = table;
  if (!projection) return true;
  const values = partitionOf(table, key);
  return values !== undefined && projection.keys.every((each, index) => each.holds(values[index] ?? "", now));
}
