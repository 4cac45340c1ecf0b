import { readdir, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import type { FileTable } from "./glue-table.ts";

/** An object of a table as it is now. */
export interface TableFile {
  path: string;
  /** Another text once the object is written anew. */
  version: string;
}

/**
 * The files of a table, by path: those of its projected partitions only, and none that Hive ignores (a name or folder that
 * starts with _ or ., an empty file).
 *
 * @param bucketFolder where a bucket's objects lie
 * @param now the time by which a projection's NOW goes
 */
export async function filesOf(
  table: FileTable,
  bucketFolder: (bucket: string) => string,
  now: Date,
): Promise<TableFile[]> {
  const bucket = resolve(bucketFolder(table.root.bucket));
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
    .filter((path) => isProjected(table, path.slice(bucket.length + 1).replaceAll(sep, "/"), now))
    .sort();
  const files = await Promise.all(
    paths.map(async (path) => {
      const { size, mtimeMs, ino } = await stat(path);
      return { path, size, version: `${size} ${mtimeMs} ${ino}` };
    }),
  );
  return files.filter(({ size }) => size > 0);
}

function isIgnored(pathInTable: string): boolean {
  return pathInTable.split(sep).some((name) => name.startsWith("_") || name.startsWith("."));
}

function isProjected({ projection }: FileTable, key: string, now: Date): boolean {
  if (!projection) return true;
  const values = new RegExp(projection.keyPattern).exec(key)?.slice(1);
  return values !== undefined && projection.keys.every((each, index) => each.holds(values[index] ?? "", now));
}
