import type { DuckDBConnection } from "@duckdb/node-api";
import { readdir } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import type { Column, FileTable, S3Folder } from "./glue-table.ts";
import { escaped } from "./projection.ts";
import { quoteName, quoteText } from "./quote.ts";

/** Name of the column in which DuckDB says from which file a row is; no Glue column can be called so. */
const fileColumn = "\u0001file";

/**
 * The SELECT that gives a table's rows from the files that are there now, its columns exactly as declared.
 *
 * @param bucketFolder where a bucket's objects lie
 */
export async function scanOf(
  table: FileTable,
  bucketFolder: (bucket: string) => string,
  connection: DuckDBConnection,
  now: Date,
): Promise<string> {
  const files = await filesOf(table, bucketFolder, now);
  if (files.length === 0) return emptyScan(table);
  const columns = table.format.kind === "parquet" ? parquetColumns : jsonColumns;
  const source =
    table.format.kind === "parquet" ? parquetSource(files) : jsonSource(files, table.format.ignoreMalformed);
  const declared = await columns(table.columns, source, connection);
  const list = [...declared, ...partitionColumns(table, bucketFolder)];
  return `SELECT ${list.join(", ")} FROM ${source}`;
}

/** A table without a file: its columns, no rows. */
export function emptyScan(table: FileTable): string {
  const list = [...table.columns, ...table.partitionKeys].map((column) => absent(column));
  return `SELECT ${list.join(", ")} WHERE false`;
}

/** Files of a table, sorted: those of its projected partitions only, and none that Hive ignores (names with _ or .). */
async function filesOf(table: FileTable, bucketFolder: (bucket: string) => string, now: Date): Promise<string[]> {
  const { projection } = table;
  const folder = localFolder(table.root, bucketFolder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    },
  );
  const pattern = projection && new RegExp(projection.keyPattern);
  const root = resolve(bucketFolder(table.root.bucket));
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const below = file.slice(folder.length + 1).split(sep);
      if (below.some((name) => name.startsWith("_") || name.startsWith("."))) return false;
      if (!projection || !pattern) return true;
      const values = pattern.exec(file.slice(root.length + 1).replaceAll(sep, "/"))?.slice(1);
      return values !== undefined && projection.keys.every((key, index) => key.holds(values[index] ?? "", now));
    })
    .sort();
}

function localFolder(folder: S3Folder, bucketFolder: (bucket: string) => string): string {
  return join(resolve(bucketFolder(folder.bucket)), folder.prefix);
}

function fileList(files: readonly string[]): string {
  return `[${files.map(quoteText).join(", ")}]`;
}

function parquetSource(files: readonly string[]): string {
  return `read_parquet(${fileList(files)}, union_by_name = true, hive_partitioning = false, filename = ${quoteText(fileColumn)})`;
}

async function parquetColumns(
  columns: readonly Column[],
  source: string,
  connection: DuckDBConnection,
): Promise<string[]> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
  const present = new Set(described.getRows().map(([name]) => String(name).toLowerCase()));
  return columns.map((column) =>
    present.has(column.name)
      ? `CAST(${quoteName(column.name)} AS ${column.duckdbType}) AS ${quoteName(column.name)}`
      : absent(column),
  );
}

function absent(column: Column): string {
  return `CAST(NULL AS ${column.duckdbType}) AS ${quoteName(column.name)}`;
}

function jsonSource(files: readonly string[], ignoreMalformed: boolean): string {
  return `read_ndjson_objects(${fileList(files)}, ignore_errors = ${ignoreMalformed}, filename = ${quoteText(fileColumn)})`;
}

/** A JSON SerDe finds the key of a column in any case, so the keys that the files use are asked first. */
async function jsonColumns(
  columns: readonly Column[],
  source: string,
  connection: DuckDBConnection,
): Promise<string[]> {
  const keys = await connection.runAndReadAll(
    `SELECT DISTINCT unnest(json_keys(json)) FROM ${source} WHERE json_type(json) = 'OBJECT' ORDER BY 1`,
  );
  const spellings = keys.getRows().map(([key]) => String(key));
  return columns.map((column) => {
    const values = spellings
      .filter((key) => key.toLowerCase() === column.name)
      .map((key) => jsonValue(column, quoteText(`$.${JSON.stringify(key)}`)));
    return values.length === 0 ? absent(column) : `COALESCE(${values.join(", ")}) AS ${quoteName(column.name)}`;
  });
}

function jsonValue(column: Column, path: string): string {
  const text = `json_extract_string(json, ${path})`;
  if (column.duckdbType === "VARCHAR") return text;
  if (column.duckdbType === "TIMESTAMP") return timestampValue(text);
  if (/[([]/.test(column.duckdbType) && !column.duckdbType.startsWith("DECIMAL")) {
    return `CAST(json_extract(json, ${path}) AS ${column.duckdbType})`;
  }
  return `CAST(${text} AS ${column.duckdbType})`;
}

/**
 * A timestamp as the OpenX SerDe reads it: text with colons, seconds with a fraction, or a whole number that is
 * milliseconds from 13 digits on and seconds below (ParsePrimitiveUtils.parseTimestamp).
 */
function timestampValue(text: string): string {
  return (
    `CASE WHEN contains(${text}, ':') THEN CAST(CAST(${text} AS TIMESTAMP WITH TIME ZONE) AS TIMESTAMP) ` +
    `WHEN contains(${text}, '.') THEN make_timestamp(CAST(CAST(${text} AS DOUBLE) * 1000 AS BIGINT) * 1000) ` +
    `WHEN length(${text}) >= 13 THEN make_timestamp(CAST(${text} AS BIGINT) * 1000) ` +
    `ELSE make_timestamp(CAST(${text} AS BIGINT) * 1000000) END`
  );
}

/** The partition columns from a file's place: DuckDB leaves files out by a condition on them. */
function partitionColumns(table: FileTable, bucketFolder: (bucket: string) => string): string[] {
  const { projection } = table;
  if (!projection) return [];
  const root = resolve(bucketFolder(table.root.bucket)) + sep;
  const pattern = quoteText(`^${escaped(root)}${projection.keyPattern.slice(1)}`);
  return table.partitionKeys.map((column) => {
    const group = projection.keys.findIndex((key) => key.column === column);
    const text = `regexp_extract(${quoteName(fileColumn)}, ${pattern}, ${group + 1})`;
    const strptime = projection.keys[group]?.strptime;
    const typed = strptime !== undefined && /^(DATE|TIMESTAMP)/.test(column.duckdbType);
    const value = typed ? `strptime(${text}, ${quoteText(strptime)})` : text;
    return `CAST(${value} AS ${column.duckdbType}) AS ${quoteName(column.name)}`;
  });
}
