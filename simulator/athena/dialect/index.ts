import type { DuckDBConnection } from "@duckdb/node-api";
import { withDuckdbTypes, withElse } from "./casts.ts";
import type { Check } from "./checks.ts";
import { Queries, type TableName } from "./queries.ts";
import { checkSyntax } from "./syntax.ts";
import { tokensOf } from "./tokens.ts";
import { parseSelect, sqlOf } from "./tree.ts";

export { unnamed, type TableName } from "./queries.ts";

/** A query in DuckDB's SQL. */
export interface Translation {
  sql: string;
  /** The tables and views that it reads. */
  tables: TableName[];
  /** To be run once the tables are there. */
  checks: Check[];
}

/**
 * Athena's SELECT as DuckDB's.
 *
 * @param resolve finds the table of a name; throws QueryError where there is none
 * @throws QueryError naming what Athena does not have, or has with another meaning
 */
export async function translate(
  sql: string,
  resolve: (database: string | undefined, name: string) => TableName,
  connection: DuckDBConnection,
): Promise<Translation> {
  const tokens = tokensOf(sql);
  checkSyntax(tokens);
  const typed = withDuckdbTypes(sql, tokens);
  const text = withElse(typed, tokensOf(typed));
  const queries = new Queries(tokensOf(text), resolve);
  const query = queries.translate(await parseSelect(text, connection), new Map());
  const checks: Check[] = [];
  for (const { source, name, clause } of queries.names) {
    checks.push({ kind: "name", source: await sqlOf(source, connection), name, clause });
  }
  for (const { left, right, operation } of queries.setOperations) {
    const [first, second] = [await sqlOf(left, connection), await sqlOf(right, connection)];
    checks.push({ kind: "columns", left: first, right: second, operation });
  }
  return { sql: await sqlOf(query, connection), tables: queries.tables, checks };
}
