import type { Json } from "./json.ts";

/** How an execution stands. */
export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** The iteration or branch in which a state runs: the outermost first. */
export interface Within {
  /** Name of the Map or Parallel state. */
  state: string;
  /** 0 for the first. */
  index: number;
}

/** What happens in a state, for whoever watches. */
export type StateHappening =
  | { kind: "entered"; type: string }
  | { kind: "exited"; type: string; seconds: number }
  | { kind: "retried"; error: string; cause: string; attempt: number; waitSeconds: number }
  | { kind: "caught"; error: string; cause: string; next: string }
  | { kind: "failed"; error: string; cause: string }
  | { kind: "progress"; done: number; total: number };

/** What happens in an execution, as it happens. */
export type ExecutionEvent = {
  machine: string;
  execution: string;
  /** Epoch milliseconds. */
  time: number;
} & (
  | { kind: "started"; input: Json }
  | (StateHappening & { state: string; within: readonly Within[] })
  | { kind: "ended"; status: ExecutionStatus; output?: Json; error?: string; cause?: string }
);
