import { checkEnvironment } from "../index.ts";
import type { Environment, Problem } from "../index.ts";

/** A small environment that is right in every respect; a test changes one thing of it. */
export const right = `name: test
region: us-east-1
meterTypes:
  - type: electricity
    unit: kWh
  - type: steam
    unit: kWh
cities:
  - siteId: 0
    name: Jacksonville
    country: US
    latitude: 30.33
    longitude: -81.66
    timeZone: America/New_York
  - siteId: 12
    name: Dublin
    country: IE
    latitude: 53.35
    longitude: -6.26
    timeZone: Europe/Dublin
`;

/** `text` with its one occurrence of `old` replaced. */
export function changed(text: string, old: string, by: string): string {
  if (text.split(old).length !== 2) throw new Error(`"${old}" must stand once in the text`);
  return text.replace(old, () => by);
}

/** The environment of a text that must be right. */
export function environmentOf(text: string): Environment {
  const { environment, problems } = checkEnvironment(text, "test.yaml");
  if (environment === undefined) throw new Error(JSON.stringify(problems, null, 2));
  return environment;
}

/** The problems of a text as `line:column path: message`, warnings marked. */
export function problemsOf(text: string): string[] {
  return checkEnvironment(text, "test.yaml").problems.map(written);
}

function written({ line, column, path, message, severity }: Problem): string {
  return `${line}:${column} ${severity === "warning" ? "warning " : ""}${path}: ${message}`;
}

/**
 * The one problem of a text in which `▸` marks where it must be shown: path and message.
 * Throws when there is none, another one besides, or one elsewhere.
 */
export function problemAtMark(marked: string): { path: string; message: string; severity: string } {
  const before = marked.split("▸")[0]?.split("\n") ?? [];
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  const { problems } = checkEnvironment(marked.replace("▸", ""), "test.yaml");
  const [problem, ...others] = problems;
  if (problem === undefined || others.length > 0 || problem.line !== line || problem.column !== column) {
    throw new Error(`expected one problem at ${line}:${column}, got:\n${problems.map(written).join("\n")}`);
  }
  return { path: problem.path, message: problem.message, severity: problem.severity };
}
