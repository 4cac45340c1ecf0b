import type { DatasetItem } from "../plan/events.ts";
import { dateOf, daysOf } from "../run/days.ts";
import { versionFolder } from "../run/layout.ts";
import { RunError } from "../run/run-error.ts";
import { formatLocation, parseLocation, type Storage } from "../storage/index.ts";
import type { Published, PublishEvent, QueryExecution } from "./events.ts";
import { replaceManifest, type Replacement } from "./manifest.ts";
import { filesByDay, unloadedFiles } from "./result-files.ts";

/** Manifests that are written at the same time. */
const atOnce = 16;

/**
 * Makes what the statements of an item gave current, and delivers it. Every write is one that may be made again, so that
 * a run that was ended anywhere in between is only to be run once more.
 *
 * @throws RunError InvalidResult, Contention; StorageError
 */
export async function publishItem(
  storage: Pick<Storage, "find" | "put" | "copy">,
  bucket: string,
  { item, results }: PublishEvent,
): Promise<Published> {
  const { name, version, statements } = item;
  if (results.length !== statements.length) {
    throw new RunError(
      "InvalidResult",
      `Dataset ${name}: ${statements.length} statements were planned, and ${results.length} results are there.`,
    );
  }
  const files: string[] = [];
  for (const result of results) files.push(...(await resultFiles(storage, bucket, item, result)));
  const replaced = await replaceManifests(storage, bucket, item, files);
  const count = (kind: Replacement) => replaced.filter((one) => one === kind).length;
  const { deliver } = item;
  // A key without the version holds the latest result: a run that came too late has none to give.
  const isLate = count("superseded") > 0 && deliver?.includes(version) === false;
  const delivered = deliver === undefined || isLate ? [] : deliveriesOf(deliver, files);
  for (const { file, key } of delivered) await storage.copy(parseLocation(file), { bucket, key });
  return {
    name,
    version,
    written: count("written"),
    superseded: count("superseded"),
    files: files.length,
    delivered: delivered.map(({ key }) => key),
  };
}

/** The files of one statement, below the item's version: of a SELECT its result, which Athena wrote elsewhere. */
async function resultFiles(
  storage: Pick<Storage, "find" | "copy">,
  bucket: string,
  item: DatasetItem,
  execution: QueryExecution,
): Promise<string[]> {
  const isUnload = item.statements.every(({ before }) => before.startsWith("UNLOAD"));
  if (isUnload) return unloadedFiles(storage, bucket, item, execution);
  const address = execution.ResultConfiguration?.OutputLocation;
  if (address === undefined) {
    throw new RunError("InvalidResult", `Dataset ${item.name}: the query has no ResultConfiguration.OutputLocation.`);
  }
  const kept = { bucket, key: `${versionFolder(item.name, item.version)}/result.csv` };
  await storage.copy(parseLocation(address), kept);
  return [formatLocation(kept)];
}

async function replaceManifests(
  storage: Pick<Storage, "find" | "put">,
  bucket: string,
  { name, version, stored, days }: DatasetItem,
  files: readonly string[],
): Promise<Replacement[]> {
  if (stored !== "by day") return [await replaceManifest(storage, bucket, { name, version }, files)];
  const byDay = filesByDay({ name, days }, files);
  const dates = [...daysOf(days)].sort((a, b) => a - b).map(dateOf);
  const replaced: Replacement[] = [];
  for (let at = 0; at < dates.length; at += atOnce) {
    const batch = dates
      .slice(at, at + atOnce)
      .map((day) => replaceManifest(storage, bucket, { name, version, day }, byDay.get(day) ?? []));
    replaced.push(...(await Promise.all(batch)));
  }
  return replaced;
}

/** One file under the key itself; of several each with its number before the ending. */
function deliveriesOf(key: string, files: readonly string[]): { file: string; key: string }[] {
  const sorted = [...files].sort();
  if (sorted.length === 1) return sorted.map((file) => ({ file, key }));
  return sorted.map((file, index) => ({ file, key: key.replace(/(?=\.[^./]+$)/, `-${index + 1}`) }));
}
