import { fileURLToPath } from "node:url";
import { installedEnvironment, modelRequirements } from "../model/python.ts";

/** How the declared images run on this machine: from this project, with the Python that has the model's packages where it is made. */
export function imageRuntime(): { project: string; python?: string } {
  const project = fileURLToPath(new URL("..", import.meta.url));
  const python = installedEnvironment(modelRequirements, "model");
  return python === undefined ? { project } : { project, python };
}
