import { errorAt } from "./errors.ts";
import type { BinaryOperator, CastType, Node, Select, SelectItem } from "./syntax.ts";
import { TokenReader } from "./token-reader.ts";

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

/** From the loosest to the closest; NOT stands between AND and the comparisons. */
const precedences: BinaryOperator[][] = [
  ["OR"],
  ["AND"],
  ["=", "<>", "<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/", "%"],
];
const notPrecedence = 2;

/** Recursive descent over the documented grammar; precedence, which is not documented, is that of ANSI SQL. */
export class ExpressionParser extends TokenReader {
  expression(): Node {
    return this.nested(() => this.#binary(0));
  }

  protected select(): Select {
    const value = this.#isValueKeyword();
    if (value) this.next();
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
    } while (this.symbol(","));
    return { value, items };
  }

  /** `value` is a frequent key: it is the keyword only where what follows can begin an item. */
  #isValueKeyword(): boolean {
    if (!this.isWord("VALUE")) return false;
    const next = this.lexer.read(this.token.end);
    if (next.kind === "string") return true;
    if (next.kind === "symbol") {
      if (next.text === "-") return this.#standsAlone(next.end);
      if (next.text !== "*") return "([{".includes(next.text);
      const after = this.lexer.read(next.end);
      return after.kind === "end" || (after.kind === "name" && reserved.has(after.text.toUpperCase()));
    }
    return next.kind !== "end" && !["FROM", "WHERE", "AS", "AND", "OR"].includes(next.text.toUpperCase());
  }

  /** Whether no name and no other item follow the item that goes on at an offset: VALUE takes neither. */
  #standsAlone(from: number): boolean {
    let depth = 0;
    for (let token = this.lexer.read(from); token.kind !== "end"; token = this.lexer.read(token.end)) {
      const { kind, text } = token;
      if (kind === "symbol" && "([{".includes(text)) depth++;
      else if (kind === "symbol" && ")]}".includes(text)) depth--;
      if (depth < 0) return true;
      if (depth > 0 || kind === "string") continue;
      if (text === "," || text.toUpperCase() === "AS") return false;
      if (text.toUpperCase() === "FROM") return true;
    }
    return true;
  }

  #item(): SelectItem {
    const start = this.token.offset;
    if (this.is("*")) {
      this.next();
      if (this.isWord("AS")) throw this.error("`*` stands for the payload's own keys and takes no name");
      return { node: { kind: "star", offset: start }, alias: [], named: false };
    }
    const node = this.expression();
    const text = this.text.slice(start, this.token.offset).trim();
    if (!this.word("AS")) return { node, alias: [defaultName(node, text)], named: false };
    const alias = [this.#name("a name after AS")];
    while (this.symbol(".")) alias.push(this.#name("a name after `.`", true));
    return { node, alias, named: true };
  }

  /** Operators of one precedence and of those that bind closer, from the left. */
  #binary(precedence: number): Node {
    const operators = precedences[precedence];
    if (operators === undefined) return this.#unary();
    if (precedence === notPrecedence && this.isWord("NOT")) return this.#not();
    let left = this.#binary(precedence + 1);
    for (;;) {
      const { kind, text, offset } = this.token;
      const operator = operators.find((known) => known === (kind === "name" ? text.toUpperCase() : text));
      if (operator === undefined || kind === "string") return left;
      this.next();
      left = { kind: "binary", offset, operator, left, right: this.#binary(precedence + 1) };
    }
  }

  #not(): Node {
    const { offset } = this.token;
    this.next();
    return { kind: "not", offset, operand: this.nested(() => this.#binary(notPrecedence)) };
  }

  #unary(): Node {
    const { offset } = this.token;
    if (!this.symbol("-")) return this.#postfix();
    const operand = this.nested(() => this.#unary());
    if (operand.kind === "number") return { kind: "number", offset, text: negated(operand.text) };
    return { kind: "minus", offset, operand };
  }

  #postfix(): Node {
    let node = this.#primary();
    while (this.is(".")) {
      const { offset } = this.token;
      this.next();
      node = { kind: "member", offset, object: node, name: this.#name("a name after `.`", true) };
    }
    if (this.is("[")) throw this.error("an element of an array is read by get(array, index), with indices from 0");
    return node;
  }

  #primary(): Node {
    const { kind, text, offset } = this.token;
    if (kind === "number") return this.#take({ kind: "number", offset, text });
    if (kind === "string") return this.#take({ kind: "literal", offset, value: text });
    if (kind === "variable") return this.#take({ kind: "variable", offset, name: text });
    if (kind === "symbol") {
      if (text === "(") return this.#group();
      if (text === "{") return this.#object();
      if (text === "[") return this.#array();
      if (text === "*") throw this.error("`*` is an item of SELECT or the first argument of encode()");
    }
    if (kind === "name") {
      const word = text.toUpperCase();
      if (word === "TRUE" || word === "FALSE") return this.#take({ kind: "literal", offset, value: word === "TRUE" });
      if (word === "NULL") return this.#take({ kind: "literal", offset, value: null });
      if (word === "CASE") return this.#case();
      if (!reserved.has(word)) {
        this.next();
        return this.is("(") ? this.#call(text, offset) : { kind: "name", offset, name: text };
      }
    }
    throw this.unexpected("an expression");
  }

  #group(): Node {
    const { offset } = this.token;
    this.next();
    if (!this.word("SELECT")) {
      const node = this.expression();
      this.expect(")");
      return node;
    }
    return this.nested(() => this.#nestedSelect(offset));
  }

  #nestedSelect(offset: number): Node {
    const select = this.select();
    if (!this.word("FROM")) throw this.unexpected("`,` or FROM with the array or object to select from");
    const from = this.#postfix();
    const root = rootOf(from);
    if (root.kind !== "name" && root.kind !== "variable") {
      throw errorAt(this.text, root.offset, "FROM of a nested SELECT takes a path, as in FROM state.readings");
    }
    const where = this.word("WHERE") ? this.expression() : undefined;
    this.expect(")");
    return { kind: "select", offset, select, from, where };
  }

  #call(name: string, offset: number): Node {
    this.next();
    if (name.toUpperCase() === "CAST") return this.#cast(offset);
    const args: Node[] = [];
    if (!this.symbol(")")) {
      do {
        const star: Node = { kind: "star", offset: this.token.offset };
        args.push(this.symbol("*") ? star : this.expression());
      } while (this.symbol(","));
      if (!this.symbol(")")) throw this.unexpected(`an operator, \`,\` or the \`)\` of ${name}()`);
    }
    return { kind: "call", offset, name, args };
  }

  #cast(offset: number): Node {
    const operand = this.expression();
    if (!this.word("AS")) throw this.unexpected("AS and a type, as in cast(x AS Int)");
    const type = this.token.kind === "name" ? castTypes.get(this.token.text.toUpperCase()) : undefined;
    if (type === undefined)
      throw this.unexpected("a type: Int, Decimal, Double, Boolean, Bool, String, Text or Varchar");
    this.next();
    this.expect(")");
    return { kind: "cast", offset, operand, type };
  }

  #case(): Node {
    const { offset } = this.token;
    this.next();
    if (this.isWord("WHEN")) {
      throw this.error(
        "CASE compares one value: CASE value WHEN candidate THEN result ... END; it takes no conditions",
      );
    }
    const operand = this.expression();
    const whens: { when: Node; then: Node }[] = [];
    while (this.word("WHEN")) {
      const when = this.expression();
      if (!this.word("THEN")) throw this.unexpected("an operator or THEN");
      whens.push({ when, then: this.expression() });
    }
    if (whens.length === 0) throw this.unexpected("an operator or WHEN");
    const otherwise = this.word("ELSE") ? this.expression() : undefined;
    if (!this.word("END")) throw this.unexpected(otherwise === undefined ? "an operator, WHEN, ELSE or END" : "END");
    return { kind: "case", offset, operand, whens, otherwise };
  }

  #object(): Node {
    const { offset } = this.token;
    const entries: { key: string; value: Node }[] = [];
    this.next();
    if (this.symbol("}")) return { kind: "object", offset, entries };
    do {
      const { kind, text: key } = this.token;
      if (kind !== "string") throw this.unexpected("a key in quotes, as in {'key': value}");
      this.next();
      this.expect(":", "`:`");
      entries.push({ key, value: this.expression() });
    } while (this.symbol(","));
    this.expect("}");
    return { kind: "object", offset, entries };
  }

  #array(): Node {
    const { offset } = this.token;
    const items: Node[] = [];
    this.next();
    if (this.symbol("]")) return { kind: "array", offset, items };
    do items.push(this.expression());
    while (this.symbol(","));
    this.expect("]");
    return { kind: "array", offset, items };
  }

  /** A name; after a `.` any word is one. */
  #name(expected: string, any = false): string {
    const { kind, text } = this.token;
    if (kind === "string") {
      throw this.error(
        `expected ${expected}, without quotes; a key with other characters is read by get(object, "key")`,
      );
    }
    if (kind !== "name" || (!any && reserved.has(text.toUpperCase()))) throw this.unexpected(expected);
    this.next();
    return text;
  }

  #take(node: Node): Node {
    this.next();
    return node;
  }
}

function negated(text: string): string {
  return text.startsWith("-") ? text.slice(1) : `-${text}`;
}

/** What a path begins with. */
export function rootOf(node: Node): Node {
  let root = node;
  while (root.kind === "member") root = root.object;
  return root;
}

/** The key of an item without AS: documented for names only; the rest is our choice, and warned of. */
function defaultName(node: Node, text: string): string {
  if (node.kind === "name" || node.kind === "variable" || node.kind === "member" || node.kind === "call")
    return node.name;
  return node.kind === "cast" ? "cast" : text;
}
