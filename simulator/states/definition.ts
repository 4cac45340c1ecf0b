import type { ChoiceRule } from "./choice-rule.ts";
import type { Integration } from "./integrations/integration.ts";
import type { Json } from "./json.ts";
import type { Path, ReferencePath } from "./paths.ts";
import type { FieldValue, PayloadTemplate } from "./payload-template.ts";

/** A machine, a branch or an item's processor: states and where they begin. */
export interface States {
  startAt: string;
  states: ReadonlyMap<string, State>;
}

/** A machine's definition, checked and compiled. */
export interface Definition extends States {
  /** How long an execution may take; undefined for any time. */
  timeoutSeconds: number | undefined;
}

/** A retrier, with Step Functions' defaults in the place of what is not declared. */
export interface Retrier {
  errorEquals: readonly string[];
  intervalSeconds: number;
  maxAttempts: number;
  backoffRate: number;
  maxDelaySeconds: number | undefined;
  jitter: boolean;
}

/** A catcher. */
export interface Catcher {
  errorEquals: readonly string[];
  next: string;
  /** null: the error is left out. */
  resultPath: ReferencePath | null;
}

/** What every state has. null in the place of a path: nothing passes. */
interface Named {
  name: string;
  inputPath: Path | null;
  outputPath: Path | null;
}

/** What states that go on have. */
interface Onward {
  /** undefined: it is the last. */
  next: string | undefined;
}

/** What states that have a result have. */
interface Resulting {
  parameters: PayloadTemplate | undefined;
  resultPath: ReferencePath | null;
}

/** What states that may fail have. */
interface Failing {
  resultSelector: PayloadTemplate | undefined;
  retriers: readonly Retrier[];
  catchers: readonly Catcher[];
}

/** Seconds, declared or found in the input. */
export type Seconds = number | Path;

/** A Task. */
export interface TaskState extends Named, Onward, Resulting, Failing {
  type: "Task";
  integration: Integration;
  timeout: Seconds | undefined;
  heartbeat: Seconds | undefined;
}

/** A Pass state. */
export interface PassState extends Named, Onward, Resulting {
  type: "Pass";
  /** undefined: its input. */
  result: Json | undefined;
}

/** A Choice. */
export interface ChoiceState extends Named {
  type: "Choice";
  choices: readonly { rule: ChoiceRule; next: string }[];
  default: string | undefined;
}

/** A Wait state: for seconds, or until a time (epoch milliseconds). */
export interface WaitState extends Named, Onward {
  type: "Wait";
  seconds: Seconds | undefined;
  timestamp: number | Path | undefined;
}

/** A Parallel state. */
export interface ParallelState extends Named, Onward, Resulting, Failing {
  type: "Parallel";
  branches: readonly States[];
}

/** A Map state of inline mode. Its parameters are those of each item. */
export interface MapState extends Named, Onward, Resulting, Failing {
  type: "Map";
  items: Path | undefined;
  processor: States;
  /** 0: as many as there are. */
  maxConcurrency: number | Path;
}

/** A Succeed state. */
export interface SucceedState extends Named {
  type: "Succeed";
}

/** A Fail state. */
export interface FailState extends Named {
  type: "Fail";
  error: string | FieldValue | undefined;
  cause: string | FieldValue | undefined;
}

/** A state. */
export type State =
  TaskState | PassState | ChoiceState | WaitState | ParallelState | MapState | SucceedState | FailState;

/** A state that has retriers and catchers. */
export type FailingState = TaskState | ParallelState | MapState;
