import type { Path } from "./path.ts";

/** A fault or a doubt found in a document, before it has a line and a column. */
export interface Finding {
  path: Path;
  message: string;
  severity: "error" | "warning";
  /** Shows the key of `path` instead of its value. */
  atKey?: true;
  /** Where in the text at `path`, 1-based. */
  inText?: { line: number; column: number };
}
