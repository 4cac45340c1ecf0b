import { tokensOf, type Token } from "./dialect/tokens.ts";
import { QueryError } from "./errors.ts";
import { unloadStatement, type UnloadStatement } from "./unload-statement.ts";

/** What a statement asks: rows of a SELECT, how they are found, what the catalog holds, or files of rows. */
export type Statement =
  | { kind: "select"; sql: string }
  | { kind: "explain"; sql: string }
  | { kind: "tables"; database: string | undefined }
  | { kind: "views"; database: string | undefined }
  | { kind: "databases" }
  | { kind: "columns"; database: string | undefined; table: string }
  | { kind: "describe"; database: string | undefined; table: string }
  | UnloadStatement;

/**
 * The kind of a statement by its first words.
 *
 * @throws QueryError for a SHOW or DESCRIBE that is not among them
 */
export function statementOf(sql: string): Statement {
  const tokens = tokensOf(sql).filter(({ text, kind }) => !(kind === "sign" && text === ";"));
  const words = tokens.map(({ word }) => word);
  const name = (from: number) => nameAt(tokens, from);
  switch (words[0]) {
    case "EXPLAIN":
      if (words[1] === "ANALYZE" || tokens[1]?.text === "(")
        throw new QueryError("EXPLAIN takes a SELECT and no options here.");
      return { kind: "explain", sql: sql.slice(tokens[1]?.start ?? sql.length) };
    case "DESCRIBE":
    case "DESC": {
      const found = name(1);
      if (!found || found.rest !== "end")
        throw new QueryError("DESCRIBE takes the name of a table: DESCRIBE readings.");
      return { kind: "describe", database: found.database, table: found.name };
    }
    case "UNLOAD":
      return unloadStatement(sql, tokens);
    case "SHOW":
      return show(words, tokens);
    default:
      return { kind: "select", sql };
  }
}

function show(words: readonly string[], tokens: readonly Token[]): Statement {
  const what = words[1];
  const within = words[2] === "IN" || words[2] === "FROM";
  const found = within ? nameAt(tokens, 3) : undefined;
  const database = found?.rest === "end" && found.database === undefined ? found.name : undefined;
  const ended = tokens[2]?.kind === "end";
  if ((what === "DATABASES" || what === "SCHEMAS") && ended) return { kind: "databases" };
  if (what === "TABLES" && (ended || database !== undefined)) return { kind: "tables", database };
  if (what === "VIEWS" && (ended || database !== undefined)) return { kind: "views", database };
  if (what === "COLUMNS" && found?.rest === "end")
    return { kind: "columns", database: found.database, table: found.name };
  throw new QueryError("SHOW takes DATABASES, TABLES [IN database], VIEWS [IN database] or COLUMNS IN table here.");
}

function nameAt(
  tokens: readonly Token[],
  at: number,
): { database: string | undefined; name: string; rest: string } | undefined {
  const [first, dot, second] = tokens.slice(at, at + 3);
  const one = identifier(first);
  if (one === undefined) return undefined;
  if (dot?.text !== ".") return { database: undefined, name: one, rest: dot?.kind ?? "end" };
  const two = identifier(second);
  return two === undefined ? undefined : { database: one, name: two, rest: tokens[at + 3]?.kind ?? "end" };
}

function identifier(token: Token | undefined): string | undefined {
  if (token?.kind === "name") return token.text.toLowerCase();
  return token?.kind === "quoted" ? token.text.slice(1, -1).replaceAll('""', '"').toLowerCase() : undefined;
}
