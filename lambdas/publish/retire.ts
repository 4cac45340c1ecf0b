import type { Keep } from "../datasets/dataset.ts";
import { currentFolder, datasetFolder, manifestKey } from "../run/layout.ts";
import { formatLocation, type ListedObject, type Storage } from "../storage/index.ts";
import { filesOf } from "./manifest.ts";

const millisecondsOfDay = 86_400_000;

/** Manifests that are read at the same time. */
const atOnce = 16;

/**
 * Removes the files of a dataset that no manifest names and whose version is no longer kept: also those that a run left
 * which failed. A version counts as kept while it is younger than the days, unless enough later ones are there.
 *
 * @param now epoch ms
 * @returns how many files were removed
 */
export async function retire(
  storage: Pick<Storage, "find" | "list" | "delete">,
  bucket: string,
  { name, keep }: { name: string; keep: Keep },
  now: number,
): Promise<number> {
  const folder = `${datasetFolder(name)}/versions/`;
  // What is listed before the manifests are read cannot be what a run is just about to name: that is younger than a day.
  const candidates = retired(await storage.list(bucket, folder), folder, keep, now);
  if (candidates.length === 0) return 0;
  const named = await namedFiles(storage, bucket, name, candidates);
  const gone = candidates.filter((key) => !named.has(formatLocation({ bucket, key })));
  if (gone.length > 0) await storage.delete(bucket, gone);
  return gone.length;
}

/** The keys of versions that are no longer kept. A version of the last day is always kept: its run may be under way. */
function retired(objects: readonly ListedObject[], folder: string, keep: Keep, now: number): string[] {
  const versionOf = (key: string) => key.slice(folder.length).split("/")[0] ?? "";
  const newest = [...new Set(objects.map(({ key }) => versionOf(key)))].sort().reverse();
  const enough = new Set(keep.versions === undefined ? [] : newest.slice(keep.versions));
  return objects
    .filter(({ key, lastModified }) => {
      const days = (now - lastModified) / millisecondsOfDay;
      return days > 1 && (days > keep.days || enough.has(versionOf(key)));
    })
    .map(({ key }) => key);
}

/** All files that the manifests of those days name to which candidates belong. */
async function namedFiles(
  storage: Pick<Storage, "find" | "list">,
  bucket: string,
  name: string,
  candidates: readonly string[],
): Promise<Set<string>> {
  const days = new Set(candidates.map((key) => /\/dt=(\d{4}-\d{2}-\d{2})\//.exec(key)?.[1]));
  const listed = await storage.list(bucket, `${currentFolder(name)}/`);
  const wanted = new Set([...days].map((day) => manifestKey(name, day)));
  const keys = listed.map(({ key }) => key).filter((key) => wanted.has(key));
  const named = new Set<string>();
  for (let at = 0; at < keys.length; at += atOnce) {
    const found = await Promise.all(keys.slice(at, at + atOnce).map((key) => storage.find({ bucket, key })));
    for (const manifest of found)
      if (manifest !== undefined) for (const file of filesOf(manifest.bytes)) named.add(file);
  }
  return named;
}
