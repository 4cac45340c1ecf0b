import type { Cell, VisualColumn } from "../../page/api.ts";

/**
 * What a spreadsheet takes for a formula when it opens a file (OWASP, "CSV Injection", the wide forms of the signs too): such
 * a text gets an apostrophe in front of it. Figures are figures, with their sign.
 */
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** The rows of a visual as a file of comma-separated values (RFC 4180): a header, and what readers see of times. */
export function csvOf(columns: readonly VisualColumn[], rows: readonly Cell[][]): string {
  const header = columns.map(({ label }) => cellOf(label, "text"));
  const lines = rows.map((row) => row.map((cell, index) => cellOf(cell, columns[index]?.type ?? "text")));
  return [header, ...lines].map((cells) => `${cells.join(",")}\r\n`).join("");
}

function cellOf(value: Cell, type: VisualColumn["type"]): string {
  if (value === null) return "";
  if (typeof value === "number") return type === "time" ? timeOf(value) : String(value);
  const harmless = formula.test(value) ? `'${value}` : value;
  return `"${harmless.replaceAll('"', '""')}"`;
}

/** "2018-12-03 05:00:00", as the clock shows it. */
function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
}

/** A name for the file that is one on every system: "use-per-day.csv". */
export function fileNameOf(visual: string): string {
  return `${
    visual
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 80) || "visual"
  }.csv`;
}
