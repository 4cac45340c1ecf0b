import { toIndex, toText } from "./conversions.ts";
import type { SqlFunction } from "./functions.ts";
import { writeJson } from "./json.ts";
import { isObject, member, setMember, type ObjectValue, type Value } from "./value.ts";

/** Largest array that transform() returns, as JSON: 128 KiB. */
const largestTransform = 128 * 1024;

/** An element by index, a character by index or a value by key; only the second argument of the first two converts. */
function get(collection: Value, key: Value): Value {
  if (Array.isArray(collection) || typeof collection === "string") {
    const index = toIndex(key);
    return index === undefined ? undefined : collection[index];
  }
  return typeof key === "string" ? member(collection, key) : undefined;
}

/** One Array as soon as any argument is one, else one String as soon as any is; a single argument is itself. */
function concat(args: Value[]): Value {
  if (args.length <= 1) return args[0];
  if (args.some(Array.isArray)) return args.flat(1);
  if (!args.some((arg) => typeof arg === "string")) return undefined;
  const texts = args.map(toText);
  return texts.includes(undefined) ? undefined : texts.join("");
}

/** Each object of an array with the attributes of another; the attribute given wins over the element's own. */
function enrichArray(attributes: Value, array: Value): Value {
  if (!isObject(attributes) || !Array.isArray(array) || !array.every(isObject)) return undefined;
  const enriched = array.map((element) => {
    const result: ObjectValue = {};
    for (const source of [element, attributes]) {
      for (const key of Object.keys(source)) setMember(result, key, source[key]);
    }
    return result;
  });
  return Buffer.byteLength(writeJson(enriched)) <= largestTransform ? enriched : undefined;
}

/** Functions on values of any type. */
export const valueFunctions = {
  concat: { arity: [0, Infinity], call: (_frame, ...args) => concat(args) },
  get: { arity: [2, 2], call: (_frame, collection, key) => get(collection, key) },
  get_or_default: { arity: [1, 2], call: (_frame, value, otherwise) => value ?? otherwise },
  isnull: { arity: [1, 1], call: (_frame, value) => value === null },
  isundefined: { arity: [1, 1], call: (_frame, value) => value === undefined },
  transform: {
    arity: [3, 3],
    call: (_frame, mode, attributes, array) => (mode === "enrichArray" ? enrichArray(attributes, array) : undefined),
  },
} satisfies Record<string, SqlFunction>;
