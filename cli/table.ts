import Table from "cli-table3";

/** A line below the head, none between rows. */
const withoutRowLines = { "mid": "", "left-mid": "", "mid-mid": "", "right-mid": "" };

type Cell = string | number | boolean | null | undefined | object;

/** Rows as a table for people; numbers to the right. Ends with a newline; empty without rows. */
export function table(rows: readonly Record<string, Cell>[]): string {
  const [first] = rows;
  if (!first) return "";
  const columns = Object.keys(first);
  const made = new Table({
    head: columns,
    style: { head: [], border: [] },
    chars: withoutRowLines,
    colAligns: columns.map((column) => (rows.some((row) => typeof row[column] === "number") ? "right" : "left")),
  });
  for (const row of rows) made.push(columns.map((column) => textOf(row[column])));
  return `${made.toString()}\n`;
}

function textOf(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}
