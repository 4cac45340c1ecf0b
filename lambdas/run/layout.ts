/** Keys of the lake's bucket that the steps of a run read and write. */

/** Below it the versions of a dataset, and what is current of them. */
export function datasetFolder(name: string): string {
  return `datasets/${name}`;
}

/** What one run wrote of a dataset: `<chunk>-<attempt>/...` */
export function versionFolder(name: string, version: string): string {
  return `${datasetFolder(name)}/versions/${version}`;
}

/** Below it the manifests: which files are the current ones. */
export function currentFolder(name: string): string {
  return `${datasetFolder(name)}/current`;
}

/**
 * The list of the current files, one `s3://` URL per line: of one day (a table's partition), or of the whole. As
 * SymlinkTextInputFormat reads it.
 */
export function manifestKey(name: string, day?: string): string {
  return `${currentFolder(name)}/${day === undefined ? "" : `dt=${day}/`}manifest`;
}

/** How far arrivals have been processed. */
export const marksKey = "runs/marks.json";

/** What one run needs while it lasts; a lifecycle rule removes it after some days. */
export function workFolder(run: string): string {
  return `runs/work/${run}`;
}
