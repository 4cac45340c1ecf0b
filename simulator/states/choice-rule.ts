import { isObject, type Json, type JsonObject } from "./json.ts";
import { compilePath, required, type Data, type Path } from "./paths.ts";
import { timestampOf } from "./timestamp.ts";

/** Whether a choice rule holds. @throws StateError States.Runtime for a variable that is not there */
export type ChoiceRule = (data: Data) => boolean;

/** What a comparison is between; undefined where a value is not of the comparison's type, which never holds. */
type Comparable = string | number | boolean;

interface Comparison {
  read: (value: Json) => Comparable | undefined;
  holds: (value: Comparable, other: Comparable) => boolean;
}

const types: Readonly<Record<string, (value: Json) => Comparable | undefined>> = {
  String: (value) => (typeof value === "string" ? value : undefined),
  Numeric: (value) => (typeof value === "number" ? value : undefined),
  Boolean: (value) => (typeof value === "boolean" ? value : undefined),
  Timestamp: (value) => (typeof value === "string" ? timestampOf(value) : undefined),
};

const orders: Readonly<Record<string, (value: Comparable, other: Comparable) => boolean>> = {
  Equals: (value, other) => value === other,
  LessThan: (value, other) => value < other,
  GreaterThan: (value, other) => value > other,
  LessThanEquals: (value, other) => value <= other,
  GreaterThanEquals: (value, other) => value >= other,
};

/** StringLessThan, TimestampEquals and so on: a type and an order. */
const comparisons: ReadonlyMap<string, Comparison> = new Map(
  Object.entries(types).flatMap(([type, read]) =>
    Object.entries(orders)
      .filter(([order]) => type !== "Boolean" || order === "Equals")
      .map(([order, holds]): [string, Comparison] => [`${type}${order}`, { read, holds }]),
  ),
);

const tests: ReadonlyMap<string, (value: Json | undefined) => boolean> = new Map<
  string,
  (value: Json | undefined) => boolean
>([
  ["IsNull", (value) => value === null],
  ["IsPresent", (value) => value !== undefined],
  ["IsNumeric", (value) => typeof value === "number"],
  ["IsString", (value) => typeof value === "string"],
  ["IsBoolean", (value) => typeof value === "boolean"],
  ["IsTimestamp", (value) => typeof value === "string" && timestampOf(value) !== undefined],
]);

/** Fields of a rule that are no operators. */
const others = new Set(["Variable", "Comment", "Next"]);

/**
 * Compiles a rule of a Choice state.
 *
 * @param rule Without its Next, which only a rule at the top has.
 * @throws Error that names the field which is wrong
 */
export function compileRule(rule: Json, place: string): ChoiceRule {
  if (!isObject(rule)) throw new Error(`${place}: a rule is an object`);
  const operators = Object.keys(rule).filter((name) => !others.has(name));
  const [operator, second] = operators;
  if (operator === undefined) throw new Error(`${place}: a comparison is expected`);
  if (second !== undefined) throw new Error(`${place}: ${operators.join(" and ")}: a rule has one comparison`);
  const operand = rule[operator] as Json;
  const at = `${place}.${operator}`;
  if (operator === "And" || operator === "Or") return compileAll(operator, operand, at);
  if (operator === "Not") {
    const inner = compileRule(withoutNext(operand, at), at);
    return (data) => !inner(data);
  }
  return compileComparison(rule, operator, operand, at);
}

function compileAll(operator: "And" | "Or", operand: Json, at: string): ChoiceRule {
  if (!Array.isArray(operand) || operand.length === 0) throw new Error(`${at}: a list of rules is expected`);
  const rules = operand.map((rule, index) => compileRule(withoutNext(rule, `${at}[${index}]`), `${at}[${index}]`));
  if (operator === "And") return (data) => rules.every((rule) => rule(data));
  return (data) => rules.some((rule) => rule(data));
}

function withoutNext(rule: Json, at: string): Json {
  if (isObject(rule) && Object.hasOwn(rule, "Next")) throw new Error(`${at}: only a rule at the top has a Next`);
  return rule;
}

function compileComparison(rule: JsonObject, operator: string, operand: Json, at: string): ChoiceRule {
  const variable = pathOf(rule["Variable"], at.replace(/[^.]*$/, "Variable"));
  const test = tests.get(operator);
  if (test) {
    if (typeof operand !== "boolean") throw new Error(`${at}: true or false is expected`);
    const look: ChoiceRule = (data) =>
      test(operator === "IsPresent" ? variable.find(data) : required(variable, data, "Variable"));
    return (data) => look(data) === operand;
  }
  if (operator === "StringMatches") {
    if (typeof operand !== "string") throw new Error(`${at}: a string is expected`);
    const pattern = compilePattern(operand, at);
    return (data) => {
      const value = required(variable, data, "Variable");
      return typeof value === "string" && pattern.test(value);
    };
  }
  const byPath = operator.endsWith("Path");
  const comparison = comparisons.get(byPath ? operator.slice(0, -"Path".length) : operator);
  if (!comparison) throw new Error(`${at}: the simulator does not know this comparison`);
  const other = byPath ? otherByPath(comparison, operand, at, operator) : otherByValue(comparison, operand, at);
  return (data) => {
    const left = comparison.read(required(variable, data, "Variable"));
    const right = other(data);
    return left !== undefined && right !== undefined && comparison.holds(left, right);
  };
}

function otherByPath(
  comparison: Comparison,
  operand: Json,
  at: string,
  operator: string,
): (data: Data) => Comparable | undefined {
  const path = pathOf(operand, at);
  return (data) => comparison.read(required(path, data, operator));
}

function otherByValue(comparison: Comparison, operand: Json, at: string): () => Comparable {
  const value = comparison.read(operand);
  if (value === undefined) throw new Error(`${at}: ${JSON.stringify(operand)} is not of the comparison's type`);
  return () => value;
}

function pathOf(text: Json | undefined, at: string): Path {
  if (typeof text !== "string") throw new Error(`${at}: a path is expected`);
  try {
    return compilePath(text);
  } catch (error) {
    throw new Error(`${at}: ${(error as Error).message}`, { cause: error });
  }
}

/** `*` stands for any characters; a backslash makes an asterisk or a backslash a character. */
function compilePattern(pattern: string, at: string): RegExp {
  const parts = [...pattern.matchAll(/\\[^]|[^]/gu)].map(([part]) => {
    if (part === "*") return ".*";
    if (!part.startsWith("\\")) return RegExp.escape(part);
    if (part !== "\\*" && part !== "\\\\") throw new Error(`${at}: a backslash stands before * or \\ only`);
    return RegExp.escape(part.slice(1));
  });
  return new RegExp(`^${parts.join("")}$`, "su");
}
