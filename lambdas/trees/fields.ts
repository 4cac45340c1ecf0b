import { MalformedModelError } from "./errors.ts";

const integer = /^-?\d+$/;
const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const infinity = /^([-+]?)inf(?:inity)?$/i;

/** The `key=value` lines of a part of a model file, read by type; each error says where the value stands. */
export class Fields {
  readonly #file: string;
  readonly #firstLine: number;
  readonly #part: string;
  readonly #values = new Map<string, { text: string; line: number }>();

  /**
   * @param firstLine 1-based, where the part begins
   * @param part what it is called in messages: "tree 12"
   */
  constructor(file: string, firstLine: number, part: string) {
    this.#file = file;
    this.#firstLine = firstLine;
    this.#part = part;
  }

  /** Throws {@link MalformedModelError} for a key that is there already. */
  add(key: string, text: string, line: number): void {
    const before = this.#values.get(key);
    if (before !== undefined) {
      throw new MalformedModelError(`${this.#file}:${line}: ${key} stands in line ${before.line} already.`);
    }
    this.#values.set(key, { text, line });
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** 1-based; the part's first line for a key that is not there. */
  line(key: string): number {
    return this.#values.get(key)?.line ?? this.#firstLine;
  }

  text(key: string): string {
    const value = this.#values.get(key);
    if (value === undefined) {
      throw new MalformedModelError(`${this.#file}:${this.#firstLine}: ${this.#part} has no ${key}.`);
    }
    return value.text;
  }

  /** Words between spaces; LightGBM leaves more than one between the leaves of a linear tree. */
  words(key: string): string[] {
    return this.text(key)
      .split(" ")
      .filter((word) => word !== "");
  }

  integer(key: string, least: number): number {
    const text = this.text(key);
    const value = Number(text);
    if (!integer.test(text) || value < least) {
      throw this.error(key, `is "${text}", which is not a whole number from ${least} on`);
    }
    return value;
  }

  /** @param count how many there must be; any number by default */
  integers(key: string, count?: number): number[] {
    return this.#numbers(key, count, (word) => (integer.test(word) ? Number(word) : undefined), "a whole number");
  }

  /** Finite decimals. */
  decimals(key: string, count: number): number[] {
    return this.#numbers(key, count, finiteOf, "a finite number");
  }

  /** Decimals that may be infinite. LightGBM writes "inf" where a split parts what is missing from all the rest. */
  limits(key: string, count: number): number[] {
    return this.#numbers(key, count, limitOf, 'a number or "inf"');
  }

  #numbers(key: string, count: number | undefined, read: (word: string) => number | undefined, what: string): number[] {
    const words = this.words(key);
    if (count !== undefined && words.length !== count) {
      throw this.error(key, `has ${words.length} values, not ${count}`);
    }
    return words.map((word, index) => {
      const value = read(word);
      if (value === undefined) throw this.error(key, `has "${word}" as value ${index + 1}, which is not ${what}`);
      return value;
    });
  }

  error(key: string, what: string): MalformedModelError {
    return new MalformedModelError(`${this.#file}:${this.line(key)}: ${key} of ${this.#part} ${what}.`);
  }
}

function finiteOf(word: string): number | undefined {
  const value = decimal.test(word) ? Number(word) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** A decimal that is too large for a double is its infinity, as it is for LightGBM. */
function limitOf(word: string): number | undefined {
  if (decimal.test(word)) return Number(word);
  const sign = infinity.exec(word)?.[1];
  return sign === undefined ? undefined : sign === "-" ? -Infinity : Infinity;
}
