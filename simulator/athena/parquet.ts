import type { DuckDBConnection } from "@duckdb/node-api";
import type { TableFile } from "./files.ts";
import type { Column } from "./glue-column.ts";
import { quoteName, quoteText } from "./quote.ts";
import { absent, fileColumn, fileList, type Source } from "./source.ts";

/** What a Parquet file holds. */
interface Schema {
  /** The same for files that DuckDB can read as one. */
  signature: string;
  /** Names of its columns in lower case. */
  columns: ReadonlySet<string>;
}

/**
 * Reads the schemas of Parquet files, each file's once. Files of one schema are read as one, so that a query opens only
 * those that it needs: DuckDB's own `union_by_name` opens all.
 */
export class ParquetSources {
  readonly #connection: DuckDBConnection;
  readonly #schemas = new Map<string, { version: string; schema: Schema }>();

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** @param options folders: whether a file's folders give columns too, as text */
  async of(
    files: readonly TableFile[],
    columns: readonly Column[],
    { folders }: { folders: boolean },
  ): Promise<Source[]> {
    await this.#read(files.filter(({ path, version }) => this.#schemas.get(path)?.version !== version));
    const bySchema = Map.groupBy(files, ({ path }) => this.#schemas.get(path)?.schema.signature);
    return [...bySchema.values()].map((group) => {
      const schema = this.#schemas.get((group[0] as TableFile).path)?.schema;
      const hive = `hive_partitioning = ${folders}${folders ? ", hive_types_autocast = false" : ""}`;
      const options = `${hive}, filename = ${quoteText(fileColumn)}`;
      return {
        from: `read_parquet(${fileList(group)}, ${options})`,
        columns: columns.map((column) => (schema?.columns.has(column.name) ? casted(column) : absent(column))),
      };
    });
  }

  async #read(files: readonly TableFile[]): Promise<void> {
    if (files.length === 0) return;
    const reader = await this.#connection.runAndReadAll(
      `SELECT file_name, name, num_children, type, repetition_type, logical_type, converted_type FROM parquet_schema(${fileList(files)})`,
    );
    const elements = Map.groupBy(reader.getRows(), ([file]) => String(file));
    for (const { path, version } of files) {
      const rows = elements.get(path) ?? [];
      const signature = JSON.stringify(rows.slice(1).map((row) => row.slice(1).map(String)));
      this.#schemas.set(path, { version, schema: { signature, columns: topLevel(rows) } });
    }
  }
}

/** Names of the columns among a schema's elements, which stand depth first, each with the number of its children. */
function topLevel(rows: readonly (readonly unknown[])[]): Set<string> {
  const names = new Set<string>();
  let at = 1;
  while (at < rows.length) {
    names.add(String(rows[at]?.[1]).toLowerCase());
    let open = 1;
    while (open > 0) open += Number(rows[at++]?.[2] ?? 0) - 1;
  }
  return names;
}

function casted(column: Column): string {
  return `CAST(${quoteName(column.name)} AS ${column.duckdbType}) AS ${quoteName(column.name)}`;
}
