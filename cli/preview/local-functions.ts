import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import type { ActivityFunctionPlan } from "../../components/ingestion/pipeline-activities.ts";
import { bundleActivity } from "../../environments/index.ts";
import { functionTimeoutSeconds } from "../../lambdas/transform/config.ts";
import { FunctionFailure, type Invoke } from "../../lambdas/transform/functions.ts";
import type { Outcome } from "./function-thread.ts";

/** The functions of a pipeline's lambda activities, as their modules are now, each invocation in a thread that ends. */
export class LocalFunctions {
  readonly #plans: ActivityFunctionPlan[];
  readonly #print: (line: string) => void;
  readonly #folder = mkdtempSync(join(tmpdir(), "metercast-preview-"));

  /** @param print gets each line that a function prints */
  constructor(plans: ActivityFunctionPlan[], print: (line: string) => void) {
    this.#plans = plans;
    this.#print = print;
  }

  readonly invoke: Invoke = async (functionName, event) => {
    const plan = this.#plans.find((one) => one.functionName === functionName);
    if (plan === undefined) throw new Error(`there is no function ${functionName}`);
    const file = join(this.#folder, `${plan.part}.mjs`);
    writeFileSync(file, bundleActivity(plan.code));
    const worker = new Worker(new URL("./function-thread.ts", import.meta.url), {
      workerData: { file, event },
      stdout: true,
      stderr: true,
    });
    for (const printed of [worker.stdout, worker.stderr]) createInterface(printed).on("line", this.#print);
    const outcome = await outcomeOf(worker);
    await worker.terminate();
    if ("error" in outcome) throw new FunctionFailure(`${functionName} failed: ${outcome.error}`);
    return JSON.parse(outcome.result) as unknown;
  };

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

function outcomeOf(worker: Worker): Promise<Outcome> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve({ error: `Task timed out after ${functionTimeoutSeconds}.00 seconds` }),
      functionTimeoutSeconds * 1000,
    );
    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    worker.once("message", end);
    worker.once("error", (error: Error) => end({ error: error.message }));
    worker.once("exit", () => end({ error: "it ended its process" }));
  });
}
