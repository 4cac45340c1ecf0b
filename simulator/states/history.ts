import type { Json } from "./json.ts";

/** An execution has this many events at most (Step Functions quotas, state machine executions). */
export const mostEvents = 25_000;

/** An entry of an execution's history, as GetExecutionHistory has it, but for the timestamp: epoch milliseconds. */
export interface HistoryEvent {
  id: number;
  previousEventId: number;
  timestamp: number;
  /** "TaskStateEntered" */
  type: string;
  /** Of a name that belongs to the type: stateEnteredEventDetails, taskFailedEventDetails. */
  [details: `${string}EventDetails`]: Record<string, Json>;
}

/** An execution that has come to the end of its history: nothing catches it. */
export class HistoryFullError extends Error {
  constructor() {
    super(`The execution reached the maximum number of history events (${mostEvents}).`);
    this.name = "HistoryFullError";
  }
}

/** Numbers the events of an execution and hands them on. */
export class History {
  readonly #write: (event: HistoryEvent) => void;
  readonly #now: () => number;
  #last = 0;

  constructor(write: (event: HistoryEvent) => void, now: () => number) {
    this.#write = write;
    this.#now = now;
  }

  /**
   * @param previous The event from which this one follows, in its branch.
   * @returns its id
   * @throws HistoryFullError where only the execution's end has a place left
   */
  add(previous: number, type: string, details?: Record<string, Json>): number {
    if (this.#last >= mostEvents - 1) throw new HistoryFullError();
    return this.#append(previous, type, details);
  }

  /** The execution's last event, for which there is always a place. */
  end(type: string, details?: Record<string, Json>): void {
    this.#append(this.#last, type, details);
  }

  #append(previous: number, type: string, details?: Record<string, Json>): number {
    const event: HistoryEvent = { id: ++this.#last, previousEventId: previous, timestamp: this.#now(), type };
    if (details) event[detailsNameOf(type)] = details;
    this.#write(event);
    return event.id;
  }
}

/** Entering and leaving have one name for all types of states. */
function detailsNameOf(type: string): `${string}EventDetails` {
  const [moved] = /State(Entered|Exited)$/.exec(type) ?? [];
  const name = moved ?? type;
  return `${name[0]?.toLowerCase()}${name.slice(1)}EventDetails`;
}

/** A payload as an event has it: its text, whole. */
export function payload<Name extends "input" | "output">(name: Name, value: Json): Record<string, Json> {
  return { [name]: JSON.stringify(value), [`${name}Details`]: { truncated: false } };
}
