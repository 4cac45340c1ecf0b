/**
 * The part of the Amazon States Language (JSONPath) that our machines use, as types and as functions that give its
 * states. https://states-language.net/spec.html
 */

/** Any value of a payload; a key that ends in `.$` has a path or an intrinsic function as its value. */
export type Payload = { readonly [key: string]: PayloadValue };
type PayloadValue = string | number | boolean | Payload | readonly PayloadValue[];

export interface Retrier {
  ErrorEquals: readonly string[];
  IntervalSeconds: number;
  MaxAttempts: number;
  BackoffRate: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: "FULL" | "NONE";
}

export interface Catcher {
  ErrorEquals: readonly string[];
  ResultPath: string;
  Next: string;
}

type Transition = { Next: string } | { End: true };

interface Shared {
  Comment?: string;
  InputPath?: string;
  OutputPath?: string;
}

/** What a state gives back, and where that goes; null throws the result away. */
interface Result {
  ResultSelector?: Payload;
  ResultPath?: string | null;
}

export type TaskState = Shared &
  Result &
  Transition & {
    Type: "Task";
    Resource: string;
    Parameters: Payload;
    TimeoutSeconds: number;
    Retry: readonly Retrier[];
    Catch: readonly Catcher[];
  };

export type MapState = Shared &
  Result &
  Transition & {
    Type: "Map";
    ItemsPath: string;
    ItemSelector: Payload;
    MaxConcurrency: number;
    ItemProcessor: { ProcessorConfig: { Mode: "INLINE" } } & States;
    Catch?: readonly Catcher[];
  };

export type PassState = Shared & Result & Transition & { Type: "Pass"; Parameters?: Payload; Result?: PayloadValue };

type Rule = { Variable: string } & (
  { BooleanEquals: boolean } | { StringEquals: string } | { NumericGreaterThanEquals: number }
);

export interface ChoiceState extends Shared {
  Type: "Choice";
  Choices: readonly ((Rule | { Or: readonly Rule[] }) & { Next: string })[];
  Default: string;
}

export interface WaitState extends Shared {
  Type: "Wait";
  Seconds: number;
  Next: string;
}

export interface SucceedState extends Shared {
  Type: "Succeed";
}

/** A failure, told by texts or by paths and intrinsic functions. */
export type FailState = Shared & { Type: "Fail" } & ({ Error: string } | { ErrorPath: string }) &
  ({ Cause: string } | { CausePath: string });

export type State = TaskState | MapState | PassState | ChoiceState | WaitState | SucceedState | FailState;

export interface States {
  StartAt: string;
  States: Readonly<Record<string, State>>;
}

export interface Machine extends States {
  Comment: string;
  /** Seconds that an execution may take in all. */
  TimeoutSeconds: number;
}

/** Where a caught error lies in the state, for what tells of it. */
export const failurePath = "$.failure";

type TaskStep = Omit<TaskState, "Type" | "Next" | "End" | "Catch">;
type MapStep = Omit<MapState, "Type" | "Next" | "End" | "Catch" | "ItemProcessor"> & {
  steps: readonly Step[];
  /** Path, within an item, of what tells the item from others; a failure names it. */
  subject: string;
};
type PassStep = Omit<PassState, "Type" | "Next" | "End">;

/** A map that brings its states with it. */
export type GivenMap = Omit<MapState, "Next" | "End" | "Catch">;

/** A step of a chain: a state without its way on, and without its way out, which the chain gives it. */
export type Step = { name: string } & (
  | { kind: "task"; task: TaskStep }
  | { kind: "map"; map: MapStep }
  | { kind: "given"; map: GivenMap }
  | { kind: "pass"; pass: PassStep }
);

/** Where a failed step leads, and the states that it takes to get there; undefined for one that fails as it is. */
export type WayOut = (step: Step) => { next: string; states: Readonly<Record<string, State>> } | undefined;

/**
 * The states of a chain of steps: each leads to the next, and a task or a map to its way out when it fails.
 *
 * @param end Name of the state after the last step; undefined where the chain ends with it.
 */
export function chain(steps: readonly Step[], end: string | undefined, wayOut: WayOut): Record<string, State> {
  return Object.fromEntries(
    steps.flatMap((step, index) => {
      const next = steps[index + 1]?.name ?? end;
      return states(step, next === undefined ? { End: true } : { Next: next }, wayOut);
    }),
  );
}

function states(step: Step, way: Transition, wayOut: WayOut): [string, State][] {
  if (step.kind === "pass") return [[step.name, { Type: "Pass", ...step.pass, ...way }]];
  const out = wayOut(step);
  const caught: readonly Catcher[] =
    out === undefined ? [] : [{ ErrorEquals: ["States.ALL"], ResultPath: failurePath, Next: out.next }];
  const after = Object.entries(out?.states ?? {});
  const catching = caught.length === 0 ? {} : { Catch: caught };
  if (step.kind === "given") return [[step.name, { ...step.map, ...catching, ...way }], ...after];
  if (step.kind === "task") return [[step.name, { Type: "Task", ...step.task, Catch: caught, ...way }], ...after];
  const { steps, subject, ...map } = step.map;
  const state: State = {
    Type: "Map",
    ...map,
    ItemProcessor: itemProcessor(steps, subject),
    ...catching,
    ...way,
  };
  return [[step.name, state], ...after];
}

/**
 * What each item of a map passes. A task that fails there ends its item by words of its own: the map's error is all that is
 * seen of it outside, and says neither which step it was nor of which item.
 */
function itemProcessor(steps: readonly Step[], subject: string): MapState["ItemProcessor"] {
  const [first] = steps;
  if (first === undefined) throw new Error("a map without steps does nothing");
  return {
    ProcessorConfig: { Mode: "INLINE" },
    StartAt: first.name,
    States: chain(steps, undefined, ({ name, kind }) => {
      if (kind !== "task") return undefined;
      const next = `${name} failed`;
      const CausePath = `States.Format('${name} ({}): {}', ${subject}, ${failurePath}.Cause)`;
      return { next, states: { [next]: { Type: "Fail", ErrorPath: `${failurePath}.Error`, CausePath } } };
    }),
  };
}
