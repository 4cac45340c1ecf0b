import { DataFolder, atEndpoint } from "@metercast/simulator";
import { imageRuntime } from "../images.ts";
import { ExecutionError } from "./execution-error.ts";

/** The state machines of an environment, by what they do. */
export type MachineName = "inference" | "datasets";

/** Where the state machines of a data folder are asked. */
export interface Machines {
  http: string;
  /** ARN of a state machine. @throws ExecutionError where the environment declares none */
  arn: (machine: MachineName) => string;
}

/**
 * Works with the state machines of a data folder: those of the simulator that runs on it, or where none runs, those of
 * one that is started for the time.
 *
 * @throws DataFolderError, ExecutionError
 */
export async function withMachines<Result>(
  data: string,
  warn: (sentence: string) => void,
  work: (machines: Machines) => Promise<Result>,
): Promise<Result> {
  const folder = DataFolder.open(data, { create: false });
  return atEndpoint(folder, { ...imageRuntime(), warn }, (http, graph) =>
    work({ http, arn: (machine) => arnOf(graph.outputs, machine) }),
  );
}

/** By the stack's outputs. */
export function arnOf(outputs: Record<string, unknown>, machine: MachineName): string {
  const { runs } = outputs as { runs?: Partial<Record<MachineName, { arn: string } | null>> | null };
  const arn = runs?.[machine]?.arn;
  if (arn !== undefined) return arn;
  throw new ExecutionError(
    machine === "inference"
      ? "This environment makes no predictions: give its file an `inference` section, and start it again (`npm start`)."
      : "This environment makes no datasets: give its file `datasets` or an `inference` section, and start it again (`npm start`).",
  );
}
