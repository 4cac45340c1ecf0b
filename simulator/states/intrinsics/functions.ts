import { createHash, randomUUID } from "node:crypto";
import { equals, isObject, type Json } from "../json.ts";

/** An intrinsic function: it throws an Error that says what is wrong with its arguments. */
interface Intrinsic {
  /** How many arguments it takes at least, and at most. */
  arity: readonly [number, number];
  apply: (values: Json[]) => Json;
}

/** Characters that Base64 and Hash take at most. */
const longest = 10_000;
/** Elements that ArrayRange gives at most. */
const mostElements = 1000;
/** MathAdd's numbers are integers of 32 bits. */
const integers = { least: -2_147_483_648, most: 2_147_483_647 };

const algorithms: Readonly<Record<string, string>> = {
  "MD5": "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

/** The intrinsic functions, by name (Step Functions developer guide, "Intrinsics for JSONPath"). */
export const intrinsics: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ["States.Array", { arity: [0, Infinity], apply: (values) => values }],
  ["States.ArrayPartition", { arity: [2, 2], apply: ([list, size]) => partition(arrayOf(list), positive(size)) }],
  [
    "States.ArrayContains",
    { arity: [2, 2], apply: ([list, value]) => arrayOf(list).some((one) => equals(one, value as Json)) },
  ],
  ["States.ArrayRange", { arity: [3, 3], apply: ([first, last, step]) => range(first, last, step) }],
  ["States.ArrayGetItem", { arity: [2, 2], apply: ([list, index]) => elementOf(arrayOf(list), index) }],
  ["States.ArrayLength", { arity: [1, 1], apply: ([list]) => arrayOf(list).length }],
  ["States.ArrayUnique", { arity: [1, 1], apply: ([list]) => unique(arrayOf(list)) }],
  [
    "States.Base64Encode",
    { arity: [1, 1], apply: ([text]) => Buffer.from(shortText(text), "utf8").toString("base64") },
  ],
  ["States.Base64Decode", { arity: [1, 1], apply: ([text]) => decoded(shortText(text)) }],
  ["States.Hash", { arity: [2, 2], apply: ([data, algorithm]) => hash(data as Json, algorithm) }],
  ["States.JsonMerge", { arity: [3, 3], apply: ([one, other, deep]) => merged(one, other, deep) }],
  ["States.StringToJson", { arity: [1, 1], apply: ([text]) => JSON.parse(textOf(text)) as Json }],
  ["States.JsonToString", { arity: [1, 1], apply: ([value]) => JSON.stringify(value) }],
  ["States.MathRandom", { arity: [2, 3], apply: ([start, end, seed]) => random(start, end, seed) }],
  ["States.MathAdd", { arity: [2, 2], apply: ([one, other]) => sum(one, other) }],
  ["States.StringSplit", { arity: [2, 2], apply: ([text, delimiters]) => split(textOf(text), textOf(delimiters)) }],
  ["States.UUID", { arity: [0, 0], apply: () => randomUUID() }],
]);

function arrayOf(value: Json | undefined): Json[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${JSON.stringify(value)} is no array`);
}

function textOf(value: Json | undefined): string {
  if (typeof value === "string") return value;
  throw new Error(`${JSON.stringify(value)} is no string`);
}

function shortText(value: Json | undefined): string {
  const text = textOf(value);
  if (text.length <= longest) return text;
  throw new Error(`a string of ${text.length} characters is given; ${longest} are the most`);
}

/** A number that is not whole is rounded, as AWS does. */
function whole(value: Json | undefined): number {
  if (typeof value === "number") return Math.round(value);
  throw new Error(`${JSON.stringify(value)} is no number`);
}

function positive(value: Json | undefined): number {
  const number = whole(value);
  if (number > 0) return number;
  throw new Error(`${number} is not above zero`);
}

function elementOf(list: Json[], index: Json | undefined): Json {
  const element = list[whole(index)];
  if (element !== undefined) return element;
  throw new Error(`an array of ${list.length} has no element ${whole(index)}`);
}

function partition(list: Json[], size: number): Json[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}

function range(first: Json | undefined, last: Json | undefined, step: Json | undefined): Json[] {
  const [from, to, by] = [whole(first), whole(last), whole(step)];
  if (by === 0) throw new Error("the step is 0");
  const count = Math.max(0, Math.floor((to - from) / by) + 1);
  if (count > mostElements) throw new Error(`a range of ${count} is asked for; ${mostElements} are the most`);
  return Array.from({ length: count }, (_, index) => from + index * by);
}

function unique(list: Json[]): Json[] {
  return list.filter((value, index) => list.findIndex((other) => equals(other, value)) === index);
}

function decoded(text: string): string {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    throw new Error("the string is no Base64");
  }
  return Buffer.from(text, "base64").toString("utf8");
}

function hash(data: Json, algorithm: Json | undefined): string {
  const name = algorithms[textOf(algorithm)];
  if (name === undefined) {
    throw new Error(`${textOf(algorithm)} is no algorithm: ${Object.keys(algorithms).join(", ")} are`);
  }
  return createHash(name)
    .update(shortText(typeof data === "string" ? data : JSON.stringify(data)))
    .digest("hex");
}

function merged(one: Json | undefined, other: Json | undefined, deep: Json | undefined): Json {
  if (!isObject(one) || !isObject(other)) throw new Error("two objects are merged, and nothing else");
  if (deep !== false) throw new Error("Step Functions merges objects at their first level only: the third is false");
  return { ...one, ...other };
}

/** From start up to, not including, end; the same seed gives the same number. */
function random(start: Json | undefined, end: Json | undefined, seed: Json | undefined): number {
  const [from, to] = [whole(start), whole(end)];
  if (to <= from) throw new Error(`${to} is not above ${from}`);
  const share =
    seed === undefined
      ? Math.random()
      : createHash("sha256")
          .update(String(whole(seed)))
          .digest()
          .readUInt32BE() /
        2 ** 32;
  return from + Math.floor(share * (to - from));
}

function sum(one: Json | undefined, other: Json | undefined): number {
  const numbers = [whole(one), whole(other)];
  for (const number of numbers) {
    if (number < integers.least || number > integers.most) throw new Error(`${number} is no integer of 32 bits`);
  }
  return numbers.reduce((total, number) => total + number, 0);
}

/** Each character of the delimiters divides; what is empty between two of them is left out. */
function split(text: string, delimiters: string): Json[] {
  if (delimiters === "") return [text];
  const parts: string[] = [""];
  for (const character of text) {
    if (delimiters.includes(character)) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.filter((part) => part !== "");
}
