import { QueryError } from "../errors.ts";

export interface Token {
  kind: "name" | "quoted" | "string" | "number" | "sign" | "end";
  /** As written. */
  text: string;
  /** An unquoted name in upper case; "" for every other token. */
  word: string;
  /** Where it starts in the text. */
  start: number;
  /** Where it starts in bytes of UTF-8: DuckDB's tree counts so. */
  byte: number;
  /** Whether nothing stands between it and the token before. */
  joined: boolean;
}

const comment = /--[^\n]*|\/\*[^]*?\*\//y;
const space = /\s+/y;
const name = /[\p{L}_][\p{L}\p{N}_]*/uy;
const quoted = /"(?:[^"]|"")*"/y;
const text = /'(?:[^']|'')*'/y;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const sign = /->>|->|<=|>=|<>|!=|\|\||[()[\],.;+\-*/%<>=]/y;

/** Signs of DuckDB that Athena does not have, with what to write. */
const foreignSigns: readonly [RegExp, string][] = [
  [/::/y, "write CAST(x AS type)"],
  [/:/y, "a name stands behind its expression, x AS name, and a part of an array is slice(array, start, length)"],
  [/\/\//y, "/ divides whole numbers without a rest"],
  [/\*\*|\^/y, "write power(x, y)"],
  [/\$/y, "texts stand in single quotes, and there are no parameters here"],
  [/\?/y, "there are no parameters here"],
  [/==/y, "write ="],
  [/!?~~?\*?/y, "write LIKE or regexp_like(x, pattern)"],
  [/<<|>>/y, "write bitwise_left_shift(x, n) or bitwise_right_shift(x, n)"],
  [/&|\|(?!\|)|#|@/y, "write bitwise_and(x, y), bitwise_or(x, y) or bitwise_xor(x, y)"],
  [/[{}]/y, "write MAP(ARRAY[...], ARRAY[...]) or CAST(ROW(...) AS ROW(...))"],
  [/`/y, 'names stand in double quotes: "name"'],
];

/** The words that Athena's SELECT keeps for itself; as names they stand in double quotes (Trino, "Reserved keywords"). */
export const reservedWords: ReadonlySet<string> = new Set(
  (
    "ALTER AND AS BETWEEN BY CASE CAST CONSTRAINT CREATE CROSS CUBE CURRENT_CATALOG CURRENT_DATE CURRENT_PATH CURRENT_ROLE " +
    "CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEALLOCATE DELETE DESCRIBE DISTINCT DROP ELSE END ESCAPE EXCEPT " +
    "EXISTS EXTRACT FALSE FOR FROM FULL GROUP GROUPING HAVING IN INNER INSERT INTERSECT INTO IS JOIN LEFT LIKE LISTAGG LOCALTIME " +
    "LOCALTIMESTAMP NATURAL NORMALIZE NOT NULL ON OR ORDER OUTER PREPARE RECURSIVE RIGHT ROLLUP SELECT SKIP TABLE THEN TRIM TRUE " +
    "UESCAPE UNION UNNEST USING VALUES WHEN WHERE WITH"
  ).split(" "),
);

/**
 * The words and signs of a statement, the last an `end`.
 *
 * @throws QueryError for a sign that Athena does not have
 */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let byte = 0;
  let joined = false;
  while (at < sql.length) {
    const skipped = match(space) ?? match(comment);
    if (skipped !== undefined) {
      advance(skipped);
      joined = false;
      continue;
    }
    const token = next();
    tokens.push({ ...token, word: token.kind === "name" ? token.text.toUpperCase() : "", start: at, byte, joined });
    advance(token.text);
    joined = true;
  }
  tokens.push({ kind: "end", text: "the end", word: "", start: at, byte, joined: false });
  return tokens;

  function match(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    return pattern.exec(sql)?.[0];
  }

  function advance(part: string): void {
    at += part.length;
    byte += Buffer.byteLength(part);
  }

  function next(): Pick<Token, "kind" | "text"> {
    for (const [kind, pattern] of [
      ["name", name],
      ["quoted", quoted],
      ["string", text],
      ["number", number],
    ] as const) {
      const found = match(pattern);
      if (found !== undefined) return { kind, text: found };
    }
    for (const [pattern, instead] of foreignSigns) {
      const found = match(pattern);
      if (found !== undefined) throw new QueryError(`${found} is not Athena's SQL: ${instead}.`);
    }
    const found = match(sign);
    if (found !== undefined) return { kind: "sign", text: found };
    const rest = sql.slice(at, at + 20);
    throw new QueryError(
      /^['"]/.test(rest) ? `The quotation that starts at ${rest} does not end.` : `Unexpected ${rest}.`,
    );
  }
}
