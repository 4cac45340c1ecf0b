import { manifestKey } from "../run/layout.ts";
import { RunError } from "../run/run-error.ts";
import type { Storage } from "../storage/index.ts";

/** How often a manifest is tried to be replaced: each try is lost to another run's write only. */
const attempts = 10;

/** Metadata of a manifest: the version whose files it lists. */
const versionName = "version";

export type Replacement = "written" | "superseded" | "unchanged";

/**
 * Makes files the current ones of a dataset, or of one day of it, in a single write: a reader sees the files of one version
 * or of another. What a later version has written stays. Where there are no files, a list that is there is emptied, not
 * removed: it keeps an earlier version from coming back.
 *
 * @param files `s3://` URLs
 * @throws RunError Contention
 */
export async function replaceManifest(
  storage: Pick<Storage, "find" | "put">,
  bucket: string,
  dataset: { name: string; version: string; day?: string },
  files: readonly string[],
): Promise<Replacement> {
  const location = { bucket, key: manifestKey(dataset.name, dataset.day) };
  const body = [...files]
    .sort()
    .map((file) => `${file}\n`)
    .join("");
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await storage.find(location);
    if (found === undefined && files.length === 0) return "unchanged";
    const current = found?.metadata[versionName];
    if (current !== undefined && current > dataset.version) return "superseded";
    if (found !== undefined && current === dataset.version && new TextDecoder().decode(found.bytes) === body) {
      return "unchanged";
    }
    const condition = found === undefined ? { ifAbsent: true } : { ifMatch: found.etag };
    const options = { ...condition, contentType: "text/plain", metadata: { [versionName]: dataset.version } };
    if (await storage.put(location, body, options)) return "written";
  }
  throw new RunError(
    "Contention",
    `s3://${bucket}/${location.key} was replaced by others ${attempts} times in a row; run it again when fewer runs are under way.`,
  );
}

/** The files of a manifest, as `s3://` URLs. */
export function filesOf(manifest: Uint8Array): string[] {
  return new TextDecoder()
    .decode(manifest)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
