import type { Call } from "../../permissions/calls.ts";
import type { Json, JsonObject } from "../json.ts";

/** What a Task calls: one operation of one service, in one of Step Functions' ways (request and response, `.sync`). */
export interface Integration {
  /** As a Task's Resource names it: "arn:aws:states:::athena:startQueryExecution.sync". */
  readonly resource: string;
  /**
   * The names that its Parameters may have, as they stand in the API reference of the service (without `.$`); a
   * definition with another is refused before anything runs, as AWS refuses it.
   */
  readonly parameters: readonly string[];
  /** Those of them without which AWS refuses a definition. */
  readonly required?: readonly string[];
  /** A function that is itself a task's Resource: it gets the task's input, of any shape, as the parameter `input`. */
  readonly takesInput?: true;
  /**
   * Does what a Task asks for, and gives what Step Functions gives as the task's result. When the task's signal aborts
   * (a timeout, a stopped execution), it ends what it began, as `.sync` stops a query or a job; what it gives then is
   * not looked at.
   *
   * @throws StateError with the name by which AWS knows the error: "Athena.InvalidRequestException", "States.TaskFailed"
   */
  start(parameters: JsonObject, task: TaskContext): Promise<Json>;
}

/** What an integration knows of the task that it does, and what it asks of the interpreter. */
export interface TaskContext {
  readonly machine: { readonly name: string; readonly arn: string; readonly roleArn: string };
  readonly execution: { readonly name: string; readonly arn: string };
  /** The state's name. */
  readonly state: string;
  /** 0 at first, 1 at the first retry: `$$.State.RetryCount`. */
  readonly retryCount: number;
  /** Aborts when the task has timed out or the execution was stopped. */
  readonly signal: AbortSignal;
  /**
   * Asks the machine's role.
   *
   * @param error Name of the error with which the service refuses: "Lambda.AWSLambdaException".
   * @throws StateError naming role, action and resource where it does not allow all that the call needs
   */
  authorize<Target>(call: Call<Target>, target: Target, error: string): void;
  /** Waits between two looks at what goes on, shortened as every wait of the machine is. */
  pause(seconds: number): Promise<void>;
  /** Tells that the service has taken the job, with its answer: `.sync` integrations do, once. */
  submitted(output: Json): void;
  /** Tells that the task is alive, where HeartbeatSeconds asks for it. */
  heartbeat(): void;
}
