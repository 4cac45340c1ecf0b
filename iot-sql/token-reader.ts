import { errorAt, type IotSqlError } from "./errors.ts";
import { Lexer, type Token } from "./tokens.ts";

/** What SQL has elsewhere after an expression, and what to write here. */
const foreignWords = new Map([
  ["LIKE", "LIKE is not part of AWS IoT SQL; use startswith(), endswith() or regexp_matches()"],
  ["IN", "IN is not part of AWS IoT SQL; write comparisons joined by OR"],
  ["BETWEEN", "BETWEEN is not part of AWS IoT SQL; write two comparisons joined by AND"],
  ["IS", "IS is not part of AWS IoT SQL; use isNull() or isUndefined()"],
  ["JOIN", "JOIN is not part of AWS IoT SQL"],
  ["GROUP", "GROUP BY is not part of AWS IoT SQL: a rule sees one message at a time"],
  ["ORDER", "ORDER BY is not part of AWS IoT SQL: a rule sees one message at a time"],
  ["LIMIT", "LIMIT is not part of AWS IoT SQL: a rule sees one message at a time"],
  ["SET", "SET stands before SELECT, once; several variables are separated by commas"],
]);

/** Deeper nesting than any statement has; it bounds the stack that the parser needs. */
const deepest = 200;

/** The tokens of a text, one at a time, and the errors that a parser reports at them. */
export class TokenReader {
  readonly text: string;
  protected readonly lexer: Lexer;
  protected token: Token;
  #depth = 0;

  constructor(text: string, from = 0) {
    this.text = text;
    this.lexer = new Lexer(text);
    this.token = this.lexer.read(from);
  }

  /** Nothing may follow. */
  end(expected: string): void {
    if (this.token.kind !== "end") throw this.unexpected(expected);
  }

  /** After an expression of a template: the offset behind the `}` that ends it. */
  closeTemplate(): number {
    if (!this.is("}")) throw this.unexpected("an operator or the `}` that ends the expression");
    return this.token.end;
  }

  protected next(): void {
    this.token = this.lexer.read(this.token.end);
  }

  protected isWord(word: string): boolean {
    return this.token.kind === "name" && this.token.text.toUpperCase() === word;
  }

  /** Takes a keyword if it is next. */
  protected word(word: string): boolean {
    const found = this.isWord(word);
    if (found) this.next();
    return found;
  }

  protected is(symbol: string): boolean {
    return this.token.kind === "symbol" && this.token.text === symbol;
  }

  /** Takes a symbol if it is next. */
  protected symbol(symbol: string): boolean {
    const found = this.is(symbol);
    if (found) this.next();
    return found;
  }

  protected expect(symbol: string, expected = `an operator or \`${symbol}\``): void {
    if (!this.symbol(symbol)) throw this.unexpected(expected);
  }

  /** Parses one level deeper. */
  protected nested<T>(parse: () => T): T {
    if (++this.#depth > deepest) throw this.error(`expressions are nested more than ${deepest} deep`);
    const result = parse();
    this.#depth--;
    return result;
  }

  protected error(message: string): IotSqlError {
    return errorAt(this.text, this.token.offset, message);
  }

  protected unexpected(expected: string): IotSqlError {
    const { kind, text } = this.token;
    const foreign = kind === "name" ? foreignWords.get(text.toUpperCase()) : undefined;
    return this.error(foreign ?? `expected ${expected}, found ${described(kind, text)}`);
  }
}

function described(kind: Token["kind"], text: string): string {
  if (kind === "end") return "the end";
  if (kind === "string") return `the string ${JSON.stringify(text)}`;
  return kind === "variable" ? `\`@${text}\`` : `\`${text}\``;
}
