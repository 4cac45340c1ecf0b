import { reservedWords, type Token } from "./tokens.ts";
import { QueryError } from "../errors.ts";

/**
 * Refuses what DuckDB's parser takes and Athena's does not, where the parsed tree no longer tells.
 *
 * @throws QueryError saying what to write instead
 */
export function checkSyntax(tokens: readonly Token[]): void {
  checkStatement(tokens);
  checkLevels(tokens);
  tokens.forEach((token, index) => {
    const around = {
      token,
      before: tokens[index - 1],
      after: tokens[index + 1],
      rest: tokens.slice(index + 1, index + 4),
    };
    for (const check of [checkLiteral, checkName, checkPhrase, checkInterval]) check(around);
  });
}

interface Around {
  token: Token;
  before: Token | undefined;
  after: Token | undefined;
  /** The three behind `token`. */
  rest: readonly Token[];
}

function checkStatement(tokens: readonly Token[]): void {
  const first = tokens[0];
  if (!first || first.kind === "end") throw new QueryError("The query is empty.");
  if (!["SELECT", "WITH", "VALUES", "TABLE"].includes(first.word) && first.text !== "(") {
    throw new QueryError(
      first.word === "FROM"
        ? "A query starts with SELECT in Athena; FROM stands behind it."
        : `A query is one SELECT, WITH, VALUES, SHOW, DESCRIBE or EXPLAIN; it cannot start with ${first.text}.`,
    );
  }
  const semicolon = tokens.findIndex(({ text, kind }) => kind === "sign" && text === ";");
  if (semicolon >= 0 && tokens[semicolon + 1]?.kind !== "end") {
    throw new QueryError("One statement at a time: something stands behind the semicolon.");
  }
}

/** Calls in which FROM is no clause. */
const callsWithFrom = new Set(["EXTRACT", "TRIM", "SUBSTRING"]);
const setOperations = new Set(["UNION", "INTERSECT", "EXCEPT"]);

function checkLevels(tokens: readonly Token[]): void {
  const levels = [{ opener: "", select: false, limit: false }];
  tokens.forEach((token, index) => {
    const level = levels.at(-1);
    if (!level) throw new QueryError("A bracket is closed that was not opened.");
    if (token.text === "(" && token.kind === "sign") {
      levels.push({ opener: tokens[index - 1]?.word ?? "", select: false, limit: false });
    } else if (token.text === ")" && token.kind === "sign") {
      levels.pop();
    } else if (token.word === "SELECT") {
      level.select = true;
    } else if (setOperations.has(token.word)) {
      level.select = false;
      if (tokens[index + 1]?.word === "BY" || tokens[index + 2]?.word === "BY") {
        throw new QueryError(`Athena has no ${token.word} BY NAME: write the columns in the same order.`);
      }
    } else if (token.word === "FROM" && tokens[index - 1]?.text !== ".") {
      const clause = tokens[index - 1]?.word !== "DISTINCT" && !callsWithFrom.has(level.opener);
      if (clause && !level.select) throw new QueryError("A query starts with SELECT in Athena; FROM stands behind it.");
    } else if (token.word === "IN" && level.opener !== "POSITION" && tokens[index + 1]?.text !== "(") {
      throw new QueryError("IN takes a list or a query in brackets; of an array write contains(array, x).");
    } else if (token.word === "LIMIT") {
      level.limit = true;
    } else if (token.word === "OFFSET" && level.limit) {
      throw new QueryError("Athena has OFFSET before LIMIT: OFFSET 20 LIMIT 10.");
    }
  });
}

function checkLiteral({ token, before }: Around): void {
  if (token.joined && token.kind === "string" && before?.kind === "name") {
    throw new QueryError(
      `${before.text}${token.text} is not Athena's SQL, or not in the part that runs here: write a plain text.`,
    );
  }
  if (token.kind === "string" && before?.kind === "string") {
    throw new QueryError(`Two texts stand side by side, ${before.text} ${token.text}: join them with ||.`);
  }
  if (token.joined && token.kind === "name" && before?.kind === "number") {
    throw new QueryError(`${before.text}${token.text} is no number.`);
  }
}

function checkName({ token, before, after }: Around): void {
  const asName = before?.word === "AS" || (before?.kind === "sign" && before.text === ".");
  if (asName && reservedWords.has(token.word)) {
    throw new QueryError(
      `${token.text} is a reserved word in Athena: write "${token.text.toLowerCase()}" in double quotes.`,
    );
  }
  if (
    before?.text === "." &&
    before.kind === "sign" &&
    after?.text === "(" &&
    (token.kind === "name" || token.kind === "quoted")
  ) {
    throw new QueryError(`A function is not called behind a dot in Athena: write ${token.text}(x, ...).`);
  }
}

const clauses = new Set([
  "FROM",
  "WHERE",
  "GROUP",
  "HAVING",
  "ORDER",
  "LIMIT",
  "OFFSET",
  "UNION",
  "INTERSECT",
  "EXCEPT",
]);

function checkPhrase({ token, before, after, rest }: Around): void {
  const [first, second, third] = rest.map(({ word }) => word);
  if (token.word === "BY" && first === "ALL") {
    throw new QueryError(`Athena has no ${before?.word ?? ""} BY ALL: write the columns or their positions.`);
  }
  const tested = first === "NOT" ? second : first;
  if (token.word === "IS" && ["TRUE", "FALSE", "UNKNOWN"].includes(tested ?? "")) {
    throw new QueryError(`Athena has no IS ${tested}: write the condition itself, NOT, or IS NULL.`);
  }
  if (["ISNULL", "NOTNULL"].includes(token.word) && before?.text !== "." && after?.text !== "(") {
    throw new QueryError(`Athena has no ${token.word}: write IS NULL or IS NOT NULL.`);
  }
  if (token.word === "AS" && (first === "MATERIALIZED" || (first === "NOT" && second === "MATERIALIZED"))) {
    throw new QueryError("Athena has no MATERIALIZED.");
  }
  if (token.word === "WITH" && first === "RECURSIVE") throw new QueryError("WITH RECURSIVE does not run here.");
  if (token.word === "LISTAGG" && after?.text === "(") {
    throw new QueryError("LISTAGG does not run here: write array_join(array_agg(x ORDER BY y), ',').");
  }
  if (token.word === "SELECT" && first === "DISTINCT" && second === "ON") {
    throw new QueryError("Athena has no DISTINCT ON: use row_number() OVER (PARTITION BY ...).");
  }
  if (token.word === "LIMIT" && third === "PERCENT") throw new QueryError("LIMIT takes a number of rows in Athena.");
  if (
    token.text === "," &&
    token.kind === "sign" &&
    after &&
    (after.kind === "end" || after.text === ")" || clauses.has(after.word))
  ) {
    throw new QueryError(`A comma stands before ${after.text}.`);
  }
}

const intervalUnits = ["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"];

function checkInterval({ token, rest }: Around): void {
  if (token.word !== "INTERVAL") return;
  const [first, second, third] = rest;
  const signed = first?.text === "-" || first?.text === "+";
  const amount = signed ? second : first;
  const unit = signed ? third : second;
  if (amount?.kind !== "string" && amount?.kind !== "number") return; // a column of that name
  if (
    signed ||
    amount.kind === "number" ||
    !/^'-?\d+'$/.test(amount.text) ||
    !intervalUnits.includes(unit?.word ?? "")
  ) {
    throw new QueryError(
      `An interval is written INTERVAL '2' DAY in Athena: a whole number in quotes and one of ${intervalUnits.join(", ")}.`,
    );
  }
}
