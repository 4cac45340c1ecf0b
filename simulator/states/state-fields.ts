import type { FailState, MapState, Seconds, State, TaskState, WaitState } from "./definition.ts";
import type { Json } from "./json.ts";
import { required, withResult, type Data, type Path } from "./paths.ts";
import { reserved, StateError } from "./state-error.ts";
import { timestampOf } from "./timestamp.ts";

/** What a path selects; null in the place of one selects nothing, an empty object. */
export function selected(path: Path | null, data: Data, field: string): Json {
  return path ? required(path, data, field) : {};
}

/** A state's input with its result in it; null in the place of a path leaves the result out. */
export function combine(raw: Json, resultPath: TaskState["resultPath"], result: Json): Json {
  return resultPath ? withResult(raw, resultPath, result) : raw;
}

/** Where a Choice leads. @throws StateError States.NoChoiceMatched */
export function chosen(state: Extract<State, { type: "Choice" }>, data: Data): string {
  const choice = state.choices.find(({ rule }) => rule(data));
  const next = choice?.next ?? state.default;
  if (next !== undefined) return next;
  throw new StateError(
    reserved.noChoiceMatched,
    `No choice of the state '${state.name}' matched, and it has no Default: ${JSON.stringify(data.input)}`,
  );
}

/** What a Fail state ends with. */
export function failureOf({ error, cause }: FailState, data: Data): StateError {
  const textOf = (value: FailState["error"], field: string): string => {
    if (typeof value !== "function") return value ?? "";
    const found = value(data, field);
    if (typeof found === "string") return found;
    throw new StateError(reserved.runtime, `${field} gives ${JSON.stringify(found)}, which is no string`);
  };
  return new StateError(textOf(error, "ErrorPath"), textOf(cause, "CausePath"));
}

/** Seconds, declared or found. @throws StateError States.Runtime for what is none */
export function secondsOf(seconds: Seconds | undefined, data: Data, field: string): number | undefined {
  if (seconds === undefined || typeof seconds === "number") return seconds;
  const found = required(seconds, data, field);
  if (typeof found === "number" && Number.isInteger(found) && found >= 0) return found;
  throw new StateError(reserved.runtime, `${field} gives ${JSON.stringify(found)}, which is no number of seconds`);
}

/** Until when a Wait waits, in epoch milliseconds. @throws StateError States.Runtime for what is no timestamp */
export function untilOf({ timestamp }: WaitState, data: Data): number {
  if (typeof timestamp === "number") return timestamp;
  const found = timestamp && required(timestamp, data, "TimestampPath");
  const time = typeof found === "string" ? timestampOf(found) : undefined;
  if (time !== undefined) return time;
  throw new StateError(reserved.runtime, `TimestampPath gives ${JSON.stringify(found)}, which is no timestamp`);
}

/** How many iterations a map does at a time: 0 for as many as there are. @throws StateError States.Runtime */
export function concurrencyOf({ maxConcurrency }: MapState, data: Data): number {
  if (typeof maxConcurrency === "number") return maxConcurrency;
  const found = required(maxConcurrency, data, "MaxConcurrencyPath");
  if (typeof found === "number" && Number.isInteger(found) && found >= 0) return found;
  throw new StateError(reserved.runtime, `MaxConcurrencyPath gives ${JSON.stringify(found)}, which is no count`);
}
