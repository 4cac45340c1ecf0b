import { Permissions } from "../permissions/index.ts";
import type { Clock } from "../states/clock.ts";
import type { ExecutionEvent } from "../states/execution-event.ts";
import { History, type HistoryEvent } from "../states/history.ts";
import type { Integration } from "../states/integrations/integration.ts";
import { Interpreter } from "../states/interpreter.ts";
import type { Json, JsonObject } from "../states/json.ts";
import { readDefinition } from "../states/read-definition.ts";
import { StateError } from "../states/state-error.ts";
import { graphOf, roleArn } from "./declare.ts";

/** A clock whose time passes when nothing else is to be done: the earliest pause ends next. */
export class FakeClock implements Clock {
  #now: number;
  #pauses: { until: number; resolve: () => void }[] = [];
  /** Pauses that were asked for, in milliseconds. */
  readonly asked: number[] = [];

  constructor(now = Date.parse("2016-03-14T01:59:00Z")) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    this.asked.push(milliseconds);
    return new Promise((resolve, reject) => {
      const pause = { until: this.#now + milliseconds, resolve };
      this.#pauses.push(pause);
      signal.addEventListener("abort", () => {
        this.#pauses = this.#pauses.filter((other) => other !== pause);
        reject(signal.reason as Error);
      });
      this.#idle();
    });
  }

  /** Turns of the event loop in which others go on before time passes. */
  #idle(turns = 20): void {
    setImmediate(() => (turns > 0 ? this.#idle(turns - 1) : this.#pass()));
  }

  #pass(): void {
    const next = this.#pauses.toSorted((one, other) => one.until - other.until)[0];
    if (!next) return;
    this.#pauses = this.#pauses.filter((pause) => pause !== next);
    this.#now = Math.max(this.#now, next.until);
    next.resolve();
  }
}

/** What a task of a test does. */
export type Work = (parameters: JsonObject, task: Parameters<Integration["start"]>[1]) => Json | Promise<Json>;

export const workArn = "arn:aws:states:::test:work";

/** An integration that takes anything as `Input`. */
export function work(start: Work): Integration {
  return {
    resource: workArn,
    parameters: ["Input", "Other"],
    start: (parameters, task) => Promise.resolve(start(parameters, task)),
  };
}

export interface Ran {
  output?: Json;
  error?: StateError;
  history: HistoryEvent[];
  /** Kind and state, as "retried Work". */
  happened: string[];
  clock: FakeClock;
}

/** Runs a definition to its end. */
export async function runMachine(
  definition: object,
  input: Json = {},
  options: { work?: Work; timeScale?: number; random?: () => number } = {},
): Promise<Ran> {
  const integration = work(options.work ?? ((parameters) => parameters));
  const compiled = readDefinition(JSON.stringify(definition), (resource) =>
    resource === integration.resource ? integration : undefined,
  );
  const clock = new FakeClock();
  const history: HistoryEvent[] = [];
  const happened: string[] = [];
  const arn = "arn:aws:states:us-east-1:123456789012:stateMachine:machine";
  const executionArn = "arn:aws:states:us-east-1:123456789012:execution:machine:one";
  const interpreter = new Interpreter({
    machine: { name: "machine", arn, roleArn: roleArn("roomy") },
    execution: { name: "one", arn: executionArn },
    permissions: new Permissions(graphOf([]), () => {}),
    clock,
    timeScale: options.timeScale ?? 1,
    region: "us-east-1",
    history: new History(
      (event) => history.push(event),
      () => clock.now(),
    ),
    context: {
      Execution: { Id: executionArn, Name: "one", Input: input, StartTime: new Date(clock.now()).toISOString() },
      StateMachine: { Id: arn, Name: "machine" },
    },
    happened: (state, _, { kind }: Extract<ExecutionEvent, { state: string }> | { kind: string }) =>
      happened.push(`${kind} ${state}`),
    random: options.random ?? (() => 0.5),
  });
  const result: Ran = { history, happened, clock };
  try {
    result.output = await interpreter.run(compiled, input, 0, new AbortController().signal);
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    result.error = error;
  }
  return result;
}

/** A machine of one state, which is its last. */
export function only(state: object): object {
  return { StartAt: "Only", States: { Only: { ...state, End: true } } };
}
