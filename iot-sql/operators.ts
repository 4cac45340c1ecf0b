import { toBoolean, toOperand, toText } from "./conversions.ts";
import { add, compareNumbers, divide, multiply, negate, remainder, subtract } from "./numbers.ts";
import type { BinaryOperator } from "./syntax.ts";
import { Decimal, isNumber, isObject, type Value } from "./value.ts";

/** A JS truth value, or Undefined where an operand is no Boolean; there is no shortcut in the documentation's tables. */
function and(left: Value, right: Value): Value {
  const a = toBoolean(left);
  const b = toBoolean(right);
  return a === undefined || b === undefined ? undefined : a && b;
}

function or(left: Value, right: Value): Value {
  const a = toBoolean(left);
  const b = toBoolean(right);
  return a === undefined || b === undefined ? undefined : a || b;
}

export function not(value: Value): Value {
  const operand = toBoolean(value);
  return operand === undefined ? undefined : !operand;
}

/** Undefined if either side is; different types are not equal, Int and Decimal being one type here. */
export function equal(left: Value, right: Value): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  return same(left, right);
}

function same(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (left instanceof Decimal || right instanceof Decimal) {
    return left instanceof Decimal && right instanceof Decimal && left.eq(right);
  }
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => same(item, right[index]));
  }
  const keys = definedKeys(left);
  return (
    keys.length === definedKeys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && same(left[key], right[key]))
  );
}

function definedKeys(value: Value): string[] {
  return isObject(value) ? Object.keys(value).filter((key) => value[key] !== undefined) : [];
}

/** Both to Decimal; there is no order of texts. */
function comparison(holds: (order: number) => boolean): (left: Value, right: Value) => Value {
  return (left, right) => {
    const a = toOperand(left);
    const b = toOperand(right);
    return a === undefined || b === undefined ? undefined : holds(compareNumbers(a, b));
  };
}

function arithmetic(
  calculate: (a: number | Decimal, b: number | Decimal) => number | Decimal | undefined,
): (left: Value, right: Value) => Value {
  return (left, right) => {
    const a = toOperand(left);
    const b = toOperand(right);
    return a === undefined || b === undefined ? undefined : calculate(a, b);
  };
}

/** Concatenation as soon as one side is a String, else the sum of two numbers; a Null does not add. */
function plus(left: Value, right: Value): Value {
  if (typeof left === "string" || typeof right === "string") {
    const a = toText(left);
    const b = toText(right);
    return a === undefined || b === undefined ? undefined : a + b;
  }
  return isNumber(left) && isNumber(right) ? add(left, right) : undefined;
}

export function minus(value: Value): Value {
  const operand = toOperand(value);
  return operand === undefined ? undefined : negate(operand);
}

export const binaryOperators: Record<BinaryOperator, (left: Value, right: Value) => Value> = {
  "OR": or,
  "AND": and,
  "=": equal,
  "<>": (left, right) => {
    const result = equal(left, right);
    return result === undefined ? undefined : !result;
  },
  "<": comparison((order) => order < 0),
  "<=": comparison((order) => order <= 0),
  ">": comparison((order) => order > 0),
  ">=": comparison((order) => order >= 0),
  "+": plus,
  "-": arithmetic(subtract),
  "*": arithmetic(multiply),
  "/": arithmetic(divide),
  "%": arithmetic(remainder),
};
