import { machineCaller, type Permissions } from "../permissions/index.ts";
import type { Clock } from "./clock.ts";
import type { Integration, TaskContext } from "./integrations/integration.ts";
import { isObject, isTooLarge, payloadBytes, type Json } from "./json.ts";
import { reserved, StateError } from "./state-error.ts";

/** What a task needs of the execution that it belongs to. */
export interface TaskSurroundings {
  machine: TaskContext["machine"];
  execution: TaskContext["execution"];
  permissions: Permissions;
  clock: Clock;
  /** The share of a wait that is waited. */
  timeScale: number;
}

/** A task to do. */
export interface TaskRequest {
  integration: Integration;
  parameters: Json;
  state: string;
  retryCount: number;
  timeoutSeconds: number | undefined;
  heartbeatSeconds: number | undefined;
  /** Aborts when the execution, or the branch, is given up. */
  signal: AbortSignal;
  submitted: (output: Json) => void;
}

/**
 * Does a task, within its timeouts: they are not shortened, since what they bound takes its time here too.
 *
 * @throws StateError
 */
export async function doTask(request: TaskRequest, surroundings: TaskSurroundings): Promise<Json> {
  const { integration, parameters, state, retryCount, timeoutSeconds, heartbeatSeconds } = request;
  const { machine, execution, permissions, clock, timeScale } = surroundings;
  const settled = new AbortController();
  const late = new AbortController();
  const signal = AbortSignal.any([request.signal, late.signal]);
  const limit = (seconds: number | undefined, error: StateError, until: AbortSignal) => {
    if (seconds === undefined) return;
    clock.pause(seconds * 1000, until).then(
      () => late.abort(error),
      (reason: unknown) => {
        if (!until.aborted) late.abort(reason);
      },
    );
  };
  let beat = new AbortController();
  const listen = () => {
    beat.abort();
    beat = new AbortController();
    limit(heartbeatSeconds, silent, AbortSignal.any([beat.signal, settled.signal]));
  };
  const tooLate = new StateError(reserved.timeout, `Task timed out after ${timeoutSeconds} seconds`);
  const silent = new StateError(reserved.heartbeatTimeout, `No heartbeat for ${heartbeatSeconds} seconds`, [
    reserved.timeout,
  ]);
  const task: TaskContext = {
    machine,
    execution,
    state,
    retryCount,
    signal,
    authorize: (call, target, error) => {
      const refused = permissions.refusal(call, machineCaller(machine), target);
      if (refused) throw new StateError(error, refused.message);
    },
    pause: (seconds) => clock.pause(seconds * 1000 * timeScale, signal),
    submitted: request.submitted,
    heartbeat: listen,
  };
  const givenUp = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  try {
    signal.throwIfAborted();
    limit(timeoutSeconds, tooLate, settled.signal);
    listen();
    const result = await Promise.race([start(integration, parameters, task), givenUp]);
    if (isTooLarge(result)) throw tooLarge(integration.resource);
    return result;
  } finally {
    settled.abort();
  }
}

/** An integration may fail before it waits for anything. */
async function start(integration: Integration, parameters: Json, task: TaskContext): Promise<Json> {
  if (integration.takesInput) return integration.start({ input: parameters }, task);
  return integration.start(isObject(parameters) ? parameters : {}, task);
}

/** What fails where more than 256 KiB would pass. */
export function tooLarge(what: string): StateError {
  return new StateError(
    reserved.dataLimitExceeded,
    `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit (${payloadBytes}).`,
  );
}
