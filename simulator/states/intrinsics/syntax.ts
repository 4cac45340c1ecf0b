import { compilePath, type Path } from "../paths.ts";

/** An argument of an intrinsic function. */
export type Argument =
  | { kind: "value"; value: string | number | boolean | null }
  | { kind: "path"; path: Path }
  | { kind: "call"; call: IntrinsicCall };

/** A call of an intrinsic function, as written. */
export interface IntrinsicCall {
  text: string;
  /** "States.Format" */
  name: string;
  arguments: Argument[];
}

/** Calls may stand in calls this deep (Step Functions developer guide, "Intrinsics for JSONPath", Fields). */
const deepest = 10;

/**
 * Reads a call: `States.Format('{}-{}', $.a, States.UUID())`.
 *
 * @throws Error for a text that is none
 */
export function parseCall(text: string): IntrinsicCall {
  const reader = new Reader(text);
  const call = reader.call(1);
  reader.end();
  return call;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  call(depth: number): IntrinsicCall {
    if (depth > deepest) throw this.#fault(`calls stand in one another ${deepest} deep at most`);
    const start = this.#at;
    const name = this.#take(/[A-Za-z][\w.]*/y);
    if (name === undefined) throw this.#fault("the name of an intrinsic function is expected");
    this.#space();
    if (!this.#has("(")) throw this.#fault("( is expected");
    const found: Argument[] = [];
    this.#space();
    if (!this.#has(")")) {
      do {
        this.#space();
        found.push(this.#argument(depth));
        this.#space();
      } while (this.#has(","));
      if (!this.#has(")")) throw this.#fault(", or ) is expected");
    }
    return { text: this.#text.slice(start, this.#at), name, arguments: found };
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.#fault("nothing more is expected");
  }

  #argument(depth: number): Argument {
    if (this.#has("'")) return { kind: "value", value: this.#string() };
    if (this.#text[this.#at] === "$") return { kind: "path", path: compilePath(this.#path()) };
    const number = this.#take(/-?\d+(\.\d+)?([eE][+-]?\d+)?/y);
    if (number !== undefined) return { kind: "value", value: Number(number) };
    const word = this.#take(/(true|false|null)(?![\w.])/y);
    if (word !== undefined) return { kind: "value", value: JSON.parse(word) as boolean | null };
    return { kind: "call", call: this.call(depth + 1) };
  }

  /** `\'`, `\{`, `\}` and `\\` stand for what follows the backslash; Format looks at braces, so they keep theirs. */
  #string(): string {
    let value = "";
    for (;;) {
      const character = this.#text[this.#at++];
      if (character === undefined) throw this.#fault("a string does not end: ' is expected");
      if (character === "'") return value;
      if (character !== "\\") {
        value += character;
        continue;
      }
      const escaped = this.#text[this.#at++];
      if (escaped === undefined || !"'{}\\".includes(escaped)) {
        throw this.#fault("a backslash stands before ', {, } or \\ only");
      }
      value += escaped === "'" ? "'" : `\\${escaped}`;
    }
  }

  /** Up to the comma or the parenthesis that does not belong to the path's own brackets and quotes. */
  #path(): string {
    const start = this.#at;
    let open = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at] as string;
      if ((character === "'" || character === '"') && open > 0) this.#skipQuoted(character);
      else if (character === "[" || character === "(") open++;
      else if (open > 0 && (character === "]" || character === ")")) open--;
      else if (open === 0 && (character === "," || character === ")")) break;
    }
    return this.#text.slice(start, this.#at).trim();
  }

  #skipQuoted(quote: string): void {
    do {
      if (this.#text[this.#at] === "\\") this.#at++;
      this.#at++;
    } while (this.#at < this.#text.length && this.#text[this.#at] !== quote);
  }

  #space(): void {
    this.#take(/\s*/y);
  }

  #has(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #fault(message: string): Error {
    return new Error(
      `${JSON.stringify(this.#text)} is no call of an intrinsic function: ${message} at ${this.#at + 1}`,
    );
  }
}
