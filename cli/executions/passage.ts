import type { HistoryEvent } from "@aws-sdk/client-sfn";

/** What happens to a state, for a person who watches. */
export interface StateEvent {
  /** Epoch milliseconds. */
  time: number;
  state: string;
  /** "Task", "Map", "Choice", ... */
  type: string;
  /** The iterations and branches that it is in, the outermost first: "Refresh datasets 2". */
  within: readonly string[];
  /** What the iteration is about, where its input has a name: a dataset, a city's forecast. */
  about?: string;
  happened: "entered" | "left" | "failed";
  /** How long it was in the state; once it is left. */
  seconds?: number;
  /** What was thrown; once it failed. */
  error?: string;
  cause?: string;
}

interface Place {
  state: string | undefined;
  type: string;
  entered: number;
  within: readonly string[];
  about?: string;
}

/** Follows the history of an execution: which states it passes, and how long each takes. */
export class Passage {
  /** Where the execution, or the branch, was with each event. */
  readonly #places = new Map<number, Place>();

  /** @param event the next of the history */
  take(event: HistoryEvent): StateEvent[] {
    const before = this.#places.get(event.previousEventId ?? 0) ?? nowhere;
    const time = event.timestamp?.getTime() ?? 0;
    const place = placeAfter(event, before, time);
    const what = { time, state: place.state ?? "", type: place.type, within: place.within, ...aboutOf(place) };
    const entered = this.#enteredAt(what.state, what.within, time);
    this.#places.set(event.id ?? 0, place);
    if (event.stateEnteredEventDetails) return [{ ...what, happened: "entered" }];
    if (event.stateExitedEventDetails) return [{ ...what, happened: "left", seconds: (time - entered) / 1000 }];
    const failure = failureOf(event);
    if (!failure || place.state === undefined) return [];
    return [{ ...what, happened: "failed", ...failure }];
  }

  #enteredAt(state: string, within: readonly string[], time: number): number {
    const places = [...this.#places.values()];
    const key = within.join("/");
    return places.findLast((place) => place.state === state && place.within.join("/") === key)?.entered ?? time;
  }
}

const nowhere: Place = { state: undefined, type: "", entered: 0, within: [] };

function placeAfter(event: HistoryEvent, before: Place, time: number): Place {
  const type = /^(.*)State(Entered|Exited)$/.exec(event.type ?? "")?.[1] ?? before.type;
  const entered = event.stateEnteredEventDetails;
  if (entered) {
    const about = aboutOf(before).about ?? nameIn(before.within.length > 0 ? entered.input : undefined);
    return {
      state: entered.name,
      type,
      entered: time,
      within: before.within,
      ...(about === undefined ? {} : { about }),
    };
  }
  const iteration = event.mapIterationStartedEventDetails;
  if (iteration) return { ...before, within: [...before.within, `${iteration.name} ${(iteration.index ?? 0) + 1}`] };
  const left = event.stateExitedEventDetails;
  if (!left) return before;
  // a Map or Parallel is left from where it was entered
  const depth = before.within.findIndex((one) => one.replace(/ \d+$/, "") === left.name);
  const within = depth < 0 ? before.within : before.within.slice(0, depth);
  return { ...(within.length > 0 ? before : nowhere), state: left.name, type, entered: time, within };
}

function aboutOf({ about }: Place): { about?: string } {
  return about === undefined ? {} : { about };
}

/** What an iteration's input calls itself: its own name, or that of its item. */
function nameIn(input: string | undefined): string | undefined {
  if (input === undefined) return undefined;
  const value = JSON.parse(input) as { name?: unknown; id?: unknown; item?: { name?: unknown; id?: unknown } };
  return [value.name, value.item?.name, value.id, value.item?.id].find((one): one is string => typeof one === "string");
}

function failureOf(event: HistoryEvent): { error?: string; cause?: string } | undefined {
  const details =
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.taskStartFailedEventDetails ??
    event.taskSubmitFailedEventDetails ??
    event.lambdaFunctionFailedEventDetails ??
    event.lambdaFunctionTimedOutEventDetails;
  if (!details) return undefined;
  const { error, cause } = details;
  return { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
}
