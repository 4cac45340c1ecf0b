import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadEnvironment, type Environment } from "../environments/index.ts";
import { didYouMean } from "../environments/nearest.ts";
import { evaluateProgram } from "./evaluate-program.ts";
import { GraphError } from "./graph-error.ts";
import type { Evaluation } from "./graph.ts";

const environmentsFolder = new URL("../environments/", import.meta.url);

/**
 * Evaluates the program for an environment: its model, a name such as "dev" (environments/dev.yaml of this project) or the
 * path of a file. Waits for every resource, those made inside `apply` too. Throws EnvironmentError for a file that is not
 * valid and GraphError for a program that fails. Evaluations of one process run one after another.
 */
export async function evaluate(environment: Environment | string): Promise<Evaluation> {
  const loaded = typeof environment === "string" ? loadEnvironment(environmentFile(environment)) : environment;
  const { program } = await import("../infra/program.ts");
  return evaluateProgram(() => program(loaded), { stack: loaded.name, region: loaded.region });
}

function environmentFile(name: string): string {
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    if (existsSync(name)) return name;
    throw new GraphError(`there is no environment file ${name}`);
  }
  const file = fileURLToPath(new URL(`${name}.yaml`, environmentsFolder));
  if (existsSync(file)) return file;
  const names = readdirSync(environmentsFolder)
    .filter((entry) => entry.endsWith(".yaml"))
    .map((entry) => entry.slice(0, -".yaml".length));
  throw new GraphError(
    `there is no environment "${name}" in environments/${didYouMean(name, names)} (there are: ${names.join(", ")}; a path needs a "/" or ".yaml")`,
  );
}
