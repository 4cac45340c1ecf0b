import type { DuckDBConnection } from "@duckdb/node-api";
import type { TableFile } from "./files.ts";
import type { Column } from "./glue-column.ts";
import { quoteName, quoteText } from "./quote.ts";
import { absent, fileColumn, fileList, type Source } from "./source.ts";

/**
 * Files of one JSON object per line. A JSON SerDe finds the key of a column in any case, so the keys that the files use are
 * asked first.
 *
 * @param ignoreMalformed whether a line that is not JSON is a row of NULLs instead of an error
 */
export async function jsonLines(
  files: readonly TableFile[],
  ignoreMalformed: boolean,
  columns: readonly Column[],
  connection: DuckDBConnection,
): Promise<Source> {
  const options = `ignore_errors = ${ignoreMalformed}, filename = ${quoteText(fileColumn)}`;
  const from = `read_ndjson_objects(${fileList(files)}, ${options})`;
  const keys = await connection.runAndReadAll(
    `SELECT DISTINCT unnest(json_keys(json)) FROM ${from} WHERE json_type(json) = 'OBJECT' ORDER BY 1`,
  );
  const spellings = keys.getRows().map(([key]) => String(key));
  return { from, columns: columns.map((column) => item(column, spellings)) };
}

function item(column: Column, spellings: readonly string[]): string {
  const values = spellings
    .filter((key) => key.toLowerCase() === column.name)
    .map((key) => jsonValue(column, quoteText(`$.${JSON.stringify(key)}`)));
  return values.length === 0 ? absent(column) : `COALESCE(${values.join(", ")}) AS ${quoteName(column.name)}`;
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
