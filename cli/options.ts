import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InvalidArgumentError, Option } from "commander";
import { environmentFile, loadEnvironment } from "../environments/index.ts";

/** Wrong usage that commander cannot see; the exit code is 2. */
export class UsageError extends Error {}

const projectFolder = fileURLToPath(new URL("..", import.meta.url));

/** The data folder of an environment where none is named. */
export function defaultDataFolder(environment: string): string {
  return join(projectFolder, ".metercast", environment);
}

/** The folder that is named, or else that of an environment: by its name, or by the name that its file gives it. */
export function dataFolderOf({ data, environment }: { data?: string; environment: string }): string {
  if (data !== undefined) return data;
  const isName = /^[A-Za-z0-9-]+$/.test(environment);
  return defaultDataFolder(isName ? environment : loadEnvironment(environmentFile(environment)).name);
}

/**
 * A path as the person typed it: npm runs a script in the project's folder, whatever folder they are in.
 *
 * @throws UsageError for an empty text, which would be the folder they are in
 */
export function pathOf(typed: string): string {
  if (typed === "") throw new UsageError("A path is empty: name a file or a folder.");
  const from = process.env["npm_lifecycle_event"] === "start" ? process.env["INIT_CWD"] : undefined;
  return resolve(from ?? process.cwd(), typed);
}

export function dataOption(): Option {
  return new Option("--data <dir>", "data folder (default: .metercast/<environment>)").argParser(pathOf);
}

/** The environment where none is named. */
export const defaultEnvironment = "dev";

export function environmentOption(): Option {
  return new Option("-e, --environment <name>", "environment, of environments/<name>.yaml").default(defaultEnvironment);
}

export function jsonOption(description = "JSON on standard output, for programs"): Option {
  return new Option("--json", description).default(false);
}

export function pipelineOption(): Option {
  return new Option("--pipeline <name>", "the pipeline").choices(["readings", "weather"]);
}

/** @throws InvalidArgumentError, which commander shows as wrong usage */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} is allowed.`);
  };
}

/** Epoch milliseconds of an ISO 8601 stamp with its zone. */
export function instant(text: string): number {
  const value = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : NaN;
  if (!Number.isNaN(value)) return value;
  throw new InvalidArgumentError("An ISO 8601 stamp with its zone is allowed, such as 2018-12-03T00:00Z.");
}

/** The bytes of an argument: its text, or with a leading `@` the content of the file that it names. */
export function bytesOf(argument: string): Uint8Array {
  if (!argument.startsWith("@")) return Buffer.from(argument, "utf8");
  const file = pathOf(argument.slice(1));
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
