import { aggregates, instead, scalarGroups, windowFunctions, type SqlFunction } from "./functions/index.ts";

/** docs/sql.md: what a query may hold, from the same tables that the gate goes by. */
export function sqlReference(): string {
  return [
    opening,
    ...scalarGroups.map(({ title, functions }) => section(title, functions)),
    section(
      "Aggregates",
      aggregates,
      "All take `FILTER (WHERE ...)` and, but for `map_agg`, `OVER (...)`; `array_agg` takes `ORDER BY`.",
    ),
    section("Window functions", windowFunctions),
    refused(),
    differences,
  ].join("\n\n");
}

const opening = `# SQL

<!-- Written by \`node simulator/athena/dialect/reference.ts > docs/sql.md\`; a test holds that it is up to date. -->

\`metercast query\` and the simulator answer in the part of SQL that Athena (Trino) and DuckDB share: what runs here means the
same on Athena, and what would not is an error that says what to write. The views of the Glue catalog go through the same gate.

## Statements

One at a time: \`SELECT\`, \`WITH ... SELECT\`, \`VALUES\`, \`SHOW DATABASES\`, \`SHOW TABLES [IN database]\`, \`SHOW VIEWS [IN database]\`,
\`SHOW COLUMNS IN table\`, \`DESCRIBE table\`, \`EXPLAIN SELECT ...\` (the plan is DuckDB's). Tables are \`table\` in the environment's
database, \`"database"."table"\` in any other, and \`awsdatacatalog."database"."table"\`. A column without a name is \`_col0\`, as on
Athena; a name that stands twice gets a number behind it, since a row is an object.

## Operators and casts

| Written | Means |
| --- | --- |
| \`a / b\`, \`a % b\` | of whole numbers a whole number, by zero an error; of decimals as many digits behind the point as the longer has |
| \`a \\|\\| b\` | texts or arrays; NULL if either is |
| \`x + INTERVAL '2' DAY\` | of a date a date, of a timestamp a timestamp; a date takes no hours |
| \`x[i]\` | an error where there is nothing; \`element_at\` gives NULL |
| \`x AT TIME ZONE 'zone'\` | only where the clock alone matters: inside \`hour\` and its like, \`date_format\`, \`CAST(... AS date)\`, \`CAST(... AS timestamp)\`, there also around \`date_trunc\` |
| \`CAST(x AS integer)\` and its like | rounds halves away from zero; a text must be a whole number |
| \`CAST(x AS varchar)\` | of a double an error (Athena writes 1.0E0); of a timestamp \`2018-12-03 10:00:00.000\` |
| \`CAST(x AS date)\`, \`CAST(x AS timestamp)\` | a text must be \`2018-12-03\` or \`2018-12-03 10:00:00\`; with T or a zone it is \`from_iso8601_timestamp\` |
| \`TRY(x)\`, \`TRY_CAST(x AS type)\` | NULL where x fails |
| \`ORDER BY x [DESC]\` | NULLs last, unless it says otherwise |
| \`=\`, \`<\`, \`IN\`, \`BETWEEN\` ... | of one kind: a text is not compared with a number, a date or a timestamp |

Names resolve as on Athena: \`WHERE\`, \`GROUP BY\` and \`HAVING\` see the columns of the tables, not the names of the \`SELECT\` list.`;

function section(title: string, functions: Readonly<Record<string, SqlFunction>>, about?: string): string {
  const rows = Object.entries(functions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, known]) => `| \`${name}(${known.arguments})\` | ${runsAs(name, known)} | ${known.note ?? ""} |`);
  return [
    `## ${title}`,
    "",
    ...(about === undefined ? [] : [about, ""]),
    "| Function | Runs as | |",
    "| --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function runsAs(name: string, { macro, rewritten, duckdb }: SqlFunction): string {
  if (macro) return "macro";
  if (rewritten) return "rewritten";
  if (duckdb === undefined || duckdb === name) return "the same";
  return duckdb.startsWith("trino.") ? `\`${duckdb.slice("trino.".length)}\`` : `DuckDB's \`${duckdb}\``;
}

function refused(): string {
  const rows = Object.entries(instead)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, other]) => `| \`${name}\` | ${other.replaceAll("|", "\\|")} |`);
  return [
    "## Functions of DuckDB",
    "",
    "Athena has none of these, or means another thing by them.",
    "",
    "| Not | but |",
    "| --- | --- |",
    ...rows,
  ].join("\n");
}

const differences = `## What still differs

- A NaN equals itself and is the largest number here; on Athena every comparison with it is false.
- Patterns are RE2's: no look-around, no back references. Athena's are Java's.
- Division of decimals is computed with 15 digits.
- Timestamps keep microseconds; Athena's tables have milliseconds.
- \`approx_distinct\` and \`approx_percentile\` are exact.
- Rows without an \`ORDER BY\`, and what \`array_agg\` collects without one, come in another order.`;

if (import.meta.main) console.log(sqlReference());
