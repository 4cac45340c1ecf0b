import { evaluate, GraphError, type Evaluation } from "@metercast/graph";

export type Outcome = { evaluation: Evaluation } | { message: string };

async function outcome(file: string): Promise<Outcome> {
  try {
    return { evaluation: await evaluate(file) };
  } catch (error) {
    // other errors are faults of ours: they end the process with their stack
    if (error instanceof GraphError) return { message: error.message };
    throw error;
  }
}

process.send?.(await outcome(String(process.argv[2])), () => process.disconnect());
