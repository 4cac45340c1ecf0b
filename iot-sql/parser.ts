import { errorAt, type IotSqlError } from "./errors.ts";
import type { BinaryOperator, CastType, Node, Select, SelectItem, StatementSyntax } from "./syntax.ts";
import { Lexer, type Token } from "./tokens.ts";

const reserved = new Set(
  "SELECT FROM WHERE AS AND OR NOT CASE WHEN THEN ELSE END TRUE FALSE NULL".split(" "), // of the documented grammar
);

const castTypes = new Map<string, CastType>([
  ["STRING", "String"],
  ["NVARCHAR", "String"],
  ["TEXT", "String"],
  ["NTEXT", "String"],
  ["VARCHAR", "String"],
  ["INT", "Int"],
  ["INTEGER", "Int"],
  ["DOUBLE", "Double"],
  ["DECIMAL", "Decimal"],
  ["BOOL", "Boolean"],
  ["BOOLEAN", "Boolean"],
]);

const comparisons = new Set(["=", "<>", "<", "<=", ">", ">="]);

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

/** Deeper nesting than any statement has; it bounds the stack that a statement needs. */
const deepest = 200;

/** Recursive descent over the documented grammar; precedence, which is not documented, is that of ANSI SQL. */
export class Parser {
  readonly text: string;
  readonly #lexer: Lexer;
  #token: Token;
  #depth = 0;

  constructor(text: string, from = 0) {
    this.text = text;
    this.#lexer = new Lexer(text);
    this.#token = this.#lexer.read(from);
  }

  statement(): StatementSyntax {
    const variables = this.#word("SET") ? this.#variables() : [];
    if (!this.#word("SELECT")) throw this.#unexpected(variables.length > 0 ? "`,` or SELECT" : "SET or SELECT");
    const select = this.#select();
    let from: StatementSyntax["from"];
    if (this.#word("FROM")) {
      const { kind, text, offset } = this.#token;
      if (kind !== "string") throw this.#unexpected("a topic filter in single quotes, as in FROM 'sensor/#'");
      from = { filter: text, offset };
      this.#next();
    }
    const where = this.#word("WHERE") ? this.expression() : undefined;
    const clauses = from === undefined && where === undefined ? "`,`, FROM, WHERE" : "";
    this.end(
      [clauses || (where === undefined ? "WHERE" : ""), "the end of the statement"].filter(Boolean).join(" or "),
    );
    return { variables, select, from, where };
  }

  /** Nothing may follow. */
  end(expected: string): void {
    if (this.#token.kind !== "end") throw this.#unexpected(expected);
  }

  /** After an expression of a template: the offset behind the `}` that ends it. */
  closeTemplate(): number {
    if (!this.#is("}")) throw this.#unexpected("an operator or the `}` that ends the expression");
    return this.#token.end;
  }

  expression(): Node {
    if (++this.#depth > deepest) throw this.#error(`expressions are nested more than ${deepest} deep`);
    const node = this.#binary(["OR"], () => this.#binary(["AND"], () => this.#not()));
    this.#depth--;
    return node;
  }

  #variables(): StatementSyntax["variables"] {
    const variables: StatementSyntax["variables"] = [];
    do {
      const { kind, text: name } = this.#token;
      if (kind !== "variable") throw this.#unexpected("the name of a variable, as in SET @celsius = ...");
      if (variables.some((variable) => variable.name === name)) {
        throw this.#error(`@${name} is already set; a variable is assigned once`);
      }
      this.#next();
      this.#expect("=");
      variables.push({ name, node: this.expression() });
    } while (this.#symbol(","));
    return variables;
  }

  #select(): Select {
    const value = this.#isValueKeyword();
    if (value) this.#next();
    const items: SelectItem[] = [];
    do {
      const item = this.#item();
      if (value && items.length > 0) throw errorAt(this.text, item.node.offset, "SELECT VALUE takes one item");
      if (value && item.named)
        throw errorAt(this.text, item.node.offset, "the item of SELECT VALUE has no name: no AS");
      if (item.node.kind === "star" && items.some((other) => other.node.kind === "star")) {
        throw errorAt(this.text, item.node.offset, "`*` can be selected once");
      }
      items.push(item);
    } while (this.#symbol(","));
    return { value, items };
  }

  /** `value` is a frequent key: it is the keyword only where what follows can begin an item. */
  #isValueKeyword(): boolean {
    if (!this.#isWord("VALUE")) return false;
    const next = this.#lexer.read(this.#token.end);
    if (next.kind === "symbol") {
      if (next.text !== "*") return "([{".includes(next.text);
      const after = this.#lexer.read(next.end);
      return after.kind === "end" || (after.kind === "name" && reserved.has(after.text.toUpperCase()));
    }
    return next.kind !== "end" && !["FROM", "WHERE", "AS", "AND", "OR"].includes(next.text.toUpperCase());
  }

  #item(): SelectItem {
    const start = this.#token.offset;
    if (this.#is("*")) {
      this.#next();
      if (this.#isWord("AS")) throw this.#error("`*` stands for the payload's own keys and takes no name");
      return { node: { kind: "star", offset: start }, alias: [], named: false };
    }
    const node = this.expression();
    const text = this.text.slice(start, this.#token.offset).trim();
    if (!this.#word("AS")) return { node, alias: [defaultName(node, text)], named: false };
    const alias = [this.#name("a name after AS")];
    while (this.#symbol(".")) alias.push(this.#name("a name after `.`", true));
    return { node, alias, named: true };
  }

  #not(): Node {
    const { offset } = this.#token;
    if (!this.#word("NOT")) return this.#comparison();
    if (++this.#depth > deepest) throw this.#error(`expressions are nested more than ${deepest} deep`);
    const operand = this.#not();
    this.#depth--;
    return { kind: "not", offset, operand };
  }

  #comparison(): Node {
    return this.#binary(comparisons, () => this.#binary("+-", () => this.#binary("*/%", () => this.#unary())));
  }

  #binary(operators: string | string[] | Set<string>, operand: () => Node): Node {
    const known = new Set(operators);
    let left = operand();
    for (;;) {
      const { kind, text, offset } = this.#token;
      const operator = kind === "name" ? text.toUpperCase() : kind === "symbol" ? text : "";
      if (!known.has(operator)) return left;
      this.#next();
      left = { kind: "binary", offset, operator: operator as BinaryOperator, left, right: operand() };
    }
  }

  #unary(): Node {
    const { offset } = this.#token;
    if (!this.#symbol("-")) return this.#postfix();
    if (++this.#depth > deepest) throw this.#error(`expressions are nested more than ${deepest} deep`);
    const operand = this.#unary();
    this.#depth--;
    if (operand.kind === "number") return { kind: "number", offset, text: negated(operand.text) };
    return { kind: "minus", offset, operand };
  }

  #postfix(): Node {
    let node = this.#primary();
    while (this.#is(".")) {
      const { offset } = this.#token;
      this.#next();
      node = { kind: "member", offset, object: node, name: this.#name("a name after `.`", true) };
    }
    if (this.#is("[")) throw this.#error("an element of an array is read by get(array, index), with indices from 0");
    return node;
  }

  #primary(): Node {
    const { kind, text, offset } = this.#token;
    if (kind === "number") return this.#take({ kind: "number", offset, text });
    if (kind === "string") return this.#take({ kind: "literal", offset, value: text });
    if (kind === "variable") return this.#take({ kind: "variable", offset, name: text });
    if (kind === "symbol") {
      if (text === "(") return this.#group();
      if (text === "{") return this.#object();
      if (text === "[") return this.#array();
      if (text === "*") throw this.#error("`*` is an item of SELECT or the first argument of encode()");
    }
    if (kind === "name") {
      const word = text.toUpperCase();
      if (word === "TRUE" || word === "FALSE") return this.#take({ kind: "literal", offset, value: word === "TRUE" });
      if (word === "NULL") return this.#take({ kind: "literal", offset, value: null });
      if (word === "CASE") return this.#case();
      if (!reserved.has(word)) {
        this.#next();
        return this.#is("(") ? this.#call(text, offset) : { kind: "name", offset, name: text };
      }
    }
    throw this.#unexpected("an expression");
  }

  #group(): Node {
    const { offset } = this.#token;
    this.#next();
    if (!this.#word("SELECT")) {
      const node = this.expression();
      this.#expect(")");
      return node;
    }
    if (++this.#depth > deepest) throw this.#error(`expressions are nested more than ${deepest} deep`);
    const select = this.#select();
    if (!this.#word("FROM")) throw this.#unexpected("`,` or FROM with the array or object to select from");
    const from = this.#postfix();
    const root = rootOf(from);
    if (root.kind !== "name" && root.kind !== "variable") {
      throw errorAt(this.text, root.offset, "FROM of a nested SELECT takes a path, as in FROM state.readings");
    }
    const where = this.#word("WHERE") ? this.expression() : undefined;
    this.#expect(")");
    this.#depth--;
    return { kind: "select", offset, select, from, where };
  }

  #call(name: string, offset: number): Node {
    this.#next();
    if (name.toUpperCase() === "CAST") return this.#cast(offset);
    const args: Node[] = [];
    if (!this.#symbol(")")) {
      do {
        if (this.#is("*") && args.length === (name.toLowerCase() === "aws_lambda" ? 1 : 0)) {
          args.push({ kind: "star", offset: this.#token.offset });
          this.#next();
        } else {
          args.push(this.expression());
        }
      } while (this.#symbol(","));
      if (!this.#symbol(")")) throw this.#unexpected(`an operator, \`,\` or the \`)\` of ${name}()`);
    }
    return { kind: "call", offset, name, args };
  }

  #cast(offset: number): Node {
    const operand = this.expression();
    if (!this.#word("AS")) throw this.#unexpected("AS and a type, as in cast(x AS Int)");
    const type = this.#token.kind === "name" ? castTypes.get(this.#token.text.toUpperCase()) : undefined;
    if (type === undefined)
      throw this.#unexpected("a type: Int, Decimal, Double, Boolean, Bool, String, Text or Varchar");
    this.#next();
    this.#expect(")");
    return { kind: "cast", offset, operand, type };
  }

  #case(): Node {
    const { offset } = this.#token;
    this.#next();
    if (this.#isWord("WHEN")) {
      throw this.#error(
        "CASE compares one value: CASE value WHEN candidate THEN result ... END; it takes no conditions",
      );
    }
    const operand = this.expression();
    const whens: { when: Node; then: Node }[] = [];
    while (this.#word("WHEN")) {
      const when = this.expression();
      if (!this.#word("THEN")) throw this.#unexpected("an operator or THEN");
      whens.push({ when, then: this.expression() });
    }
    if (whens.length === 0) throw this.#unexpected("an operator or WHEN");
    const otherwise = this.#word("ELSE") ? this.expression() : undefined;
    if (!this.#word("END")) throw this.#unexpected(otherwise === undefined ? "an operator, WHEN, ELSE or END" : "END");
    return { kind: "case", offset, operand, whens, otherwise };
  }

  #object(): Node {
    const { offset } = this.#token;
    const entries: { key: string; value: Node }[] = [];
    this.#next();
    if (this.#symbol("}")) return { kind: "object", offset, entries };
    do {
      const { kind, text: key } = this.#token;
      if (kind !== "string") throw this.#unexpected("a key in quotes, as in {'key': value}");
      this.#next();
      this.#expect(":");
      entries.push({ key, value: this.expression() });
    } while (this.#symbol(","));
    this.#expect("}");
    return { kind: "object", offset, entries };
  }

  #array(): Node {
    const { offset } = this.#token;
    const items: Node[] = [];
    this.#next();
    if (this.#symbol("]")) return { kind: "array", offset, items };
    do items.push(this.expression());
    while (this.#symbol(","));
    this.#expect("]");
    return { kind: "array", offset, items };
  }

  /** A name; after a `.` any word is one. */
  #name(expected: string, any = false): string {
    const { kind, text } = this.#token;
    if (kind === "string") {
      throw this.#error(
        `expected ${expected}, without quotes; a key with other characters is read by get(object, "key")`,
      );
    }
    if (kind !== "name" || (!any && reserved.has(text.toUpperCase()))) throw this.#unexpected(expected);
    this.#next();
    return text;
  }

  #next(): void {
    this.#token = this.#lexer.read(this.#token.end);
  }

  #take(node: Node): Node {
    this.#next();
    return node;
  }

  #isWord(word: string): boolean {
    return this.#token.kind === "name" && this.#token.text.toUpperCase() === word;
  }

  #word(word: string): boolean {
    const found = this.#isWord(word);
    if (found) this.#next();
    return found;
  }

  #is(symbol: string): boolean {
    return this.#token.kind === "symbol" && this.#token.text === symbol;
  }

  #symbol(symbol: string): boolean {
    const found = this.#is(symbol);
    if (found) this.#next();
    return found;
  }

  #expect(symbol: string): void {
    if (!this.#symbol(symbol))
      throw this.#unexpected(symbol === "=" || symbol === ":" ? `\`${symbol}\`` : `an operator or \`${symbol}\``);
  }

  #error(message: string): IotSqlError {
    return errorAt(this.text, this.#token.offset, message);
  }

  #unexpected(expected: string): IotSqlError {
    const { kind, text } = this.#token;
    const foreign = kind === "name" ? foreignWords.get(text.toUpperCase()) : undefined;
    if (foreign !== undefined) return this.#error(foreign);
    const found =
      kind === "end"
        ? "the end"
        : kind === "string"
          ? `the string ${JSON.stringify(text)}`
          : `\`${kind === "variable" ? "@" : ""}${text}\``;
    return this.#error(`expected ${expected}, found ${found}`);
  }
}

function negated(text: string): string {
  return text.startsWith("-") ? text.slice(1) : `-${text}`;
}

/** What a path begins with. */
export function rootOf(node: Node): Node {
  return node.kind === "member" ? rootOf(node.object) : node;
}

/** The key of an item without AS: documented for names only; the rest is our choice, and warned of. */
function defaultName(node: Node, text: string): string {
  if (node.kind === "name" || node.kind === "variable" || node.kind === "member" || node.kind === "call")
    return node.name;
  return node.kind === "cast" ? "cast" : text;
}
