import { toText } from "./conversions.ts";
import type { SqlFunction } from "./functions.ts";
import { decodeUtf8, parseJson } from "./json.ts";
import type { Value } from "./value.ts";

/** Base64 of RFC 4648 with its padding or without any, as java.util.Base64 takes it. */
export const base64Pattern = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** The base64 text of a payload. */
export function encodeBytes(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString("base64");
}

/** A JSON document as its value, other text as a String, Null where there is no text to be had. */
function decode(value: Value): Value {
  const encoded = toText(value);
  if (encoded === undefined) return undefined;
  if (!base64Pattern.test(encoded)) return null;
  const text = decodeUtf8(Buffer.from(encoded, "base64"));
  if (text === undefined) return null;
  const json = parseJson(text);
  return json === undefined ? text : json.value;
}

/** The scheme, the second argument, is checked when a statement compiles: it is the literal 'base64'. */
export const encodingFunctions = {
  decode: { arity: [2, 2], call: (_frame, value) => decode(value) },
  encode: {
    arity: [2, 2],
    call: (_frame, value) => {
      const text = toText(value);
      return text === undefined ? undefined : Buffer.from(text, "utf8").toString("base64");
    },
  },
} satisfies Record<string, SqlFunction>;
