import { randomUUID } from "node:crypto";
import type { Permissions, Place } from "../permissions/index.ts";
import type { Clock } from "./clock.ts";
import type { Execution, Outcome } from "./execution.ts";
import type { ExecutionStore } from "./execution-store.ts";
import type { ExecutionEvent, ExecutionStatus } from "./execution-event.ts";
import { History, HistoryFullError, payload, type HistoryEvent } from "./history.ts";
import { Interpreter } from "./interpreter.ts";
import { payloadBytes, type Json } from "./json.ts";
import type { Machine } from "./machines.ts";
import { StatesRefusal } from "./refusal.ts";
import { reserved, StateError } from "./state-error.ts";

/** What executions need of the simulator. */
export interface ExecutionsOptions {
  machines: ReadonlyMap<string, Machine>;
  store: ExecutionStore;
  permissions: Permissions;
  place: Place;
  clock: Clock;
  /** The share of a wait or a retry's interval that is waited. */
  timeScale: number;
  /** Called with each event, when it is in the folder. */
  happened: (event: ExecutionEvent) => void;
  /** Called when an execution cannot go on for a reason that is none of its states'. */
  onFailure: (error: Error) => void;
}

/** What is asked of StartExecution. */
export interface StartRequest {
  machineArn: string;
  /** JSON; an empty object where there is none. */
  input?: string | undefined;
  /** One that no execution of the machine has had in 90 days; one is made where there is none. */
  name?: string | undefined;
}

interface Running {
  execution: Execution;
  stop: AbortController;
  ended: Promise<Execution>;
  history: HistoryEvent[];
}

/** Why an execution ends before its states do. */
class Interruption extends Error {
  readonly outcome: Omit<Outcome, "stopped">;

  constructor(outcome: Omit<Outcome, "stopped">) {
    super(outcome.cause ?? outcome.status);
    this.name = "Interruption";
    this.outcome = outcome;
  }
}

/** What AWS takes as an execution's name: no white space, no brackets, no wildcards, no special characters. */
const validName = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]{1,80}$/;

/** What became of an execution whose simulator was killed. */
const killed = "The simulator was killed, or lost its machine, while the execution ran.";
const closed = "The simulator was stopped while the execution ran.";

/** The executions of the declared machines: started, stopped, listed, and kept in the data folder. */
export class Executions {
  readonly #options: ExecutionsOptions;
  /** By ARN, in the order in which they began. */
  readonly #all = new Map<string, Execution>();
  readonly #running = new Map<string, Running>();
  #isClosed = false;

  /** Reads what the folder holds; what ran when its simulator was killed is ABORTED from here on. */
  constructor(options: ExecutionsOptions) {
    this.#options = options;
    const { store, clock } = options;
    for (const machine of store.machines) {
      for (const execution of store.open(machine, clock.now())) {
        this.#all.set(execution.arn, execution);
        if (execution.status === "RUNNING") this.#abandon(execution);
      }
    }
  }

  /**
   * Starts an execution. The same name with the same input, while that execution runs, gives it again.
   *
   * @throws StatesRefusal as Step Functions refuses
   */
  start({ machineArn, input = "{}", name = randomUUID() }: StartRequest): Execution {
    const machine = this.#options.machines.get(machineArn);
    if (!machine) {
      throw new StatesRefusal("StateMachineDoesNotExist", `State Machine Does Not Exist: '${machineArn}'`);
    }
    if (!validName.test(name)) throw new StatesRefusal("InvalidName", `Invalid Name: '${name}'`);
    const value = parsedInput(input);
    const arn = `${machineArn.replace(":stateMachine:", ":execution:")}:${name}`;
    const same = this.#all.get(arn);
    if (same?.status === "RUNNING" && same.input === input) return same;
    if (same) throw new StatesRefusal("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
    if (this.#isClosed) throw new StatesRefusal("ServiceUnavailable", "The simulator is stopping.");
    const started = this.#options.clock.now();
    const execution: Execution = { name, arn, machine: machine.name, machineArn, input, started, status: "RUNNING" };
    this.#options.store.start(execution);
    this.#all.set(arn, execution);
    this.#run(machine, execution, value);
    return execution;
  }

  /** Ends an execution as ABORTED; one that has ended already stays as it is. @throws StatesRefusal */
  async stop(arn: string, reason: { error?: string | undefined; cause?: string | undefined } = {}): Promise<Execution> {
    const execution = this.describe(arn);
    const running = this.#running.get(arn);
    if (!running) return execution;
    running.stop.abort(new Interruption({ status: "ABORTED", ...defined(reason) }));
    return running.ended;
  }

  /** @throws StatesRefusal */
  describe(arn: string): Execution {
    const execution = this.#all.get(arn);
    if (!execution) throw new StatesRefusal("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  /** The latest first. */
  list(filter: { machineArn?: string | undefined; status?: ExecutionStatus | undefined } = {}): Execution[] {
    return [...this.#all.values()]
      .filter(({ machineArn }) => filter.machineArn === undefined || machineArn === filter.machineArn)
      .filter(({ status }) => filter.status === undefined || status === filter.status)
      .toSorted((one, other) => other.started - one.started);
  }

  /** @throws StatesRefusal */
  history(arn: string): HistoryEvent[] {
    return this.#running.get(arn)?.history.slice() ?? this.#options.store.history(this.describe(arn));
  }

  /** How an execution ended, when it has. @throws StatesRefusal */
  async outcome(arn: string): Promise<Execution> {
    return this.#running.get(arn)?.ended ?? this.describe(arn);
  }

  /** Starts no more, waits a moment for what runs, and ends what still does as ABORTED. */
  async close(graceMilliseconds: number): Promise<void> {
    this.#isClosed = true;
    const ended = Promise.allSettled([...this.#running.values()].map((running) => running.ended));
    const enough = new AbortController();
    const late = this.#options.clock.pause(graceMilliseconds, enough.signal).catch(() => {});
    await Promise.race([ended, late]);
    enough.abort();
    for (const { stop } of this.#running.values()) stop.abort(new Interruption({ status: "ABORTED", cause: closed }));
    await ended;
  }

  #abandon(execution: Execution): void {
    const { store, clock } = this.#options;
    const outcome: Outcome = { status: "ABORTED", stopped: clock.now(), cause: killed };
    const last = store.history(execution).at(-1)?.id ?? 0;
    store.append(execution, {
      id: last + 1,
      previousEventId: last,
      timestamp: outcome.stopped,
      type: "ExecutionAborted",
      executionAbortedEventDetails: { cause: killed },
    });
    store.end(execution, outcome);
    Object.assign(execution, outcome);
  }

  #run(machine: Machine, execution: Execution, input: Json): void {
    const stop = new AbortController();
    const ended = Promise.withResolvers<Execution>();
    const running: Running = { execution, stop, ended: ended.promise, history: [] };
    // whoever waits for the end is told of a failure by the simulator, which cannot go on
    ended.promise.catch(() => {});
    this.#running.set(execution.arn, running);
    void this.#finish(machine, running, input)
      .then(() => ended.resolve(execution))
      .catch((error: Error) => {
        ended.reject(error);
        this.#options.onFailure(error);
      })
      .finally(() => this.#running.delete(execution.arn));
  }

  async #finish(machine: Machine, running: Running, input: Json): Promise<void> {
    const { store, clock } = this.#options;
    const { execution } = running;
    const history = new History(
      (event) => {
        store.append(execution, event);
        running.history.push(event);
      },
      () => clock.now(),
    );
    this.#tell(running, { kind: "started", input });
    history.add(0, "ExecutionStarted", { ...payload("input", input), roleArn: machine.roleArn });
    const outcome: Outcome = { ...(await this.#outcome(machine, running, input, history)), stopped: clock.now() };
    history.end(`Execution${endings[outcome.status]}`, endOf(outcome));
    store.end(execution, outcome);
    Object.assign(execution, outcome);
    const { status, output, error, cause } = outcome;
    const shown = output === undefined ? {} : { output: JSON.parse(output) as Json };
    this.#tell(running, { kind: "ended", status, ...shown, ...defined({ error, cause }) });
  }

  async #outcome(machine: Machine, running: Running, input: Json, history: History): Promise<Omit<Outcome, "stopped">> {
    const { permissions, clock, timeScale, place } = this.#options;
    const { execution, stop } = running;
    const settled = new AbortController();
    const { timeoutSeconds } = machine.definition;
    if (timeoutSeconds !== undefined) {
      clock.pause(timeoutSeconds * 1000, settled.signal).then(
        () => stop.abort(timedOut(timeoutSeconds)),
        () => {},
      );
    }
    const interpreter = new Interpreter({
      machine,
      execution,
      permissions,
      clock,
      timeScale,
      region: place.region,
      history,
      context: contextOf(machine, execution, input),
      happened: (state, within, happening) => this.#tell(running, { state, within, ...happening }),
      random: Math.random,
    });
    try {
      const output = await interpreter.run(machine.definition, input, 0, stop.signal);
      return { status: "SUCCEEDED", output: JSON.stringify(output) };
    } catch (error) {
      if (error instanceof Interruption) return error.outcome;
      if (error instanceof HistoryFullError) {
        return { status: "FAILED", error: reserved.runtime, cause: error.message };
      }
      if (error instanceof StateError)
        return { status: "FAILED", ...defined({ error: error.error, cause: error.cause }) };
      throw error;
    } finally {
      settled.abort();
    }
  }

  #tell({ execution }: Running, happening: Happening): void {
    this.#options.happened({
      machine: execution.machine,
      execution: execution.name,
      time: this.#options.clock.now(),
      ...happening,
    });
  }
}

type Happening = ExecutionEvent extends infer One
  ? One extends ExecutionEvent
    ? Omit<One, "machine" | "execution" | "time">
    : never
  : never;

/** How the last event of a history is called. */
const endings = { SUCCEEDED: "Succeeded", FAILED: "Failed", TIMED_OUT: "TimedOut", ABORTED: "Aborted" } as const;

function endOf({ output, error, cause }: Outcome): Record<string, Json> {
  if (output !== undefined) return { output, outputDetails: { truncated: false } };
  return defined({ error, cause });
}

/** Without what is not there, and without what is empty. */
function defined(values: Partial<Record<"error" | "cause", string | undefined>>): { error?: string; cause?: string } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ""));
}

function timedOut(seconds: number): Interruption {
  return new Interruption({
    status: "TIMED_OUT",
    error: reserved.timeout,
    cause: `The execution took more than the machine's TimeoutSeconds, ${seconds}`,
  });
}

function parsedInput(input: string): Json {
  if (Buffer.byteLength(input) > payloadBytes) {
    throw new StatesRefusal(
      "InvalidExecutionInput",
      `Invalid State Machine Execution Input: more than ${payloadBytes} bytes`,
    );
  }
  try {
    return JSON.parse(input) as Json;
  } catch (error) {
    throw new StatesRefusal(
      "InvalidExecutionInput",
      `Invalid State Machine Execution Input: ${(error as Error).message}`,
    );
  }
}

/** `$$` (Step Functions developer guide, "Accessing execution data from the Context object"). */
function contextOf(machine: Machine, { arn, name, started }: Execution, input: Json) {
  return {
    Execution: {
      Id: arn,
      Input: input,
      Name: name,
      RoleArn: machine.roleArn,
      StartTime: new Date(started).toISOString(),
      RedriveCount: 0,
    },
    StateMachine: { Id: machine.arn, Name: machine.name },
  };
}
