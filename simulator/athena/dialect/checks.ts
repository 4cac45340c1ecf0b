import type { DuckDBConnection } from "@duckdb/node-api";
import { QueryError } from "../errors.ts";

/** What can be checked of a query only once its tables are there. The queries are in DuckDB's SQL. */
export type Check =
  /** A name that is a column of `source`, as Athena looks it up; else it is one of the SELECT list, as only DuckDB has it. */
  | { kind: "name"; source: string; name: string; clause: string }
  /** Two queries whose rows are put together: DuckDB makes texts of a column that is text in one of them. */
  | { kind: "columns"; left: string; right: string; operation: string };

/** @throws QueryError for what Athena would not take */
export async function runChecks(checks: readonly Check[], connection: DuckDBConnection): Promise<void> {
  for (const check of checks) {
    if (check.kind === "name") await checkName(check, connection);
    else await checkColumns(check, connection);
  }
}

async function checkName(check: Extract<Check, { kind: "name" }>, connection: DuckDBConnection): Promise<void> {
  const columns = await described(check.source, connection);
  if (columns.some(({ name }) => name.toLowerCase() === check.name)) return;
  const instead = check.clause === "GROUP BY" ? "the expression or its position" : "the expression";
  throw new QueryError(
    `${check.clause} names ${check.name}, which the SELECT list gives and no table has: in Athena write ${instead}.`,
  );
}

async function checkColumns(check: Extract<Check, { kind: "columns" }>, connection: DuckDBConnection): Promise<void> {
  const [left, right] = [await described(check.left, connection), await described(check.right, connection)];
  left.forEach(({ type }, index) => {
    const other = right[index]?.type;
    if (other === undefined || type === '"NULL"' || other === '"NULL"') return;
    if ((type === "VARCHAR") !== (other === "VARCHAR") || (type === "BOOLEAN") !== (other === "BOOLEAN")) {
      const types = `${type.toLowerCase()} and ${other.toLowerCase()}`;
      throw new QueryError(`Column ${index + 1} of the ${check.operation} is ${types}: CAST one of them.`);
    }
  });
}

async function described(query: string, connection: DuckDBConnection): Promise<{ name: string; type: string }[]> {
  const reader = await connection.runAndReadAll(`DESCRIBE ${query}`);
  return reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
}
