type Cell = string | number | boolean | null | undefined | object;

const gap = "  ";

/** Rows as a table for people: a head, a line, the rows; numbers to the right. Empty without rows. */
export function table(rows: readonly Record<string, Cell>[]): string {
  const [first] = rows;
  if (!first) return "";
  const columns = Object.keys(first).map((name) => {
    const texts = rows.map((row) => textOf(row[name]));
    const width = Math.max(name.length, ...texts.map((text) => text.length));
    const toTheRight = rows.some((row) => typeof row[name] === "number");
    const cell = (text: string) => (toTheRight ? text.padStart(width) : text.padEnd(width));
    return { head: cell(name), line: "─".repeat(width), texts: texts.map(cell) };
  });
  const lines = [
    columns.map(({ head }) => head),
    columns.map(({ line }) => line),
    ...rows.map((_, index) => columns.map(({ texts }) => texts[index])),
  ];
  return lines.map((cells) => `${cells.join(gap).trimEnd()}\n`).join("");
}

function textOf(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}
