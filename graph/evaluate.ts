import { environmentFile, loadEnvironment, type Environment } from "../environments/index.ts";
import { evaluateProgram } from "./evaluate-program.ts";
import type { Evaluation } from "./graph.ts";

/**
 * Evaluates the program for an environment: its model, a name such as "dev" (environments/dev.yaml of this project) or the
 * path of a file. Waits for every resource, those made inside `apply` too. Throws UnknownEnvironmentError for a name or path
 * that leads to no file, EnvironmentError for a file that is not valid and GraphError for a program that fails. Evaluations of
 * one process run one after another.
 */
export async function evaluate(environment: Environment | string): Promise<Evaluation> {
  const loaded = typeof environment === "string" ? loadEnvironment(environmentFile(environment)) : environment;
  const { program } = await import("../infra/program.ts");
  return evaluateProgram(() => program(loaded), { stack: loaded.name, region: loaded.region });
}
