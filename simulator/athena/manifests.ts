import { readFile } from "node:fs/promises";
import { join, normalize, resolve } from "node:path";
import { fileAt, partitionOf, type TableFile } from "./files.ts";
import type { FileTable } from "./glue-table.ts";
import type { ErrorCode } from "./errors.ts";

/** A file that a manifest lists, with the partition of that manifest: the file itself may lie anywhere. */
export interface ListedFile extends TableFile {
  /** In the order of the projection's keys. */
  partition: string[];
}

/** A line of a manifest that leads nowhere: whoever reads its partition fails. */
export interface BrokenLine {
  partition: string[];
  code: ErrorCode;
  message: string;
}

/**
 * The files that the manifests of a table list, as Hive's SymlinkTextInputFormat reads them: each file of the table is a
 * text, a URL of a data file a line.
 *
 * @param bucketFolder where a bucket's objects lie; undefined for one that is not declared
 */
export async function listedFiles(
  table: FileTable,
  manifests: readonly TableFile[],
  bucketFolder: (bucket: string) => string | undefined,
): Promise<{ files: ListedFile[]; broken: BrokenLine[] }> {
  const files: ListedFile[] = [];
  const broken: BrokenLine[] = [];
  const read = await Promise.all(
    manifests.map(async (manifest) => ({ manifest, lines: linesOf(await readFile(manifest.path, "utf8")) })),
  );
  for (const { manifest, lines } of read) {
    const partition = partitionOf(table, manifest.key) ?? [];
    const name = `s3://${manifest.bucket}/${manifest.key}`;
    const found = await Promise.all(lines.map((line) => fileOf(line, name, bucketFolder)));
    for (const one of found) {
      if ("path" in one) files.push({ ...one, partition });
      else broken.push({ ...one, partition });
    }
  }
  return { files, broken };
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

async function fileOf(
  line: string,
  manifest: string,
  bucketFolder: (bucket: string) => string | undefined,
): Promise<TableFile | Omit<BrokenLine, "partition">> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(line) ?? [];
  if (bucket === undefined || key === undefined || normalize(`/${key}`) !== `/${key}`) {
    return {
      code: "HIVE_BAD_DATA",
      message: `${manifest} lists ${JSON.stringify(line)}, which is no s3://bucket/key.`,
    };
  }
  const folder = bucketFolder(bucket);
  if (folder === undefined) {
    return {
      code: "HIVE_FILESYSTEM_ERROR",
      message: `Failed to read ${line}, which ${manifest} lists: the specified bucket does not exist.`,
    };
  }
  const file = await fileAt({ path: join(resolve(folder), key), bucket, key });
  if (file) return file;
  return {
    code: "HIVE_CANNOT_OPEN_SPLIT",
    message: `Error opening Hive split ${line}, which ${manifest} lists: the file does not exist.`,
  };
}
