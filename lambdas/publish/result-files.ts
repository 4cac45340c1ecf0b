import { daysOf, dayOf } from "../run/days.ts";
import { versionFolder } from "../run/layout.ts";
import type { DatasetItem } from "../plan/events.ts";
import { RunError } from "../run/run-error.ts";
import { parseLocation, type Storage } from "../storage/index.ts";
import type { QueryExecution } from "./events.ts";
import { filesOf } from "./manifest.ts";

/**
 * The files that an UNLOAD wrote, as `s3://` URLs: of its data manifest, one per line. Files of an attempt that failed lie
 * beside them and are in none.
 *
 * @throws RunError InvalidResult for files that are not the item's own
 */
export async function unloadedFiles(
  storage: Pick<Storage, "find">,
  bucket: string,
  { name, version }: Pick<DatasetItem, "name" | "version">,
  execution: QueryExecution,
): Promise<string[]> {
  const address = execution.Statistics?.DataManifestLocation;
  if (address === undefined) {
    throw new RunError(
      "InvalidResult",
      `Dataset ${name}: the query ${execution.QueryExecutionId ?? ""} has no Statistics.DataManifestLocation, so it was no UNLOAD.`,
    );
  }
  // Athena writes no manifest where there is no file.
  const manifest = await storage.find(parseLocation(address));
  const files = filesOf(manifest?.bytes ?? new Uint8Array(0)).map((line) => line.replaceAll(/^"|"$/g, ""));
  const folder = `s3://${bucket}/${versionFolder(name, version)}/`;
  const foreign = files.find((file) => !file.startsWith(folder));
  if (foreign === undefined) return files;
  throw new RunError("InvalidResult", `Dataset ${name}: the query wrote ${foreign}, and not below ${folder}.`);
}

/** The files of each day of the item, by their folder `dt=...`; days without files have none. */
export function filesByDay(
  { name, days }: Pick<DatasetItem, "name" | "days">,
  files: readonly string[],
): Map<string, string[]> {
  const wanted = daysOf(days);
  const byDay = new Map<string, string[]>();
  for (const file of files) {
    const day = /\/dt=(\d{4}-\d{2}-\d{2})\/[^/]+$/.exec(file)?.[1];
    if (day === undefined || !wanted.has(dayOf(day))) {
      throw new RunError(
        "InvalidResult",
        `Dataset ${name}: the query wrote ${file}, which is of no day that was asked for (${days.map(({ from, to }) => `${from} to ${to}`).join(", ")}).`,
      );
    }
    byDay.set(day, [...(byDay.get(day) ?? []), file]);
  }
  return byDay;
}
