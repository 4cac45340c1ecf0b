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

/** A failure of DuckDB in the words of the query that was asked. */
export function asQueryError(error: unknown): QueryError {
  if (error instanceof QueryError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const own = /Could not convert string 'Athena: ([^]*?)' to INT32/.exec(message)?.[1];
  if (own !== undefined) return new QueryError(`${own[0]?.toUpperCase()}${own.slice(1)}.`, { cause: error });
  // The excerpt and the candidates that DuckDB adds speak of its own form of the query.
  const sentence = (message.split("\n")[0] as string).replace(
    /^(?:Binder|Catalog|Conversion|Invalid Input|Out of Range) Error: /,
    "",
  );
  return new QueryError(sentence.replaceAll("trino.", ""), { cause: error });
}
