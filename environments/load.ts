import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";

import { checkCities } from "./city-checks.ts";
import { checkDashboard } from "./dashboard-checks.ts";
import { checkDatasets } from "./dataset-checks.ts";
import { readYaml } from "./document.ts";
import type { YamlFile } from "./document.ts";
import type { Environment } from "./environment.ts";
import type { Finding } from "./finding.ts";
import { checkFunctions } from "./function-checks.ts";
import { checkInference, checkSchedules } from "./inference-checks.ts";
import { toEnvironment } from "./model.ts";
import { nearest } from "./nearest.ts";
import { formatPath, isMap } from "./path.ts";
import { checkPipelines } from "./pipeline-checks.ts";
import { EnvironmentError } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { checkShape } from "./shape.ts";

function toProblem(finding: Finding, file: string, yaml: YamlFile): Problem {
  const { path, message, severity, atKey, inText } = finding;
  const position =
    inText === undefined
      ? yaml.position(path, atKey ? "key" : "value")
      : yaml.positionInText(path, inText.line, inText.column);
  return { file, ...position, path: formatPath(path), message, severity };
}

/**
 * Checks the text of an environment file, all of it at once.
 *
 * @param file what problems call the file, and from whose folder the paths in it are meant
 * @returns the environment when there are no errors, and every problem in the order of the file
 */
export function checkEnvironment(text: string, file: string): { environment?: Environment; problems: Problem[] } {
  const yaml = readYaml(text);
  const faults = yaml.faults.map(({ line, column, message }): Problem => {
    return { file, line, column, path: "", message, severity: "error" };
  });
  const { data } = yaml;
  if (data === undefined) return { problems: inOrder(faults) };
  if (!isMap(data)) {
    const found = data === null ? "the file is empty" : "the file is not a map of keys and values";
    const message = `${found}; an environment has name, region, meterTypes and cities`;
    return { problems: inOrder([...faults, toProblem({ path: [], message, severity: "error" }, file, yaml)]) };
  }

  const folder = dirname(resolve(file));
  const { file: valid, findings } = checkShape(data);
  const found = [
    ...findings,
    ...checkCities(data),
    ...checkPipelines(data),
    ...checkFunctions(data, folder),
    ...checkSchedules(data),
    ...checkInference(data, folder),
    ...checkDatasets(data, folder),
    ...checkDashboard(data),
  ];
  const problems = inOrder([...faults, ...found.map((finding) => toProblem(finding, file, yaml))]);
  const hasErrors = problems.some(({ severity }) => severity === "error");
  return valid === undefined || hasErrors ? { problems } : { environment: toEnvironment(valid, folder), problems };
}

/** In the order of the file; what a shared part (an alias) makes twice stands once. */
function inOrder(problems: Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .filter(({ line, column, message }) => {
      const key = `${line}:${column}:${message}`;
      return !seen.has(key) && Boolean(seen.add(key));
    });
}

/** The text of a file, or one sentence on why there is none. */
function readText(file: string): string {
  const refuse = (message: string) =>
    new EnvironmentError([{ file, line: 1, column: 1, path: "", message, severity: "error" }]);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw refuse(`there is no such file${neighbours(file)}`);
    if (code === "EISDIR") throw refuse("this is a folder; name an environment file in it");
    throw refuse(`cannot be read: ${message}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refuse("is not UTF-8 text; save the file as UTF-8");
  }
}

/** The environment files beside one that is not there. */
function neighbours(file: string): string {
  let names: string[];
  try {
    names = readdirSync(dirname(file)).filter((name) => /\.ya?ml$/.test(name));
  } catch {
    return `, nor the folder ${dirname(file)}`;
  }
  if (names.length === 0) return "; its folder has no YAML file";
  const meant = nearest(basename(file), names);
  return `; ${meant === undefined ? "" : `did you mean ${meant}? `}its folder has ${names.toSorted().join(", ")}`;
}

/**
 * Reads and checks an environment file.
 *
 * @throws EnvironmentError with every problem of the file, when one of them is an error.
 */
export function loadEnvironment(file: string): Environment {
  const { environment, problems } = checkEnvironment(readText(file), file);
  if (environment === undefined) throw new EnvironmentError(problems);
  return environment;
}
