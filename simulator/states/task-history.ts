import { payload, type History } from "./history.ts";
import type { Json } from "./json.ts";
import { reserved, type StateError } from "./state-error.ts";

interface Limits {
  timeoutSeconds: number | undefined;
  heartbeatSeconds: number | undefined;
}

/** The events of a task: a service's operation and a function that is itself the Resource have names of their own. */
export class TaskHistory {
  readonly #history: History;
  readonly #region: string;
  readonly #way: { last: number };
  readonly #arn: string;
  /** undefined where the Resource is a function. */
  readonly #operation: { resourceType: string; resource: string } | undefined;

  constructor(arn: string, { history, region }: { history: History; region: string }, way: { last: number }) {
    this.#history = history;
    this.#region = region;
    this.#way = way;
    this.#arn = arn;
    const [, resourceType, resource] = /^arn:aws:states:::(.*):([^:]+)$/.exec(arn) ?? [];
    this.#operation = resourceType && resource ? { resourceType, resource } : undefined;
  }

  scheduled(parameters: Json, { timeoutSeconds, heartbeatSeconds }: Limits): void {
    const timeout: Record<string, Json> = timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds };
    const heartbeat: Record<string, Json> =
      heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: heartbeatSeconds };
    if (this.#operation) {
      const text = JSON.stringify(parameters);
      const details = { ...this.#operation, region: this.#region, parameters: text, ...timeout, ...heartbeat };
      this.#add("TaskScheduled", details);
      this.#add("TaskStarted", this.#operation);
    } else {
      this.#add("LambdaFunctionScheduled", { resource: this.#arn, ...payload("input", parameters), ...timeout });
      this.#add("LambdaFunctionStarted");
    }
  }

  submitted(output: Json): void {
    this.#add("TaskSubmitted", { ...this.#operation, ...payload("output", output) });
  }

  succeeded(result: Json): void {
    if (this.#operation) this.#add("TaskSucceeded", { ...this.#operation, ...payload("output", result) });
    else this.#add("LambdaFunctionSucceeded", payload("output", result));
  }

  failed({ error, cause, aliases }: StateError): void {
    const outcome = [error, ...aliases].includes(reserved.timeout) ? "TimedOut" : "Failed";
    if (this.#operation) this.#add(`Task${outcome}`, { ...this.#operation, error, cause });
    else this.#add(`LambdaFunction${outcome}`, { error, cause });
  }

  #add(type: string, details?: Record<string, Json>): void {
    this.#way.last = this.#history.add(this.#way.last, type, details);
  }
}
