import type { DuckDBConnection } from "@duckdb/node-api";
import { dirname, resolve, sep } from "node:path";
import { failing } from "./errors.ts";
import { filesOf, partitionOf, type TableFile } from "./files.ts";
import type { Column } from "./glue-column.ts";
import type { FileTable } from "./glue-table.ts";
import { jsonLines } from "./json-lines.ts";
import { listedFiles, type BrokenLine, type ListedFile } from "./manifests.ts";
import { ParquetSources } from "./parquet.ts";
import { escaped } from "./projection.ts";
import { quoteName, quoteText } from "./quote.ts";
import { absent, fileColumn, type Source } from "./source.ts";

/** A table's rows as they are now. */
export interface Scan {
  /** The SELECT that gives them, its columns exactly as declared. */
  select: string;
  /** The objects that it may read, manifests among them. */
  files: readonly TableFile[];
}

/** Tables over files as SELECTs. */
export class Scans {
  readonly #bucketFolder: (bucket: string) => string | undefined;
  readonly #connection: DuckDBConnection;
  readonly #parquet: ParquetSources;

  /** @param bucketFolder where a bucket's objects lie; undefined for one that is not declared */
  constructor(bucketFolder: (bucket: string) => string | undefined, connection: DuckDBConnection) {
    this.#bucketFolder = bucketFolder;
    this.#connection = connection;
    this.#parquet = new ParquetSources(connection);
  }

  async of(table: FileTable, now: Date): Promise<Scan> {
    const folder = this.#bucketFolder(table.root.bucket) ?? "";
    const files = await filesOf(table, folder, now);
    const { format, columns } = table;
    if (files.length === 0) return { select: emptyScan(table), files };
    if (format.kind === "json") {
      const sources = [await jsonLines(files, format.ignoreMalformed, columns, this.#connection)];
      return { select: unionOf(sources, partitionColumns(table, fromPath(table, folder))), files };
    }
    const { files: listed, broken } = format.manifests
      ? await listedFiles(table, files, this.#bucketFolder)
      : { files: files.map((file) => ({ ...file, partition: partitionOf(table, file.key) ?? [] })), broken: [] };
    const groups = Map.groupBy(listed, (file) => {
      if (saysPartition(table, file)) return "";
      return format.manifests ? JSON.stringify(file.partition) : "place";
    });
    const selects = broken.map((line) => failingScan(table, line));
    for (const [key, group] of groups) {
      const text = key === "" ? byName(table) : key === "place" ? fromPath(table, folder) : constant(group);
      const sources = await this.#parquet.of(group, columns, { folders: key === "" });
      selects.push(unionOf(sources, partitionColumns(table, text)));
    }
    const read = format.manifests ? [...files, ...listed] : files;
    return { select: selects.join(" UNION ALL ") || emptyScan(table), files: read };
  }
}

/**
 * Whether a file's own folders say its partition, `dt=2018-12-03`, and nothing else: DuckDB then reads the columns from
 * them, and opens no file that a condition on them leaves out.
 */
function saysPartition({ projection }: FileTable, { path, partition }: ListedFile): boolean {
  const said = dirname(path)
    .split(sep)
    .filter((folder) => folder.includes("="));
  const wanted = projection?.keys.map(({ column }, index) => `${column.name}=${partition[index]}`) ?? [];
  return said.join("/") === wanted.join("/") && !said.some((folder) => folder.includes("%"));
}

/** A table without a file: its columns, no rows. */
export function emptyScan(table: FileTable): string {
  const list = [...table.columns, ...table.partitionKeys].map((column) => absent(column));
  return `SELECT ${list.join(", ")} WHERE false`;
}

/** A partition that cannot be read: a query that leaves it out does not fail. */
function failingScan(table: FileTable, { partition, code, message }: BrokenLine): string {
  const values = partitionColumns(table, (at) => quoteText(partition[at] ?? ""));
  const list = [...table.columns.map((column) => absent(column)), ...values];
  return `SELECT ${list.join(", ")} WHERE ${failing(code, message)}`;
}

function unionOf(sources: readonly Source[], partition: readonly string[]): string {
  return sources
    .map(({ columns, from }) => `SELECT ${[...columns, ...partition].join(", ")} FROM ${from}`)
    .join(" UNION ALL ");
}

/** What gives the text of a projected column, by its place among the projection's keys. */
type PartitionText = (at: number) => string;

function byName({ projection }: FileTable): PartitionText {
  return (at) => quoteName(projection?.keys[at]?.column.name ?? "");
}

/** By a file's place below the bucket's folder. */
function fromPath({ projection }: FileTable, folder: string): PartitionText {
  const pattern = `^${escaped(resolve(folder) + sep)}${projection?.keyPattern.slice(1)}`;
  return (at) => `regexp_extract(${quoteName(fileColumn)}, ${quoteText(pattern)}, ${at + 1})`;
}

/** The same for all files of a group. */
function constant([first]: readonly ListedFile[]): PartitionText {
  return (at) => quoteText(first?.partition[at] ?? "");
}

function partitionColumns({ projection, partitionKeys }: FileTable, textOf: PartitionText): string[] {
  if (!projection) return [];
  return partitionKeys.map((column) => {
    const group = projection.keys.findIndex((key) => key.column === column);
    return typed(column, textOf(group), projection.keys[group]?.strptime);
  });
}

function typed(column: Column, text: string, strptime: string | undefined): string {
  const isTime = strptime !== undefined && /^(DATE|TIMESTAMP)/.test(column.duckdbType);
  const value = isTime ? `strptime(${text}, ${quoteText(strptime)})` : text;
  return `CAST(${value} AS ${column.duckdbType}) AS ${quoteName(column.name)}`;
}
