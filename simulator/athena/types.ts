import { quoteName } from "./quote.ts";

/** Names of scalar types in Glue (Hive) and in Athena's SQL (Trino), each with DuckDB's type of the same values. */
const scalars: Readonly<Record<string, string>> = {
  boolean: "BOOLEAN",
  tinyint: "TINYINT",
  smallint: "SMALLINT",
  int: "INTEGER",
  integer: "INTEGER",
  bigint: "BIGINT",
  float: "FLOAT",
  real: "FLOAT",
  double: "DOUBLE",
  string: "VARCHAR",
  varchar: "VARCHAR",
  char: "VARCHAR",
  binary: "BLOB",
  varbinary: "BLOB",
  date: "DATE",
  timestamp: "TIMESTAMP",
  json: "JSON",
};

/** A type that is not one of Glue's or Athena's, or that this machine has no equal of. */
export class TypeNameError extends Error {}

/**
 * DuckDB's type for a type of Glue (`array<struct<a:int>>`) or Athena (`array(row(a integer))`), nested to any depth.
 *
 * @throws TypeNameError
 */
export function duckdbType(name: string): string {
  const parser = new TypeParser(name);
  const type = parser.type();
  parser.end();
  return type;
}

class TypeParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  type(): string {
    const word = this.#word().toLowerCase();
    if (word === "array") {
      return `${this.#arguments(() => this.type()).join()}[]`;
    }
    if (word === "map") {
      return `MAP(${this.#arguments(() => this.type()).join(", ")})`;
    }
    if (word === "struct" || word === "row") {
      return `STRUCT(${this.#arguments(() => this.#field()).join(", ")})`;
    }
    if (word === "decimal") {
      const digits = this.#opens() ? this.#arguments(() => this.#number()) : ["38", "0"];
      return `DECIMAL(${digits[0]},${digits[1] ?? "0"})`;
    }
    const scalar = Object.hasOwn(scalars, word) ? scalars[word] : undefined;
    if (!scalar) throw new TypeNameError(`the type ${word} of ${this.#text} is not known`);
    if (this.#opens()) this.#arguments(() => this.#number()); // varchar(10), timestamp(3): DuckDB's types are wider
    if (word === "timestamp" && this.#skip(/^\s+with\s+time\s+zone/i)) return "TIMESTAMP WITH TIME ZONE";
    return scalar;
  }

  end(): void {
    if (this.#text.slice(this.#at).trim() !== "") {
      throw new TypeNameError(`${this.#text} is not a type: unexpected "${this.#text.slice(this.#at)}"`);
    }
  }

  #field(): string {
    const quoted = /^\s*"((?:[^"]|"")+)"/.exec(this.#text.slice(this.#at));
    if (quoted) this.#at += quoted[0].length;
    const name = quoted ? String(quoted[1]).replaceAll('""', '"') : this.#word();
    this.#skip(/^\s*:/);
    return `${quoteName(name)} ${this.type()}`;
  }

  #arguments(argument: () => string): string[] {
    const close = this.#opens();
    if (!close) throw new TypeNameError(`${this.#text} is not a type: it lacks its parts in brackets`);
    this.#skip(/^\s*[(<]/);
    const parts = [argument()];
    while (this.#skip(/^\s*,/)) parts.push(argument());
    if (!this.#skip(close === "(" ? /^\s*\)/ : /^\s*>/)) {
      throw new TypeNameError(`${this.#text} is not a type: a bracket is not closed`);
    }
    return parts;
  }

  #opens(): "(" | "<" | undefined {
    const bracket = /^\s*([(<])/.exec(this.#text.slice(this.#at))?.[1];
    return bracket === "(" || bracket === "<" ? bracket : undefined;
  }

  #number(): string {
    return this.#matched(/^\s*(\d+)/, "a number");
  }

  #word(): string {
    return this.#matched(/^\s*([A-Za-z_][A-Za-z0-9_]*)/, "a name");
  }

  #matched(pattern: RegExp, what: string): string {
    const match = pattern.exec(this.#text.slice(this.#at));
    if (!match) throw new TypeNameError(`${this.#text} is not a type: ${what} is missing`);
    this.#at += match[0].length;
    return String(match[1]);
  }

  #skip(pattern: RegExp): boolean {
    const match = pattern.exec(this.#text.slice(this.#at));
    if (match) this.#at += match[0].length;
    return match !== null;
  }
}
