import { stableJson } from "../naming/stable-json.ts";
import type { Column } from "./columns.ts";
import { prestoTypes } from "./columns.ts";

const quoted = (name: string): string => `"${name}"`;

/**
 * One row per identity, the latest copy of it: delivery is at least once, and what is sent again replaces what was sent
 * before. In the part of SQL that Athena and DuckDB share; every name is quoted, since `by`, `position` and `timestamp`
 * are words of the one or the other.
 *
 * A condition on anything but the identity does not pass below the window: such a query reads the whole table.
 *
 * @param latest What decides which copy is the latest, most significant first.
 */
export function latestCopies(
  table: string,
  columns: readonly string[],
  identity: readonly string[],
  latest: readonly string[],
): string {
  const list = columns.map(quoted).join(", ");
  const order = latest.map((name) => `${quoted(name)} DESC`).join(", ");
  return [
    `SELECT ${list}`,
    "FROM (",
    `  SELECT ${list},`,
    `    row_number() OVER (PARTITION BY ${identity.map(quoted).join(", ")} ORDER BY ${order}) AS "copy"`,
    `  FROM ${quoted(table)}`,
    ") AS copies",
    `WHERE "copy" = 1`,
  ].join("\n");
}

/**
 * The `viewOriginalText` by which Athena knows a view in the Glue catalog: its definition as base64 JSON in a comment.
 * The table's own columns must carry the Hive types that agree with these.
 *
 * @param schema The database in which the view's tables are looked up.
 */
export function prestoView(schema: string, sql: string, columns: readonly Column[]): string {
  const definition = stableJson({
    originalSql: sql,
    catalog: "awsdatacatalog",
    schema,
    columns: columns.map(({ name, type }) => ({ name, type: prestoTypes[type] })),
  });
  return `/* Presto View: ${Buffer.from(definition).toString("base64")} */`;
}
