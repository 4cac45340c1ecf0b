import { parentPort, workerData } from "node:worker_threads";
import { evaluate, GraphError, type Evaluation } from "@metercast/graph";

export type Outcome = { evaluation: Evaluation } | { message: string };

async function outcome(): Promise<Outcome> {
  try {
    return { evaluation: await evaluate(workerData as string) };
  } catch (error) {
    // other errors are faults of ours: they end the thread, and the command with their stack
    if (error instanceof GraphError) return { message: error.message };
    throw error;
  }
}

parentPort?.postMessage(await outcome());
