import { Decimal as DecimalJs } from "decimal.js";

/**
 * Decimal numbers of AWS IoT SQL: 34 digits, magnitudes 1E-999 to 9.99E999
 * (https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-data-types.html). Half-even is the rounding that
 * belongs to 34 digits in IEEE 754 (decimal128).
 */
export const Decimal = DecimalJs.clone({ precision: 34, rounding: 6, minE: -999, maxE: 999, defaults: true });
export type Decimal = DecimalJs;

/**
 * A JSON value as IoT SQL sees it; null is Null and undefined is Undefined. A number is a JS number, which stands for
 * its shortest decimal text, or a Decimal where no JS number has that text. One number has one representation only,
 * and a JS number is always finite.
 */
export type Value = undefined | null | boolean | string | number | Decimal | Value[] | ObjectValue;
export interface ObjectValue {
  [key: string]: Value;
}

/** Digits of the largest Int. */
export const intDigits = 34;

export function isNumber(value: Value): value is number | Decimal {
  return typeof value === "number" || value instanceof Decimal;
}

export function isObject(value: Value): value is ObjectValue {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Decimal);
}

/** The value of a key; Undefined for anything but an object, and for what an object only inherits. */
export function member(value: Value, key: string): Value {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Decimal) return undefined;
  const found = value[key];
  if (found === undefined || key in Object.prototype) return Object.hasOwn(value, key) ? found : undefined;
  return found;
}

/** Sets a key, `__proto__` too, as an own property. */
export function setMember(object: ObjectValue, key: string, value: Value): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}
