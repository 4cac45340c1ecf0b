import type { DuckDBConnection } from "@duckdb/node-api";
import { QueryError } from "./errors.ts";

/** Where a table stands: its database and its name. */
export interface TableName {
  database: string;
  name: string;
}

/** A query in DuckDB's SQL. */
export interface Translation {
  sql: string;
  /** The tables and views that it reads. */
  tables: TableName[];
}

type Node = Record<string, unknown>;

/**
 * Athena's SQL as DuckDB's.
 *
 * @param resolve finds the table of a name; throws QueryError where there is none
 * @throws QueryError naming what Athena does not have, or has with another meaning
 */
export async function translate(
  sql: string,
  resolve: (database: string | undefined, name: string) => TableName,
  connection: DuckDBConnection,
): Promise<Translation> {
  const tree = await parse(sql, connection);
  const tables: TableName[] = [];
  walk(tree, new Set());
  const text = await connection.runAndReadAll("SELECT json_deserialize_sql(CAST($1 AS JSON))", [JSON.stringify(tree)]);
  return { sql: String(text.getRows()[0]?.[0]), tables };

  function walk(value: unknown, ctes: ReadonlySet<string>): void {
    if (Array.isArray(value)) for (const each of value) walk(each, ctes);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    const node = value as Node;
    let inner = ctes;
    const map = (node["cte_map"] as { map?: { key: string }[] } | undefined)?.map;
    if (map) inner = new Set([...ctes, ...map.map(({ key }) => key.toLowerCase())]);
    if (node["type"] === "TABLE_FUNCTION") {
      const name = String((node["function"] as Node)["function_name"]);
      if (name !== "unnest") throw new QueryError(`Athena has no table function ${name}.`);
    }
    if (node["type"] === "SHOW_REF") throw new QueryError("Only SELECT can stand here.");
    if (node["type"] === "BASE_TABLE") {
      const [schema, table] = [String(node["schema_name"]), String(node["table_name"])];
      if (schema !== "" || !inner.has(table.toLowerCase())) {
        const found = resolve(schema === "" ? undefined : schema, table);
        tables.push(found);
        node["schema_name"] = found.database;
        node["table_name"] = found.name;
      }
    }
    for (const child of Object.values(node)) walk(child, inner);
  }
}

async function parse(sql: string, connection: DuckDBConnection): Promise<Node> {
  const result = await connection.runAndReadAll("SELECT json_serialize_sql(CAST($1 AS VARCHAR))", [sql]);
  const tree = JSON.parse(String(result.getRows()[0]?.[0])) as {
    error: boolean;
    error_message?: string;
    statements?: unknown[];
  };
  if (tree.error) throw new QueryError(`${tree.error_message}`);
  if (tree.statements?.length !== 1) throw new QueryError("One statement at a time.");
  return tree as unknown as Node;
}
