import type { Clock } from "../states/index.ts";
import type { FunctionOutcome } from "./invocations.ts";

export interface AsynchronousOptions {
  /** Runs a function. @param arn Of a declared function, without a version. */
  invoke: (arn: string, event: unknown) => Promise<FunctionOutcome>;
  clock: Clock;
  /** The share of the wait between two attempts that is waited. */
  timeScale: number;
  warn: (sentence: string) => void;
  /** Called when an invocation fails for a reason that is not the function's. */
  onFailure: (error: Error) => void;
}

/** Seconds before each retry (Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation"). */
const retrySeconds = [60, 120];

/**
 * Events that functions get asynchronously: who sends one hears that it was taken, and no more. A function that fails gets
 * its event twice more; then it is given up, which is told, since on AWS a metric would tell.
 */
export class AsynchronousInvocations {
  readonly #options: AsynchronousOptions;
  readonly #closed = new AbortController();
  readonly #events = new Set<Promise<void>>();

  constructor(options: AsynchronousOptions) {
    this.#options = options;
  }

  /** Takes an event. @param arn Of a declared function, without a version. */
  take(arn: string, event: unknown): void {
    const handled = this.#handle(arn, event).catch((error: unknown) => {
      if (error !== this.#closed.signal.reason) this.#options.onFailure(error as Error);
    });
    this.#events.add(handled);
    void handled.finally(() => this.#events.delete(handled));
  }

  /** Begins nothing any more; resolves when what runs has ended. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.allSettled(this.#events);
  }

  async #handle(arn: string, event: unknown): Promise<void> {
    const { invoke, clock, timeScale, warn } = this.#options;
    for (let attempt = 0; ; attempt++) {
      const outcome = await invoke(arn, event);
      if ("text" in outcome || this.#closed.signal.aborted) return;
      const seconds = retrySeconds[attempt];
      if (seconds === undefined) {
        const { errorType, errorMessage } = outcome.failure;
        const name = arn.slice(arn.lastIndexOf(":") + 1);
        warn(
          `The function ${name} failed ${attempt + 1} times on its event, which is given up: ${errorType}: ${errorMessage}`,
        );
        return;
      }
      await clock.pause(seconds * 1000 * timeScale, this.#closed.signal);
    }
  }
}
