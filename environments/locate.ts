import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { didYouMean } from "./nearest.ts";

const folder = new URL("./", import.meta.url);

/** There is no such environment; the message says which there are. */
export class UnknownEnvironmentError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnknownEnvironmentError";
  }
}

/**
 * The file of an environment: a name such as "dev" is environments/dev.yaml of this project, anything else a path.
 *
 * @throws UnknownEnvironmentError
 */
export function environmentFile(nameOrPath: string): string {
  if (!/^[A-Za-z0-9-]+$/.test(nameOrPath)) {
    if (existsSync(nameOrPath)) return nameOrPath;
    throw new UnknownEnvironmentError(`There is no environment file "${nameOrPath}".`);
  }
  const file = fileURLToPath(new URL(`${nameOrPath}.yaml`, folder));
  if (existsSync(file)) return file;
  const names = readdirSync(folder)
    .filter((entry) => entry.endsWith(".yaml"))
    .map((entry) => entry.slice(0, -".yaml".length));
  throw new UnknownEnvironmentError(
    `There is no environment "${nameOrPath}" in environments/${didYouMean(nameOrPath, names) || "."} ` +
      `There are: ${names.join(", ")}. A path needs a "/" or ".yaml".`,
  );
}
