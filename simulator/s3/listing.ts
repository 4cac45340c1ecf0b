import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { DataFolder } from "../data-folder.ts";

export interface ListRequest {
  prefix: string;
  /** Keys are rolled up by what stands before it, behind the prefix; "" rolls up nothing. */
  delimiter: string;
  /** Only keys and prefixes behind this one. */
  after: string;
  /** Keys and prefixes at most. */
  limit: number;
}

/** A page of keys, in the order of their UTF-8 bytes. */
export interface Listing {
  keys: string[];
  commonPrefixes: string[];
  /** The last key or prefix of the page, where more follow. */
  next: string | undefined;
}

/** The keys of a bucket (S3 API reference, ListObjectsV2). */
export async function listed(folder: DataFolder, bucket: string, request: ListRequest): Promise<Listing> {
  const { prefix, delimiter, after, limit } = request;
  const keys: string[] = [];
  const commonPrefixes: string[] = [];
  let last: string | undefined;
  for (const key of await keysOf(folder.bucket(bucket), prefix)) {
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const entry = end < 0 ? key : key.slice(0, end + delimiter.length);
    if (compare(entry, after) <= 0 || entry === last) continue;
    if (keys.length + commonPrefixes.length === limit) return { keys, commonPrefixes, next: last };
    (end < 0 ? keys : commonPrefixes).push(entry);
    last = entry;
  }
  return { keys, commonPrefixes, next: undefined };
}

/** The keys that start with a prefix, sorted: only the prefix's own folder is walked. */
export async function keysOf(bucketFolder: string, prefix: string): Promise<string[]> {
  const base = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  if (base.split("/").includes("..")) return [];
  const folder = join(bucketFolder, base);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
      throw error;
    },
  );
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(bucketFolder, "/").length))
    .filter((key) => key.startsWith(prefix))
    .sort(compare);
}

function compare(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
