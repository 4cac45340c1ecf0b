import { closest } from "fastest-levenshtein";
import { cast } from "./conversions.ts";
import { errorAt, positionOf, type IotSqlError, type Warning } from "./errors.ts";
import { encodeBytes } from "./functions-encoding.ts";
import { externalFunctions, sqlFunctions, type SqlFunction } from "./functions.ts";
import { javaRegExp } from "./java-regexp.ts";
import type { Frame } from "./message.ts";
import { parseNumber } from "./numbers.ts";
import { binaryOperators, equal, minus, not } from "./operators.ts";
import type { Node, Select } from "./syntax.ts";
import { isObject, member, setMember, type ObjectValue, type Value } from "./value.ts";

/** A compiled expression. */
export type Evaluate = (frame: Frame) => Value;

/** Functions that a caller brings for those that call other services, by lower-case name. */
export type InjectedFunctions = Record<string, (...args: Value[]) => Value>;

export interface CompileOptions {
  functions?: InjectedFunctions | undefined;
  /** Names of the variables of SET that are defined so far. */
  variables?: readonly string[];
  /** An expression over attributes: no message, no payload. */
  attributesOnly?: boolean;
}

/** More operations under one another, as in a chain of OR, than any statement has; it bounds the stack. */
const deepest = 1500;

/** Compiles the nodes of one text to closures. */
export class Compiler {
  readonly text: string;
  readonly warnings: Warning[] = [];
  /** Names that are looked up in the payload or in the attributes, but for those inside a nested SELECT. */
  readonly names = new Set<string>();
  readonly variables: string[];
  readonly #functions: InjectedFunctions;
  readonly #attributesOnly: boolean;
  #nested = 0;
  #depth = 0;

  constructor(text: string, { functions = {}, variables = [], attributesOnly = false }: CompileOptions = {}) {
    this.text = text;
    this.variables = [...variables];
    this.#functions = functions;
    this.#attributesOnly = attributesOnly;
  }

  expression(node: Node): Evaluate {
    if (++this.#depth > deepest) throw this.#error(node.offset, `more than ${deepest} operations build on one another`);
    const evaluate = this.#expression(node);
    this.#depth--;
    return evaluate;
  }

  #expression(node: Node): Evaluate {
    switch (node.kind) {
      case "literal": {
        const { value } = node;
        return () => value;
      }
      case "number": {
        const value = parseNumber(node.text);
        if (value === undefined) throw this.#error(node.offset, `${node.text} is beyond the largest Decimal, 9.99E999`);
        return () => value;
      }
      case "name":
        return this.#name(node.name);
      case "variable":
        return this.#variable(node.name, node.offset);
      case "member": {
        const { name } = node;
        const object = this.expression(node.object);
        return (frame) => member(object(frame), name);
      }
      case "star":
        throw this.#error(node.offset, "`*` is an item of SELECT or the first argument of encode()");
      case "call":
        return this.#call(node);
      case "cast": {
        const { type } = node;
        const operand = this.expression(node.operand);
        return (frame) => cast(operand(frame), type);
      }
      case "minus": {
        const operand = this.expression(node.operand);
        return (frame) => minus(operand(frame));
      }
      case "not": {
        const operand = this.expression(node.operand);
        return (frame) => not(operand(frame));
      }
      case "binary": {
        const operate = binaryOperators[node.operator];
        const left = this.expression(node.left);
        const right = this.expression(node.right);
        if (node.operator === "/") this.#warnOfDivision(node);
        return (frame) => operate(left(frame), right(frame));
      }
      case "case":
        return this.#case(node);
      case "object":
        return this.#object(node);
      case "array": {
        const items = node.items.map((item) => this.expression(item));
        return (frame) => items.map((item) => item(frame));
      }
      case "select":
        return this.#select(node);
    }
  }

  warn(offset: number, message: string): void {
    this.warnings.push({ message, ...positionOf(this.text, offset) });
  }

  #error(offset: number, message: string): IotSqlError {
    return errorAt(this.text, offset, message);
  }

  #name(name: string): Evaluate {
    if (this.#nested > 0) return (frame) => member(frame.scope, name);
    this.names.add(name);
    if (this.#attributesOnly) return (frame) => member(frame.scope, name);
    return (frame) => member(frame.json?.value, name);
  }

  #variable(name: string, offset: number): Evaluate {
    const index = this.variables.indexOf(name);
    if (index >= 0) return (frame) => frame.variables[index];
    const known = this.variables.map((variable) => `@${variable}`).join(", ");
    const hint = known === "" ? "no variable is set before this" : `set before this: ${known}`;
    throw this.#error(offset, `@${name} is not set; ${hint}`);
  }

  #call(node: Node & { kind: "call" }): Evaluate {
    const name = node.name.toLowerCase();
    const injected = this.#functions[name];
    if (injected !== undefined && Object.hasOwn(this.#functions, name)) {
      const args = node.args.map((arg) => (arg.kind === "star" ? this.#payload() : this.expression(arg)));
      return (frame) => injected(...args.map((arg) => arg(frame)));
    }
    const known = this.#function(node.name, node.offset);
    if (name === "encode" || name === "decode") this.#checkScheme(node);
    if (name === "transform" && node.args[0]?.kind === "variable") {
      throw this.#error(node.args[0].offset, "the mode of transform() is a text, not a variable");
    }
    if (node.args[0]?.kind === "star") return this.#encodePayload(node);
    const args = node.args.map((arg) => this.expression(arg));
    const [least, most] = known.arity;
    if (args.length < least || args.length > most) {
      const count = most === Infinity ? `at least ${least}` : least === most ? `${least}` : `${least} to ${most}`;
      this.warn(node.offset, `${node.name}() takes ${count} arguments: with ${args.length} it is always Undefined`);
      return () => undefined;
    }
    this.#warnOfPattern(node);
    return applied(known.call, args);
  }

  #warnOfPattern({ name, args: [, pattern] }: Node & { kind: "call" }): void {
    if (!/^regexp_/i.test(name) || pattern?.kind !== "literal" || typeof pattern.value !== "string") return;
    if (javaRegExp(pattern.value) !== undefined) return;
    this.warn(
      pattern.offset,
      `not a regular expression, or one that only Java has: ${name}() is always Undefined here`,
    );
  }

  #function(name: string, offset: number): SqlFunction {
    const service = externalFunctions.get(name.toLowerCase());
    if (service !== undefined) {
      throw this.#error(
        offset,
        `${name}() calls ${service}, which is not available here; no function was given for it`,
      );
    }
    const known = sqlFunctions.get(name.toLowerCase());
    if (known === undefined) {
      const names = [...sqlFunctions.keys(), ...externalFunctions.keys(), "cast"];
      throw this.#error(
        offset,
        `there is no function ${name}(); the nearest name is ${closest(name.toLowerCase(), names)}()`,
      );
    }
    if (this.#attributesOnly && known.needsMessage) {
      throw this.#error(offset, `${name}() has no meaning here: an expression sees the attributes of a message only`);
    }
    return known;
  }

  #checkScheme(node: Node & { kind: "call" }): void {
    const scheme = node.args[1];
    if (scheme === undefined || (scheme.kind === "literal" && scheme.value === "base64")) return;
    const proto =
      node.args.length > 2
        ? "; decoding of Protobuf reads a descriptor from Amazon S3, which is not available here"
        : "";
    throw this.#error(scheme.offset, `the scheme of ${node.name}() is the literal 'base64'${proto}`);
  }

  #encodePayload(node: Node & { kind: "call" }): Evaluate {
    const [star, scheme, ...rest] = node.args;
    if (node.name.toLowerCase() !== "encode" || this.#attributesOnly || this.#nested > 0) {
      throw this.#error(star?.offset ?? node.offset, "`*` is an item of SELECT or the first argument of encode()");
    }
    if (scheme === undefined || rest.length > 0) {
      this.warn(node.offset, `${node.name}() takes 2 arguments: with ${node.args.length} it is always Undefined`);
      return () => undefined;
    }
    return (frame) => encodeBytes(frame.message.payload);
  }

  #payload(): Evaluate {
    return this.#nested > 0 || this.#attributesOnly ? (frame) => frame.scope : (frame) => frame.json?.value;
  }

  #case(node: Node & { kind: "case" }): Evaluate {
    const operand = this.expression(node.operand);
    const whens = node.whens.map(({ when, then }) => ({ when: this.expression(when), then: this.expression(then) }));
    const otherwise: Evaluate = node.otherwise === undefined ? () => undefined : this.expression(node.otherwise);
    return (frame) => {
      const value = operand(frame);
      if (value === undefined) return undefined;
      for (const { when, then } of whens) if (equal(value, when(frame)) === true) return then(frame);
      return otherwise(frame);
    };
  }

  #object(node: Node & { kind: "object" }): Evaluate {
    const entries = node.entries.map(({ key, value }) => ({ key, value: this.expression(value) }));
    return (frame) => {
      const object: ObjectValue = {};
      for (const { key, value } of entries) setMember(object, key, value(frame));
      return object;
    };
  }

  /** Of an Array one result per element for which WHERE holds, of an Object the result itself, else Undefined. */
  #select(node: Node & { kind: "select" }): Evaluate {
    const from = this.expression(node.from);
    this.#nested++;
    const project = this.projection(node.select);
    const where = node.where === undefined ? undefined : this.expression(node.where);
    this.#nested--;
    const selected = (frame: Frame, element: Value): Value => {
      frame.scope = element;
      return where === undefined || where(frame) === true ? project(frame) : undefined;
    };
    return (frame) => {
      const collection = from(frame);
      const outer = frame.scope;
      let result: Value;
      if (Array.isArray(collection)) {
        result = [];
        for (const element of collection) {
          const value = selected(frame, element);
          if (value !== undefined) result.push(value);
        }
      } else if (isObject(collection)) result = selected(frame, collection);
      frame.scope = outer;
      return result;
    };
  }

  /** What SELECT makes of the payload, or of an element where it is nested. */
  projection(select: Select): Evaluate {
    const payload = this.#payload();
    const [only] = select.items;
    if (only !== undefined && select.items.length === 1 && only.node.kind === "star") return payload;
    if (only !== undefined && select.value) return this.expression(only.node);
    const items = select.items.map(({ node, alias }) => ({
      alias,
      evaluate: node.kind === "star" ? undefined : this.expression(node),
    }));
    return (frame) => {
      const result: ObjectValue = {};
      for (const { alias, evaluate } of items) {
        if (evaluate === undefined) copyMembers(payload(frame), result);
        else setPath(result, alias, evaluate(frame));
      }
      return result;
    };
  }

  #warnOfDivision(node: Node & { kind: "binary" }): void {
    const fractional = [node.left, node.right].some(
      ({ kind, ...rest }) => kind === "number" && "text" in rest && /[.eE]/.test(rest.text),
    );
    if (fractional) return;
    this.warn(
      node.offset,
      "AWS's documentation contradicts itself on Int / Int where the quotient is not whole; it is a Decimal here, use floor() for an Int",
    );
  }
}

function applied(call: SqlFunction["call"], args: Evaluate[]): Evaluate {
  const [a, b, c] = args;
  if (a === undefined) return (frame) => call(frame);
  if (b === undefined) return (frame) => call(frame, a(frame));
  if (c === undefined) return (frame) => call(frame, a(frame), b(frame));
  return (frame) => call(frame, ...args.map((arg) => arg(frame)));
}

function copyMembers(source: Value, target: ObjectValue): void {
  if (!isObject(source)) return;
  for (const key of Object.keys(source)) setMember(target, key, source[key]);
}

/** Sets `a.b.c`, making the objects on the way; an Undefined value sets nothing. */
function setPath(target: ObjectValue, path: readonly string[], value: Value): void {
  if (value === undefined) return;
  let object = target;
  for (const key of path.slice(0, -1)) {
    const existing = member(object, key);
    const next: ObjectValue = {};
    copyMembers(existing, next);
    setMember(object, key, next);
    object = next;
  }
  setMember(object, path.at(-1) ?? "", value);
}
