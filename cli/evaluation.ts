import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Evaluation } from "@metercast/graph";
import type { Outcome } from "./evaluation-process.ts";

/** The program could not be evaluated; the message names the resource and the cause. */
export class EvaluationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EvaluationError";
  }
}

/**
 * Evaluates the program in a process of its own: Pulumi's SDK and provider take some 300 MB, which go with it, and a
 * command that only asks does not load them.
 *
 * @param file of the environment
 */
export function evaluateAside(file: string): Promise<Evaluation> {
  return new Promise((resolve, reject) => {
    const program = fileURLToPath(new URL("./evaluation-process.ts", import.meta.url));
    const child = fork(program, [file], { serialization: "advanced", execArgv: [] });
    let outcome: Outcome | undefined;
    child.once("message", (message) => (outcome = message as Outcome));
    child.once("error", reject);
    child.once("close", (code) => {
      if (outcome === undefined) reject(new EvaluationError(`The evaluation of ${file} ended with code ${code}.`));
      else if ("evaluation" in outcome) resolve(outcome.evaluation);
      else reject(new EvaluationError(outcome.message));
    });
  });
}
