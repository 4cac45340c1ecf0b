/** What passes between the states of a machine. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [name: string]: Json;
}

/** Bytes of the input or output of a state, a task or an execution, as UTF-8 (Step Functions quotas, task executions). */
export const payloadBytes = 262_144;

/** Whether a value is an object: neither an array nor null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is larger than what passes from state to state. */
export function isTooLarge(value: Json): boolean {
  return Buffer.byteLength(JSON.stringify(value)) > payloadBytes;
}

/** Whether two values are the same: objects whatever the order of their names. */
export function equals(one: Json, other: Json): boolean {
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((element, index) => equals(element, other[index] as Json))
    );
  }
  if (!isObject(one)) return one === other;
  if (!isObject(other) || Object.keys(one).length !== Object.keys(other).length) return false;
  return Object.entries(one).every(([name, value]) => Object.hasOwn(other, name) && equals(value, other[name] as Json));
}
