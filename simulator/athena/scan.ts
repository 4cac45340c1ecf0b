import type { DuckDBConnection } from "@duckdb/node-api";
import { resolve, sep } from "node:path";
import { filesOf } from "./files.ts";
import type { FileTable } from "./glue-table.ts";
import { jsonLines } from "./json-lines.ts";
import { ParquetSources } from "./parquet.ts";
import { escaped } from "./projection.ts";
import { quoteName, quoteText } from "./quote.ts";
import { absent, fileColumn } from "./source.ts";

/** Tables over files as SELECTs. */
export class Scans {
  readonly #bucketFolder: (bucket: string) => string;
  readonly #connection: DuckDBConnection;
  readonly #parquet: ParquetSources;

  /** @param bucketFolder where a bucket's objects lie */
  constructor(bucketFolder: (bucket: string) => string, connection: DuckDBConnection) {
    this.#bucketFolder = bucketFolder;
    this.#connection = connection;
    this.#parquet = new ParquetSources(connection);
  }

  /** The SELECT that gives a table's rows from the files that are there now, its columns exactly as declared. */
  async of(table: FileTable, now: Date): Promise<string> {
    const files = await filesOf(table, this.#bucketFolder, now);
    if (files.length === 0) return emptyScan(table);
    const { format, columns } = table;
    const sources =
      format.kind === "parquet"
        ? await this.#parquet.of(files, columns)
        : [await jsonLines(files, format.ignoreMalformed, columns, this.#connection)];
    const partition = this.#partitionColumns(table);
    return sources
      .map((source) => `SELECT ${[...source.columns, ...partition].join(", ")} FROM ${source.from}`)
      .join(" UNION ALL ");
  }

  /** The partition columns from a file's place: DuckDB leaves files out by a condition on them. */
  #partitionColumns(table: FileTable): string[] {
    const { projection } = table;
    if (!projection) return [];
    const root = resolve(this.#bucketFolder(table.root.bucket)) + sep;
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
}

/** A table without a file: its columns, no rows. */
export function emptyScan(table: FileTable): string {
  const list = [...table.columns, ...table.partitionKeys].map((column) => absent(column));
  return `SELECT ${list.join(", ")} WHERE false`;
}
