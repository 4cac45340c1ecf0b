/** A function of Athena's SQL that means the same here. */
export interface SqlFunction {
  /** Its arguments for people: `text, start[, length]`. */
  arguments: string;
  /** Fewest and most arguments. */
  count: readonly [number, number];
  /** DuckDB's function of the same meaning, where its name differs. */
  duckdb?: string;
  /** Bodies of the macro that gives it Athena's meaning, each with its parameters: `(x) AS ...`. */
  macro?: readonly string[];
  /** It is rewritten call by call, by `dialect-calls.ts`. */
  rewritten?: true;
  /** What to know about it. */
  note?: string;
}

export interface FunctionGroup {
  title: string;
  functions: Readonly<Record<string, SqlFunction>>;
}
