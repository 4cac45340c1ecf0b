import { Worker } from "node:worker_threads";
import type { Evaluation } from "@metercast/graph";
import type { Outcome } from "./evaluation-worker.ts";

/** The program could not be evaluated; the message names the resource and the cause. */
export class EvaluationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EvaluationError";
  }
}

/**
 * Evaluates the program in a thread of its own: Pulumi's SDK and providers take some 300 MB, which are given back with
 * the thread, and a command that only asks does not load them.
 *
 * @param file of the environment
 */
export function evaluateAside(file: string): Promise<Evaluation> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./evaluation-worker.ts", import.meta.url), { workerData: file });
    worker.once("message", (outcome: Outcome) => {
      if ("evaluation" in outcome) resolve(outcome.evaluation);
      else reject(new EvaluationError(outcome.message));
    });
    worker.once("error", reject);
  });
}
