import type { ExecutedState } from "../../page/api.ts";
import type { HistoryEvent } from "../states/index.ts";

interface Visit {
  state: ExecutedState;
  parent: Visit | undefined;
  /** By the event that began the iteration or the branch that they are of. */
  inner: Map<number, Visit[]>;
  attempts: number;
}

/** Where an event stands: the states that are entered and not left, the innermost last, and the iteration. */
interface Place {
  open: Visit | undefined;
  iteration: number;
}

const failing = /^(?:Task|LambdaFunction|Activity|MapState|MapIteration|ParallelState)(?:Failed|TimedOut|Aborted)$/;
const succeeding = /^(?:Task|LambdaFunction|MapState|ParallelState)Succeeded$/;

/**
 * The states of an execution, by its history: in the order in which they were entered, and those of a Map behind it, item by
 * item, whichever item was quicker.
 */
export function executedStates(history: readonly HistoryEvent[]): ExecutedState[] {
  const places = new Map<number, Place>([[0, { open: undefined, iteration: 0 }]]);
  const outermost: Visit[] = [];
  for (const event of history) {
    const before = places.get(event.previousEventId) ?? { open: undefined, iteration: 0 };
    places.set(event.id, placeAfter(event, before, outermost));
  }
  return outermost.flatMap((visit) => flat(visit, 0));
}

function placeAfter(event: HistoryEvent, { open, iteration }: Place, outermost: Visit[]): Place {
  const { type, timestamp } = event;
  if (type.endsWith("StateEntered")) {
    const state: ExecutedState = {
      name: event["stateEnteredEventDetails"]?.["name"] as string,
      type: type.slice(0, -"StateEntered".length),
      status: "running",
      entered: timestamp,
      depth: 0,
      retries: 0,
    };
    const visit: Visit = { state, parent: open, inner: new Map(), attempts: 0 };
    const siblings = open ? (open.inner.get(iteration) ?? []) : outermost;
    siblings.push(visit);
    open?.inner.set(iteration, siblings);
    return { open: visit, iteration };
  }
  if (!open) return { open, iteration };
  const { state } = open;
  if (type.endsWith("StateExited")) {
    state.exited = timestamp;
    if (state.status === "running") state.status = "succeeded";
    // it stands where its state began: in the same iteration of the state around it
    return { open: open.parent, iteration: iterationOf(open) };
  }
  if (type === "MapIterationStarted" || type === "ParallelStateStarted") return { open, iteration: event.id };
  if (type === "TaskScheduled" || type === "LambdaFunctionScheduled") {
    state.retries = open.attempts++;
    state.status = "running";
  } else if (failing.test(type)) {
    state.status = "failed";
    const details = Object.entries(event).find(([key]) => key.endsWith("EventDetails"))?.[1] as
      { error?: string; cause?: string } | undefined;
    if (details?.error !== undefined) state.error = details.error;
    if (details?.cause !== undefined) state.cause = details.cause;
  } else if (succeeding.test(type)) {
    state.status = "running"; // until it is left
  } else if (/^Execution(?:Failed|Aborted|TimedOut)$/.test(type)) {
    state.status = "failed";
  }
  return { open, iteration };
}

function iterationOf({ parent, state }: Visit): number {
  for (const [iteration, visits] of parent?.inner ?? []) {
    if (visits.some((visit) => visit.state === state)) return iteration;
  }
  return 0;
}

function flat({ state, inner }: Visit, depth: number): ExecutedState[] {
  const items = [...inner.values()];
  return [
    { ...state, depth },
    ...items.flatMap((visits, item) =>
      visits.flatMap((visit) =>
        flat(visit, depth + 1).map((one) => (one.depth === depth + 1 ? { ...one, item } : one)),
      ),
    ),
  ];
}
