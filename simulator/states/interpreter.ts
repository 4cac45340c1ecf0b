import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "./clock.ts";
import { together } from "./concurrency.ts";
import type {
  FailingState,
  MapState,
  ParallelState,
  Retrier,
  State,
  States,
  TaskState,
  WaitState,
} from "./definition.ts";
import type { StateHappening, Within } from "./execution-event.ts";
import { HistoryFullError, payload, type History } from "./history.ts";
import { isTooLarge, type Json, type JsonObject } from "./json.ts";
import { required, withResult, type Data } from "./paths.ts";
import { hasError, reserved, StateError } from "./state-error.ts";
import { chosen, combine, concurrencyOf, failureOf, secondsOf, selected, untilOf } from "./state-fields.ts";
import { doTask, tooLarge, type TaskSurroundings } from "./task.ts";
import { TaskHistory } from "./task-history.ts";

/** What the states of an execution share. */
export interface Surroundings extends TaskSurroundings {
  clock: Clock;
  region: string;
  history: History;
  /** `$$`, but for what belongs to a state or to an iteration. */
  context: JsonObject;
  happened: (state: string, within: readonly Within[], happening: StateHappening) => void;
  /** 0 up to 1, for jitter. */
  random: () => number;
}

/** A way through states: the execution's own, that of a branch or that of an iteration. */
interface Way {
  /** Its last event. */
  last: number;
  within: readonly Within[];
  /** Of the context object: `Map.Item`. */
  context: JsonObject;
  signal: AbortSignal;
}

/** A visit of a state. */
interface Visit {
  state: string;
  raw: Json;
  way: Way;
  enteredTime: string;
  retryCount: number;
}

/** An inline map does this many iterations at a time at most (Step Functions developer guide, Inline mode). */
const mostAtATime = 40;

/** Runs the states of one execution. */
export class Interpreter {
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * Runs a machine from its start to its end.
   *
   * @param started Id of the event that began it.
   * @param signal Its reason is thrown when it aborts.
   * @returns the output
   * @throws StateError, HistoryFullError
   */
  async run(states: States, input: Json, started: number, signal: AbortSignal): Promise<Json> {
    return this.#runStates(states, input, { last: started, within: [], context: {}, signal });
  }

  async #runStates({ startAt, states }: States, input: Json, way: Way): Promise<Json> {
    let data = input;
    for (let name: string | undefined = startAt; name !== undefined;) {
      // a machine of states that wait for nothing can be stopped, too
      await turn();
      way.signal.throwIfAborted();
      const state = states.get(name);
      if (!state) throw new Error(`there is no state ${name}`);
      ({ output: data, next: name } = await this.#visit(state, data, way));
    }
    return data;
  }

  async #visit(state: State, raw: Json, way: Way): Promise<{ output: Json; next: string | undefined }> {
    const { clock, history } = this.#surroundings;
    const entered = clock.now();
    const visit: Visit = { state: state.name, raw, way, enteredTime: new Date(entered).toISOString(), retryCount: 0 };
    way.last = history.add(way.last, `${state.type}StateEntered`, { name: state.name, ...payload("input", raw) });
    this.#tell(state, way, { kind: "entered", type: state.type });
    const { output, next } = await this.#outcome(state, visit);
    way.last = history.add(way.last, `${state.type}StateExited`, { name: state.name, ...payload("output", output) });
    this.#tell(state, way, { kind: "exited", type: state.type, seconds: (clock.now() - entered) / 1000 });
    return { output, next };
  }

  /** What a state gives and where it leads, once its retriers and catchers have had what fails. */
  async #outcome(state: State, visit: Visit): Promise<{ output: Json; next: string | undefined }> {
    const attempts = new Map<Retrier, number>();
    for (;;) {
      try {
        return await this.#attempt(state, visit);
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
        if ("retriers" in state && (await this.#retries(state, visit, error, attempts))) continue;
        const caught = "catchers" in state ? this.#caught(state, visit, error) : undefined;
        if (caught) return caught;
        this.#tell(state, visit.way, { kind: "failed", error: error.error, cause: error.cause });
        throw error;
      }
    }
  }

  /** Waits for the next attempt, where a retrier has one left. */
  async #retries(
    state: FailingState,
    visit: Visit,
    error: StateError,
    attempts: Map<Retrier, number>,
  ): Promise<boolean> {
    const retrier = state.retriers.find(({ errorEquals }) => hasError(errorEquals, error));
    if (!retrier) return false;
    const attempt = (attempts.get(retrier) ?? 0) + 1;
    if (attempt > retrier.maxAttempts) return false;
    attempts.set(retrier, attempt);
    visit.retryCount++;
    const { clock, timeScale, random } = this.#surroundings;
    const delay = Math.min(
      retrier.intervalSeconds * retrier.backoffRate ** (attempt - 1),
      retrier.maxDelaySeconds ?? Infinity,
    );
    const waitSeconds = (retrier.jitter ? delay * random() : delay) * timeScale;
    const { error: name, cause } = error;
    this.#tell(state, visit.way, { kind: "retried", error: name, cause, attempt: visit.retryCount, waitSeconds });
    await clock.pause(waitSeconds * 1000, visit.way.signal);
    return true;
  }

  #caught(state: FailingState, { raw, way }: Visit, error: StateError): { output: Json; next: string } | undefined {
    const catcher = state.catchers.find(({ errorEquals }) => hasError(errorEquals, error));
    if (!catcher) return undefined;
    const { next, resultPath } = catcher;
    const { error: name, cause } = error;
    this.#tell(state, way, { kind: "caught", error: name, cause, next });
    const output = resultPath ? withResult(raw, resultPath, { Error: name, Cause: cause }) : raw;
    if (isTooLarge(output)) throw tooLarge(state.name);
    return { output, next };
  }

  async #attempt(state: State, visit: Visit): Promise<{ output: Json; next: string | undefined }> {
    if (state.type === "Fail") throw failureOf(state, this.#data(visit.raw, visit));
    const input = selected(state.inputPath, this.#data(visit.raw, visit), "InputPath");
    const data = this.#data(input, visit);
    let combined = input;
    let next = "next" in state ? state.next : undefined;
    switch (state.type) {
      case "Choice":
        next = chosen(state, data);
        break;
      case "Wait":
        await this.#wait(state, data, visit);
        break;
      case "Succeed":
        break;
      case "Pass": {
        const given = state.parameters ? state.parameters(data) : input;
        combined = combine(visit.raw, state.resultPath, state.result === undefined ? given : state.result);
        break;
      }
      case "Task":
      case "Map":
      case "Parallel": {
        const result = await this.#result(state, data, visit);
        const shown = state.resultSelector ? state.resultSelector(this.#data(result, visit)) : result;
        combined = combine(visit.raw, state.resultPath, shown);
      }
    }
    const output = selected(state.outputPath, this.#data(combined, visit), "OutputPath");
    if (isTooLarge(output)) throw tooLarge(state.name);
    return { output, next };
  }

  #result(state: FailingState, data: Data, visit: Visit): Promise<Json> {
    switch (state.type) {
      case "Task":
        return this.#task(state, data, visit);
      case "Map":
        return this.#map(state, data, visit);
      case "Parallel":
        return this.#parallel(state, data, visit);
    }
  }

  async #task(state: TaskState, data: Data, { way, retryCount }: Visit): Promise<Json> {
    const { integration, name } = state;
    const parameters = state.parameters ? state.parameters(data) : data.input;
    if (isTooLarge(parameters)) throw tooLarge(name);
    const timeoutSeconds = secondsOf(state.timeout, data, "TimeoutSecondsPath");
    const heartbeatSeconds = secondsOf(state.heartbeat, data, "HeartbeatSecondsPath");
    const history = new TaskHistory(integration.resource, this.#surroundings, way);
    history.scheduled(parameters, { timeoutSeconds, heartbeatSeconds });
    try {
      const submitted = (output: Json) => history.submitted(output);
      const { signal } = way;
      const result = await doTask(
        { integration, parameters, state: name, retryCount, timeoutSeconds, heartbeatSeconds, signal, submitted },
        this.#surroundings,
      );
      history.succeeded(result);
      return result;
    } catch (error) {
      if (error instanceof StateError) history.failed(error);
      throw error;
    }
  }

  async #map(state: MapState, data: Data, { way }: Visit): Promise<Json> {
    const { history } = this.#surroundings;
    const items = state.items ? required(state.items, data, "ItemsPath") : data.input;
    if (!Array.isArray(items)) {
      throw new StateError(
        reserved.runtime,
        `Reference path "${state.items?.text ?? "$"}" must point to array. Found: ${JSON.stringify(items)}`,
      );
    }
    const atATime = concurrencyOf(state, data) || mostAtATime;
    way.last = history.add(way.last, "MapStateStarted", { length: items.length });
    let done = 0;
    const results = await this.#each(
      state,
      "Map",
      way,
      items.length,
      Math.min(atATime, mostAtATime),
      async (index, inner) => {
        inner.context = { Map: { Item: { Index: index, Value: items[index] as Json } } };
        const context = { ...data.context, ...inner.context };
        const input = state.parameters ? state.parameters({ input: data.input, context }) : (items[index] as Json);
        const details = { name: state.name, index };
        inner.last = history.add(inner.last, "MapIterationStarted", details);
        try {
          const output = await this.#runStates(state.processor, input, inner);
          history.add(inner.last, "MapIterationSucceeded", details);
          this.#tell(state, way, { kind: "progress", done: ++done, total: items.length });
          return output;
        } catch (error) {
          if (error instanceof HistoryFullError) throw error;
          const type = error instanceof StateError ? "MapIterationFailed" : "MapIterationAborted";
          history.add(inner.last, type, details);
          throw error;
        }
      },
    );
    return results;
  }

  #parallel(state: ParallelState, data: Data, { way }: Visit): Promise<Json> {
    const { history } = this.#surroundings;
    const { branches } = state;
    const input = state.parameters ? state.parameters(data) : data.input;
    way.last = history.add(way.last, "ParallelStateStarted");
    return this.#each(state, "Parallel", way, branches.length, branches.length, async (index, inner) => {
      inner.context = way.context;
      return this.#runStates(branches[index] as States, input, inner);
    });
  }

  /** The iterations of a map or the branches of a Parallel state, each on a way of its own. */
  async #each(
    state: MapState | ParallelState,
    type: "Map" | "Parallel",
    way: Way,
    count: number,
    atATime: number,
    one: (index: number, way: Way) => Promise<Json>,
  ): Promise<Json> {
    const { history } = this.#surroundings;
    const started = way.last;
    try {
      const results = await together(count, atATime, way.signal, (index, signal) => {
        const within = [...way.within, { state: state.name, index }];
        return one(index, { last: started, within, context: way.context, signal });
      });
      if (isTooLarge(results)) throw tooLarge(state.name);
      way.last = history.add(started, `${type}StateSucceeded`);
      return results;
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      way.last = history.add(started, `${type}StateFailed`, { error: error.error, cause: error.cause });
      throw type === "Parallel" ? new StateError(error.error, error.cause, [reserved.branchFailed]) : error;
    }
  }

  async #wait(state: WaitState, data: Data, { way }: Visit): Promise<void> {
    const { clock, timeScale } = this.#surroundings;
    const seconds = secondsOf(state.seconds, data, "SecondsPath");
    const milliseconds = seconds === undefined ? untilOf(state, data) - clock.now() : seconds * 1000;
    await clock.pause(Math.max(0, milliseconds) * timeScale, way.signal);
  }

  #data(input: Json, { state, way, enteredTime, retryCount }: Visit): Data {
    const { context } = this.#surroundings;
    const ofState = { Name: state, EnteredTime: enteredTime, RetryCount: retryCount };
    return { input, context: { ...context, ...way.context, State: ofState } };
  }

  #tell({ name }: State, { within }: Way, happening: StateHappening): void {
    this.#surroundings.happened(name, within, happening);
  }
}
