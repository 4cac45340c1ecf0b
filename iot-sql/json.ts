import { isUtf8 } from "node:buffer";
import { numberText, parseNumber } from "./numbers.ts";
import { Decimal, type Value } from "./value.ts";

/**
 * Nesting at which text is no longer taken for JSON, so that no message can exhaust the stack. AWS documents no limit;
 * this is the default of the Java parsers (StreamReadConstraints of Jackson).
 */
export const deepestJson = 1000;

const exponent = /\d[eE]/;

/** Below 1E-6 JavaScript writes an exponent with a small letter. */
const small = "0.000000";

/** A number of so many characters may have a digit more than a double gives back. */
const longNumber = 16;

const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

export interface ParsedJson {
  value: Value;
  /** Every number is a plain double: JSON.stringify writes what writeJson would. */
  plain: boolean;
}

/** The text of bytes, or undefined where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString("utf8");
}

/** Undefined where the text is not JSON. Of duplicate keys the last wins; a number beyond 9.99E999 is Undefined. */
export function parseJson(text: string): ParsedJson | undefined {
  if (text.length === 0 || isTooDeep(text)) return undefined;
  try {
    if (!hasLongNumber(text) && !exponent.test(text) && !text.includes(small)) {
      return { value: JSON.parse(text) as Value, plain: true };
    }
    const value = JSON.parse(text) as Value;
    return { value: doublesGiveBack(text) ? value : (JSON.parse(text, exactNumber) as Value), plain: false };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether digits and points run on for that long; such a run holds every 16th character of the text at least once. */
function hasLongNumber(text: string): boolean {
  for (let at = longNumber - 1; at < text.length; at += longNumber) {
    if (!isDigitOrPoint(text.charCodeAt(at))) continue;
    let start = at;
    let end = at + 1;
    while (isDigitOrPoint(text.charCodeAt(start - 1))) start--;
    while (isDigitOrPoint(text.charCodeAt(end))) end++;
    if (end - start >= longNumber) return true;
  }
  return false;
}

/** Of a character code; NaN, which is beyond the text's ends, is none. */
function isDigitOrPoint(code: number): boolean {
  return code <= 57 && (code >= 48 || code === 46);
}

/** A reviver of JSON.parse; `context.source` is the number's text (TC39 "JSON.parse source text access"). */
function exactNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === "number" && context?.source !== undefined ? parseNumber(context.source) : value;
}

function doublesGiveBack(json: string): boolean {
  for (const [token] of json.matchAll(stringOrNumber)) {
    if (token.startsWith('"') || (token.length < 16 && !/[eE]/.test(token))) continue;
    if (typeof parseNumber(token) !== "number") return false;
  }
  return true;
}

function isTooDeep(text: string): boolean {
  if (text.length <= 2 * deepestJson) return false;
  let openers = 0;
  for (const opener of ["[", "{"]) {
    for (let at = text.indexOf(opener); at !== -1 && openers <= deepestJson; at = text.indexOf(opener, at + 1))
      openers++;
  }
  return openers > deepestJson && depthOf(text) > deepestJson;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "[" || character === "{") deepest = Math.max(deepest, ++depth);
    else if (character === "]" || character === "}") depth--;
  }
  return deepest;
}

/**
 * The JSON text of a value; Undefined by itself is the empty text, and in an Object or an Array it is left out ("isn't
 * representable in JSON except by omitting the value").
 */
export function writeJson(value: Value): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return numberText(value);
    case "boolean":
      return value ? "true" : "false";
    case "undefined":
      return "";
  }
  if (value === null) return "null";
  if (Array.isArray(value)) {
    let text = "[";
    for (const item of value) {
      if (item !== undefined) text += (text.length > 1 ? "," : "") + writeJson(item);
    }
    return `${text}]`;
  }
  if (value instanceof Decimal) return numberText(value);
  let text = "{";
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item !== undefined) text += `${text.length > 1 ? "," : ""}${JSON.stringify(key)}:${writeJson(item)}`;
  }
  return `${text}}`;
}
