import { writeJson } from "./json.ts";
import { double, numberText, parseNumber, rounded, type Rounding } from "./numbers.ts";
import type { CastType } from "./syntax.ts";
import { Decimal, isNumber, type Value } from "./value.ts";

/** Text that converts to a Decimal, as the documentation of data types gives it. */
const decimalPattern = /^-?\d+(?:\.\d+)?(?:E-?\d+)?$/i;

/** To Decimal: Null stays Null; a Boolean, an Array or an Object does not convert. */
export function toNumber(value: Value): number | Decimal | null | undefined {
  if (typeof value === "number" || value === null) return value;
  if (typeof value === "string") return decimalPattern.test(value) ? parseNumber(value) : undefined;
  return value instanceof Decimal ? value : undefined;
}

/** A number for a calculation, in which Null is as bad as Undefined. */
export function toOperand(value: Value): number | Decimal | undefined {
  return typeof value === "number" ? value : (toNumber(value) ?? undefined);
}

/** To Int: a Decimal rounds to the nearest, a String's decimal places are cut. */
export function toInt(value: Value): number | Decimal | null | undefined {
  const number = toNumber(value);
  if (number === null || number === undefined) return number;
  return rounded(number, typeof value === "string" ? "trunc" : "half up");
}

/** To an Int as the tables of most functions have it: "rounded down to the nearest Int". */
export function toIntDown(value: Value, rounding: Rounding = "floor"): number | Decimal | undefined {
  const number = toOperand(value);
  return number === undefined ? undefined : rounded(number, rounding);
}

/** An Int as an index or a count; beyond what a double counts exactly, some value that is out of every range. */
export function toIndex(value: Value, rounding?: Rounding): number | undefined {
  const int = rounding === undefined ? (toInt(value) ?? undefined) : toIntDown(value, rounding);
  return typeof int === "number" || int === undefined ? int : int.isNegative() ? -Infinity : Infinity;
}

/** To Boolean: Booleans, and the texts "true" and "false" in any case. */
export function toBoolean(value: Value): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string" || value.length > 5) return undefined;
  const text = value.toLowerCase();
  return text === "true" ? true : text === "false" ? false : undefined;
}

/** To String: Null and Undefined do not convert, Arrays and Objects are their JSON. */
export function toText(value: Value): string | undefined {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return undefined;
  if (typeof value === "boolean") return value ? "true" : "false";
  return isNumber(value) ? numberText(value) : writeJson(value);
}

/** cast(): the conversions, and Booleans to and from numbers; Null becomes Undefined; a Decimal rounds down to an Int. */
export function cast(value: Value, type: CastType): Value {
  if (type === "String") return toText(value);
  if (type === "Boolean") return isNumber(value) ? value !== 0 : toBoolean(value);
  const number = typeof value === "boolean" ? Number(value) : toOperand(value);
  if (number === undefined || type === "Decimal") return number;
  return type === "Int" ? rounded(number, "floor") : double(Number(number));
}
