import type { TableFile } from "./files.ts";
import type { Column } from "./glue-column.ts";
import { quoteName, quoteText } from "./quote.ts";

/** Files that are read as one: what stands behind FROM, and the SELECT items that give a table's columns. */
export interface Source {
  from: string;
  columns: string[];
}

/** Name of the column in which DuckDB says from which file a row is; no Glue column can be called so. */
export const fileColumn = "\u0001file";

export function fileList(files: readonly TableFile[]): string {
  return `[${files.map(({ path }) => quoteText(path)).join(", ")}]`;
}

/** A column that the files do not have. */
export function absent(column: Column): string {
  return `CAST(NULL AS ${column.duckdbType}) AS ${quoteName(column.name)}`;
}
