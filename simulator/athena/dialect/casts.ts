import type { Token } from "./tokens.ts";
import { QueryError } from "../errors.ts";
import { duckdbType, TypeNameError } from "../types.ts";

/** Names of types that DuckDB or Glue have and Athena's SELECT does not, with what it says. */
const foreignTypes: ReadonlyMap<string, string> = new Map([
  ...["TEXT", "STRING", "BPCHAR", "NAME"].map((type) => [type, "varchar"] as const),
  ...["INT8", "LONG", "INT64"].map((type) => [type, "bigint"] as const),
  ...["INT4", "INT32", "SIGNED"].map((type) => [type, "integer"] as const),
  ...["INT2", "SHORT", "INT16"].map((type) => [type, "smallint"] as const),
  ...["FLOAT4", "FLOAT"].map((type) => [type, "real"] as const),
  ["FLOAT8", "double"],
  ["BOOL", "boolean"],
  ["NUMERIC", "decimal"],
  ["DATETIME", "timestamp"],
  ["TIMESTAMPTZ", "timestamp with time zone"],
  ["STRUCT", "row(name type, ...)"],
]);

/** Types of Athena to which a cast means another thing here, or nothing. */
const refusedTypes: ReadonlyMap<string, string> = new Map([
  ["JSON", "write json_parse(text)"],
  ["VARBINARY", "write to_utf8(text)"],
  ["BINARY", "write to_utf8(text)"],
  ["BYTEA", "write to_utf8(text)"],
  ["BLOB", "write to_utf8(text)"],
  ["CHAR", "write varchar"],
  ["TIME", "write date_format(x, '%H:%i:%s')"],
  ["INTERVAL", "write INTERVAL '2' DAY"],
]);

/**
 * The statement with the types of its casts as DuckDB writes them: array(bigint) is BIGINT[] there.
 *
 * @throws QueryError for a type that Athena does not have, or whose cast differs
 */
export function withDuckdbTypes(sql: string, tokens: readonly Token[]): string {
  const edits: { from: number; to: number; type: string }[] = [];
  tokens.forEach((token, index) => {
    if ((token.word !== "CAST" && token.word !== "TRY_CAST") || tokens[index + 1]?.text !== "(") return;
    const as = topLevelAs(tokens, index + 2);
    if (as === undefined) return; // the parser says what is wrong
    const close = closing(tokens, as + 1);
    const [first, last] = [tokens[as + 1], tokens[close]];
    if (!first || !last) return;
    const words = tokens.slice(as + 1, close);
    checkWords(words);
    edits.push({ from: first.start, to: last.start, type: typeOf(sql.slice(first.start, last.start)) });
  });
  // the type of a cast stands behind those of the casts inside it
  let result = "";
  let copied = 0;
  for (const { from, to, type } of edits.sort((a, b) => a.from - b.from)) {
    result += `${sql.slice(copied, from)}${type}`;
    copied = to;
  }
  return result + sql.slice(copied);
}

function typeOf(text: string): string {
  try {
    return duckdbType(text);
  } catch (error) {
    if (!(error instanceof TypeNameError)) throw error;
    throw new QueryError(`CAST: ${error.message}.`);
  }
}

function checkWords(words: readonly Token[]): void {
  words.forEach((token, index) => {
    const after = words[index + 1];
    const digits = words[index + 2]?.text;
    const typeName =
      index === 0 || ["(", ","].includes(words[index - 1]?.text ?? "") || words[index - 1]?.kind !== "sign";
    if (!typeName || (after && after.kind !== "sign" && token.word !== "TIMESTAMP")) return; // the name of a row's field
    const instead = foreignTypes.get(token.word);
    if (instead !== undefined) throw new QueryError(`${token.text} is not a type of Athena: write ${instead}.`);
    const refused = refusedTypes.get(token.word);
    if (refused !== undefined)
      throw new QueryError(`CAST AS ${token.text} does not run here as in Athena: ${refused}.`);
    if (token.word === "VARCHAR" && after?.text === "(") {
      throw new QueryError(
        "CAST AS varchar(n) cuts the text in Athena, which DuckDB does not: write substr(CAST(x AS varchar), 1, n).",
      );
    }
    if (token.word === "TIMESTAMP" && after?.text === "(" && digits !== "3" && digits !== "6") {
      throw new QueryError(
        `CAST AS timestamp(${digits}) rounds in Athena, which DuckDB does not: write date_trunc('second', x).`,
      );
    }
  });
}

/**
 * The statement with the NULL that IF may leave out and that DuckDB's IF needs.
 */
export function withElse(sql: string, tokens: readonly Token[]): string {
  let result = "";
  let copied = 0;
  const edits: number[] = [];
  tokens.forEach((token, index) => {
    if (token.word !== "IF" || tokens[index + 1]?.text !== "(") return;
    const close = closing(tokens, index + 2);
    if (commasBetween(tokens, index + 2, close) === 1) edits.push(tokens[close]?.start ?? sql.length);
  });
  for (const at of edits.sort((a, b) => a - b)) {
    result += `${sql.slice(copied, at)}, NULL`;
    copied = at;
  }
  return result + sql.slice(copied);
}

function commasBetween(tokens: readonly Token[], from: number, to: number): number {
  let depth = 0;
  let commas = 0;
  for (const token of tokens.slice(from, to)) {
    if (token.kind !== "sign") continue;
    if (token.text === "(" || token.text === "[") depth++;
    if (token.text === ")" || token.text === "]") depth--;
    if (token.text === "," && depth === 0) commas++;
  }
  return commas;
}

/** Index of the AS that belongs to the call whose arguments start at `from`. */
function topLevelAs(tokens: readonly Token[], from: number): number | undefined {
  let depth = 0;
  for (let index = from; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.text === "(" && token.kind === "sign") depth++;
    if (token?.text === ")" && token.kind === "sign" && depth-- === 0) return undefined;
    if (token?.word === "AS" && depth === 0) return index;
  }
  return undefined;
}

/** Index of the bracket that closes the call. */
function closing(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let index = from; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.text === "(" && token.kind === "sign") depth++;
    if (token?.text === ")" && token.kind === "sign" && depth-- === 0) return index;
  }
  return tokens.length - 1;
}
