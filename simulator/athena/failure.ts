import { tokensOf } from "./dialect/tokens.ts";
import { QueryError } from "./errors.ts";

/** Why a query failed, in Athena's form. */
export interface Failure {
  /** "TABLE_NOT_FOUND: line 1:15: There is no table x ...". */
  reason: string;
  /** 1 the system's, 2 the user's (Athena user guide, Athena error catalog). */
  ErrorCategory: number;
  /** 1000 a user's error, 200 an error in the query engine (the same). */
  ErrorType: number;
}

export function failureOf(error: Error, sql: string): Failure {
  if (!(error instanceof QueryError)) return { reason: error.message, ErrorCategory: 1, ErrorType: 200 };
  const { code, message } = error;
  // Athena says this one without a name
  const name = message.startsWith("Insufficient permissions") ? "" : `${code}: `;
  return { reason: `${name}${placed(error, sql)}`, ErrorCategory: 2, ErrorType: 1000 };
}

/** The sentence behind `line 1:15: `, where it is known what it is about. */
function placed({ message, subject }: QueryError, sql: string): string {
  const parsed = /^line (\d+), column (\d+): (.*)$/s.exec(message);
  if (parsed) return `line ${parsed[1]}:${parsed[2]}: ${parsed[3]}`;
  const token =
    subject === undefined
      ? undefined
      : tokensOf(sql).find(({ text }) => text.replace(/^"|"$/g, "").toLowerCase() === subject.toLowerCase());
  if (!token) return message;
  const before = sql.slice(0, token.start).split("\n");
  return `line ${before.length}:${(before.at(-1) ?? "").length + 1}: ${message}`;
}
