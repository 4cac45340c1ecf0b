import type { DuckDBConnection } from "@duckdb/node-api";
import { list, QueryError } from "./errors.ts";
import { quoteName, quoteText } from "./quote.ts";
import type { ResultColumn } from "./result-file.ts";

/**
 * Writes the rows of a SELECT for a service that reads Athena's results by columns that it has declared.
 *
 * @param select in DuckDB's SQL
 * @param names of its columns, as Athena gives them
 * @param columns that are wanted, with DuckDB's types
 * @throws QueryError for a column that the SELECT does not give
 */
export async function writeParquet(
  select: string,
  names: readonly string[],
  columns: readonly { name: string; duckdbType: string }[],
  file: string,
  connection: DuckDBConnection,
): Promise<ResultColumn[]> {
  const missing = columns.filter(({ name }) => !names.includes(name));
  if (missing.length > 0) {
    throw new QueryError(
      `The columns ${list(missing.map(({ name }) => name))} are declared, and the SQL gives ${list(names)}.`,
      { code: "COLUMN_NOT_FOUND" },
    );
  }
  const positions = names.map((_, index) => quoteName(`c${index}`)).join(", ");
  const items = columns.map(
    ({ name, duckdbType }) => `CAST(${quoteName(`c${names.indexOf(name)}`)} AS ${duckdbType}) AS ${quoteName(name)}`,
  );
  await connection.run(
    `COPY (SELECT ${items.join(", ")} FROM (${select}) AS result(${positions})) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  return columns.map(({ name, duckdbType }) => ({ name, type: duckdbType }));
}
