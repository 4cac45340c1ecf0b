import { query } from "jsonpath-rfc9535";
import parse from "jsonpath-rfc9535/parser";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { reserved, StateError } from "./state-error.ts";

/** What paths are looked up in. */
export interface Data {
  /** `$` */
  input: Json;
  /** `$$`: the context object. */
  context: JsonObject;
}

/** A JSONPath of a definition; `$$` begins one into the context object. */
export interface Path {
  readonly text: string;
  /** What it finds: undefined where one place is asked for that is not there, a list where many are. */
  find(data: Data): Json | undefined;
}

/** A path to exactly one place of the input, which ResultPath writes to. */
export interface ReferencePath extends Path {
  readonly steps: readonly (string | number)[];
}

/**
 * Step Functions' JSONPath is that of RFC 9535, whose filters are data, not code.
 *
 * @throws Error for a text that is no JSONPath
 */
export function compilePath(text: string): Path {
  const expression = inRoot(text);
  const steps = stepsOf(text);
  const rootOf = ({ input, context }: Data) => (text.startsWith("$$") ? context : input);
  if (steps) return { text, find: (data) => at(rootOf(data), steps) };
  return { text, find: (data) => query(rootOf(data), expression) };
}

/**
 * A path for a field that asks for one place.
 *
 * @throws Error for a text that is no JSONPath, or one that may find several places
 */
export function compileReferencePath(text: string): ReferencePath {
  const path = compilePath(text);
  const steps = stepsOf(text);
  if (!steps) throw new Error(`${text} may find several places, and a reference path finds one`);
  return { ...path, steps };
}

/**
 * What a path finds.
 *
 * @param field For the message, as AWS has it: "InputPath", "x.$".
 * @throws StateError States.Runtime, which nothing catches, where the path leads nowhere
 */
export function required(path: Path, data: Data, field: string): Json {
  const found = path.find(data);
  if (found !== undefined) return found;
  const where = path.text.startsWith("$$") ? data.context : data.input;
  throw new StateError(
    reserved.runtime,
    `The JSONPath '${path.text}' specified for the field '${field}' could not be found in the input '${JSON.stringify(where)}'`,
  );
}

/**
 * A state's input with its result at a place of it.
 *
 * @throws StateError States.ResultPathMatchFailure where the place cannot be made
 */
export function withResult(input: Json, { steps, text }: ReferencePath, result: Json): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return result;
  const path = { steps: rest, text, find: () => undefined };
  if (typeof step === "string" && isObject(input)) {
    return { ...input, [step]: withResult(Object.hasOwn(input, step) ? (input[step] as Json) : {}, path, result) };
  }
  if (typeof step === "number" && Array.isArray(input) && step >= 0 && step < input.length) {
    return input.with(step, withResult(input[step] as Json, path, result));
  }
  throw new StateError(
    reserved.resultPathMatchFailure,
    `Unable to apply ResultPath '${text}': ${JSON.stringify(step)} has no place in ${JSON.stringify(input)}`,
  );
}

/** The library knows one root. */
function inRoot(text: string): string {
  return text.startsWith("$$") ? text.slice(1) : text;
}

/** The way to the one place that a path finds; undefined for a path that may find several. */
function stepsOf(text: string): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  for (const { type, node } of syntaxOf(text).segments) {
    if (type !== "ChildSegment" || node.type === "WildcardSelector") return undefined;
    if (node.type === "MemberNameShorthand") {
      steps.push(node.value);
      continue;
    }
    const [selector, ...others] = node.selectors;
    if (others.length > 0 || (selector?.type !== "NameSelector" && selector?.type !== "IndexSelector")) {
      return undefined;
    }
    steps.push(selector.value);
  }
  return steps;
}

function syntaxOf(text: string): ReturnType<typeof parse> {
  try {
    return parse(inRoot(text));
  } catch (error) {
    throw new Error(
      `${JSON.stringify(text)} is no JSONPath: ${(error as Error).message} A name with other characters stands in brackets: $['a-b']`,
      { cause: error },
    );
  }
}

function at(root: Json, steps: readonly (string | number)[]): Json | undefined {
  let place: Json | undefined = root;
  for (const step of steps) {
    if (typeof step === "number") place = Array.isArray(place) ? place.at(step) : undefined;
    else place = isObject(place) && Object.hasOwn(place, step) ? place[step] : undefined;
    if (place === undefined) return undefined;
  }
  return place;
}
