import { errorAt } from "./errors.ts";

export type TokenKind = "name" | "variable" | "string" | "number" | "symbol" | "end";

export interface Token {
  kind: TokenKind;
  /** As written; of a string its value, of a variable its name without the `@`. */
  text: string;
  /** Offset of the first character. */
  offset: number;
  /** Offset after the last character. */
  end: number;
}

const namePattern = /[A-Za-z_][A-Za-z0-9_]*/y;
const variablePattern = /@([A-Za-z0-9_]*)/y;
const numberPattern = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const symbolPattern = /<>|<=|>=|[-+*/%(){}[\],.:=<>]/y;
const spacePattern = /[ \t\r\n]*/y;

/** Longest name of a variable: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-set.html */
const longestVariable = 64;

/** What other dialects write, and what IoT SQL has for it. */
const foreignSymbols: [symbol: string, hint: string][] = [
  ["--", "comments are not part of AWS IoT SQL"],
  ["/*", "comments are not part of AWS IoT SQL"],
  ["!=", "`!=` is not an operator of AWS IoT SQL; write `<>`"],
  ["==", "`==` is not an operator of AWS IoT SQL; write `=`"],
  ["||", "`||` is not an operator of AWS IoT SQL; write `+` or concat()"],
  ["&&", "`&&` is not an operator of AWS IoT SQL; write AND"],
  ["!", "`!` is not an operator of AWS IoT SQL; write NOT"],
  [";", "a statement has no `;` at its end"],
  ["`", 'a key that is not a plain name is read by get(object, "key"), not by backticks'],
];

/** Reads one token at a time, so that a template can stop at the `}` that ends its expression. */
export class Lexer {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The token at or after an offset. */
  read(from: number): Token {
    const offset = this.#end(spacePattern, from);
    const character = this.text[offset];
    if (character === undefined) return { kind: "end", text: "", offset, end: offset };
    if (character === "'" || character === '"') return this.#string(offset, character);
    if (character === "@") return this.#variable(offset);
    let end = this.#end(namePattern, offset);
    if (end > offset) return this.#token("name", offset, end);
    end = this.#end(numberPattern, offset);
    if (end > offset) return this.#number(offset, end);
    for (const [symbol, hint] of foreignSymbols) {
      if (this.text.startsWith(symbol, offset)) throw errorAt(this.text, offset, hint);
    }
    end = this.#end(symbolPattern, offset);
    if (end > offset) return this.#token("symbol", offset, end);
    const shown = String.fromCodePoint(this.text.codePointAt(offset) ?? 0);
    throw errorAt(this.text, offset, `unexpected character ${JSON.stringify(shown)}`);
  }

  #end(pattern: RegExp, offset: number): number {
    pattern.lastIndex = offset;
    return pattern.test(this.text) ? pattern.lastIndex : offset;
  }

  #token(kind: TokenKind, offset: number, end: number): Token {
    return { kind, text: this.text.slice(offset, end), offset, end };
  }

  #number(offset: number, end: number): Token {
    if (/[A-Za-z_]/.test(this.text[end] ?? "")) {
      throw errorAt(
        this.text,
        offset,
        `a name cannot begin with a digit; read such a key by get(), as in get(parent, "${this.text[offset]}...")`,
      );
    }
    return this.#token("number", offset, end);
  }

  #variable(offset: number): Token {
    const end = this.#end(variablePattern, offset);
    const name = this.text.slice(offset + 1, end);
    if (name === "" || name.length > longestVariable) {
      const message = `after \`@\` a variable has a name of 1 to ${longestVariable} letters, digits and underscores`;
      throw errorAt(this.text, offset, message);
    }
    return { kind: "variable", text: name, offset, end };
  }

  /** Both quotes are used in the documentation. A quote inside is written twice; a backslash stands for itself. */
  #string(offset: number, quote: string): Token {
    let value = "";
    for (let from = offset + 1; ;) {
      const at = this.text.indexOf(quote, from);
      if (at === -1) throw errorAt(this.text, offset, `the string that begins here has no closing ${quote}`);
      value += this.text.slice(from, at);
      if (this.text[at + 1] !== quote) return { kind: "string", text: value, offset, end: at + 1 };
      value += quote;
      from = at + 2;
    }
  }
}
