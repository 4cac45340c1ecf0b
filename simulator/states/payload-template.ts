import { compileIntrinsic } from "./intrinsics/index.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { compilePath, required, type Data } from "./paths.ts";

/** A JSON value whose fields that end in `.$` are made from data: Parameters, ItemSelector, ResultSelector. */
export type PayloadTemplate = (data: Data) => Json;

/** What makes the value of one field. */
export type FieldValue = (data: Data, field: string) => Json;

/**
 * Compiles a template.
 *
 * @throws Error for a field whose path or intrinsic function is none; the message begins with the field's place
 */
export function compileTemplate(value: Json, place = ""): PayloadTemplate {
  if (Array.isArray(value)) {
    const elements = value.map((element, index) => compileTemplate(element, `${place}[${index}]`));
    return (data) => elements.map((element) => element(data));
  }
  if (!isObject(value)) return () => value;
  const fields = Object.entries(value).map(([name, inner]) => compileField(value, name, inner, place));
  return (data) => Object.fromEntries(fields.map(({ name, make }) => [name, make(data)]));
}

function compileField(object: JsonObject, name: string, value: Json, place: string) {
  const at = place === "" ? name : `${place}.${name}`;
  if (!name.endsWith(".$")) return { name, make: compileTemplate(value, at) };
  const plain = name.slice(0, -2);
  if (typeof value !== "string") throw new Error(`${at}: a path or an intrinsic function is expected`);
  if (Object.hasOwn(object, plain)) throw new Error(`${at}: ${plain} stands beside it`);
  let make: FieldValue;
  try {
    make = compileFieldValue(value);
  } catch (error) {
    throw new Error(`${at}: ${(error as Error).message}`, { cause: error });
  }
  return { name: plain, make: (data: Data) => make(data, name) };
}

/**
 * Compiles what stands in a field that is made from data: a path, or a call of an intrinsic function.
 *
 * @throws Error for a text that is neither
 */
export function compileFieldValue(text: string): FieldValue {
  if (!text.startsWith("$")) return compileIntrinsic(text);
  const path = compilePath(text);
  return (data, field) => required(path, data, field);
}
