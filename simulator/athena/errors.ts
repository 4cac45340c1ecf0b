/** A query that Athena would refuse, or that this machine cannot answer as Athena would; the message says what to write. */
export class QueryError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "QueryError";
  }
}

/** A list for a sentence: `a, b or c`; "none" of nothing. */
export function list(names: readonly string[]): string {
  if (names.length === 0) return "none";
  if (names.length === 1) return String(names[0]);
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
