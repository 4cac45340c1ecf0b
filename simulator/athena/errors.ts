import { quoteText } from "./quote.ts";

/** Names of errors as Athena has them at the start of its reason (Trino's StandardErrorCode and HiveErrorCode). */
export type ErrorCode =
  | "COLUMN_NOT_FOUND"
  | "DUPLICATE_COLUMN_NAME"
  | "EXCEEDED_LOCAL_MEMORY_LIMIT"
  | "GENERIC_USER_ERROR"
  | "HIVE_BAD_DATA"
  | "HIVE_CANNOT_OPEN_SPLIT"
  | "HIVE_COLUMN_ORDER_MISMATCH"
  | "HIVE_FILESYSTEM_ERROR"
  | "HIVE_PATH_ALREADY_EXISTS"
  | "HIVE_TOO_MANY_OPEN_PARTITIONS"
  | "INVALID_CAST_ARGUMENT"
  | "INVALID_FUNCTION_ARGUMENT"
  | "INVALID_TABLE_PROPERTY"
  | "MISSING_COLUMN_NAME"
  | "NOT_SUPPORTED"
  | "NUMERIC_VALUE_OUT_OF_RANGE"
  | "PERMISSION_DENIED"
  | "SCHEMA_NOT_FOUND"
  | "SYNTAX_ERROR"
  | "TABLE_NOT_FOUND"
  | "TYPE_MISMATCH";

export interface QueryErrorOptions extends ErrorOptions {
  code?: ErrorCode;
  /** The name that the error is about, as the query may have it. */
  subject?: string;
}

/** A query that Athena would refuse, or that this machine cannot answer as Athena would; the message says what to write. */
export class QueryError extends Error {
  readonly code: ErrorCode;
  readonly subject: string | undefined;

  constructor(message: string, { code = "SYNTAX_ERROR", subject, ...options }: QueryErrorOptions = {}) {
    super(message, options);
    this.name = "QueryError";
    this.code = code;
    this.subject = subject;
  }
}

/** A list for a sentence: `a, b or c`; "none" of nothing. */
export function list(names: readonly string[]): string {
  if (names.length === 0) return "none";
  if (names.length === 1) return String(names[0]);
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** Marks the error of a part of a table that cannot be read; what stands before it is the error's name. */
const unreadable = "\u0001";

/** A condition that fails with an error where a query needs what cannot be read, and nowhere else. */
export function failing(code: ErrorCode, message: string): string {
  return `error(${quoteText(code + unreadable + message)}) IS NOT NULL`;
}

const codes: readonly [RegExp, ErrorCode][] = [
  [/^Conversion Error: /, "INVALID_CAST_ARGUMENT"],
  [/^Out of Range Error: /, "NUMERIC_VALUE_OUT_OF_RANGE"],
  [/^Out of Memory Error: /, "EXCEEDED_LOCAL_MEMORY_LIMIT"],
  [/^IO Error: /, "HIVE_FILESYSTEM_ERROR"],
  [/^Invalid Input Error: /, "INVALID_FUNCTION_ARGUMENT"],
  [/^Binder Error: Referenced column/, "COLUMN_NOT_FOUND"],
  [/^Binder Error: (?:No function matches|Could not choose|Cannot (?:compare|mix|combine))/, "TYPE_MISMATCH"],
];

/** A failure of DuckDB in the words of the query that was asked. */
export function asQueryError(error: unknown): QueryError {
  if (error instanceof QueryError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const own = /Could not convert string 'Athena: ([^]*?)' to INT32/.exec(message)?.[1];
  if (own !== undefined) {
    return new QueryError(`${own[0]?.toUpperCase()}${own.slice(1)}.`, { cause: error, code: "NOT_SUPPORTED" });
  }
  // The excerpt and the candidates that DuckDB adds speak of its own form of the query.
  const first = message.split("\n")[0] as string;
  const code = codes.find(([pattern]) => pattern.test(first))?.[1] ?? "GENERIC_USER_ERROR";
  const subject = /^Binder Error: Referenced column "([^"]+)"/.exec(first)?.[1];
  const sentence = first.replace(
    /^(?:Binder|Catalog|Conversion|Invalid Input|IO|Out of Memory|Out of Range) Error: /,
    "",
  );
  const [name, told] = sentence.split(unreadable);
  if (told !== undefined) return new QueryError(told, { cause: error, code: name as ErrorCode });
  return new QueryError(sentence.replaceAll("trino.", ""), {
    cause: error,
    code,
    ...(subject !== undefined && { subject }),
  });
}
