import { z } from "zod";

import { activityKinds, availableActivities } from "./activities.ts";
import { dashboardSection } from "./dashboard.ts";
import type { Finding } from "./finding.ts";
import { inferenceSection } from "./inference.ts";
import { environmentFile } from "./model.ts";
import { didYouMean, nearest } from "./nearest.ts";
import { formatPath, isMap, valueAt } from "./path.ts";
import type { Path } from "./path.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;
type Issue = z.core.$ZodIssue;

const schemas = new Map<z.ZodType, JsonSchema>();

/** The JSON schema of a part, the same that an editor sees: what is allowed is read from it. */
function jsonSchemaOf(type: z.ZodType): JsonSchema {
  const known = schemas.get(type);
  if (known !== undefined) return known;
  const made = z.toJSONSchema(type, { io: "input" });
  schemas.set(type, made);
  return made;
}

function schemaAt(type: z.ZodType, path: Path): JsonSchema {
  let schema: JsonSchema = jsonSchemaOf(type);
  for (const step of path) {
    const next = typeof step === "number" ? schema.items : (schema.properties?.[step] ?? schema.additionalProperties);
    if (typeof next !== "object" || Array.isArray(next)) return {};
    schema = next;
  }
  return schema;
}

/** A value as a sentence names it: `the number 5`, `a list`. */
function named(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (isMap(value)) return "a map";
  if (typeof value === "string") return `the text ${shortened(value)}`;
  if (typeof value === "boolean") return `${value} (true or false)`;
  return `the number ${value as number}`;
}

function shortened(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}

const kinds: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

/** What a place of the file takes: its kind, or the names to choose from. */
function allowed(schema: JsonSchema): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(", ")}`;
  const kind = schema.type === "integer" ? "int" : String(schema.type);
  const { minimum, maximum } = schema;
  const isBounded = minimum !== undefined && maximum !== undefined && Math.abs(minimum) < Number.MAX_SAFE_INTEGER;
  return `${kinds[kind] ?? "another value"}${isBounded ? ` from ${minimum} to ${maximum}` : ""}`;
}

function forInstance({ examples }: JsonSchema): string {
  const example: unknown = examples?.[0];
  return example === undefined ? "" : `, such as ${example as string | number}`;
}

function wrongType(schema: JsonSchema, value: unknown): string {
  const quote = schema.type === "string" && (typeof value === "number" || typeof value === "boolean");
  return `must be ${allowed(schema)}, not ${named(value)}${quote ? "; write it in quotes" : ""}`;
}

function nearestNumber(value: number, candidates: readonly unknown[]): string {
  const numbers = candidates.filter((candidate) => typeof candidate === "number");
  const [first] = numbers.sort((a, b) => Math.abs(a - value) - Math.abs(b - value));
  return first === undefined ? "" : `; the nearest is ${first}`;
}

function unknownKey(schema: JsonSchema, key: string): string {
  const keys = Object.keys(schema.properties ?? {});
  return `there is no such key${didYouMean(key, keys)}; allowed here: ${keys.join(", ")}`;
}

function outOfRange(
  issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall,
  schema: JsonSchema,
  value: unknown,
): string {
  const limit = issue.code === "too_big" ? issue.maximum : issue.minimum;
  const bound = issue.code === "too_big" ? "at most" : "at least";
  if (typeof value === "string") {
    if (value === "") return "must not be empty";
    return `must be ${bound} ${limit} characters, and ${shortened(value)} has ${value.length}`;
  }
  if (Array.isArray(value)) return `must have ${bound} ${limit} ${Number(limit) === 1 ? "entry" : "entries"}`;
  return `must be ${allowed(schema)}, not ${String(value)}`;
}

/** One zod issue as findings; zod's own sentences stay where they are ours (patterns and refinements). */
function findingsOf(issue: Issue, type: z.ZodType, root: unknown): Finding[] {
  const path = issue.path as Path;
  const schema = schemaAt(type, path);
  const value = valueAt(root, path);
  const error = (message: string, at: Path = path, atKey?: true): Finding => ({
    ...{ path: at, message, severity: "error" },
    ...(atKey && { atKey }),
  });

  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => error(unknownKey(schema, key), [...path, key], true));
    case "invalid_type":
    case "invalid_value": {
      if (value === undefined) return [error(`is missing: ${allowed(schema)}${forInstance(schema)}`)];
      const choices = schema.enum;
      if (choices === undefined || (typeof value !== "string" && typeof value !== "number")) {
        return [error(wrongType(schema, value))];
      }
      const hint = typeof value === "number" ? nearestNumber(value, choices) : didYouMean(value, choices.map(String));
      return [error(`must be ${allowed(schema)}, not ${typeof value === "string" ? shortened(value) : value}${hint}`)];
    }
    case "too_big":
    case "too_small":
      return [error(outOfRange(issue, schema, value))];
    case "invalid_key":
      return [error(issue.issues[0]?.message ?? "is not a valid key", path, true)];
    default:
      return [error(issue.message)];
  }
}

/** What is wrong with an entry of `activities`, by the one kind that it is meant to be. */
function activityFindings(entry: unknown, path: Path): Finding[] {
  const choose = `an activity is one of ${availableActivities.join(", ")}`;
  if (!isMap(entry)) {
    return [{ path, message: `must be a map, not ${named(entry)}: ${choose}`, severity: "error" }];
  }
  const written = Object.keys(entry).filter((key) => Object.hasOwn(activityKinds, key));
  const [kind] = written;
  if (kind === undefined) {
    const typo = Object.keys(entry).find((key) => nearest(key, availableActivities) !== undefined);
    if (typo === undefined) return [{ path, message: `says no kind of activity: ${choose}`, severity: "error" }];
    const message = `there is no such activity${didYouMean(typo, availableActivities)}; ${choose}`;
    return [{ path: [...path, typo], message, severity: "error", atKey: true }];
  }
  if (written.length > 1) {
    const message = `is ${written.join(" and ")} in one; make each an entry of its own`;
    return [{ path, message, severity: "error" }];
  }
  const known = activityKinds[kind];
  if (known === undefined || "instead" in known) {
    return [{ path: [...path, kind], message: known?.instead ?? choose, severity: "error", atKey: true }];
  }
  return findingsWithin(known.schema, entry, path);
}

/** What is wrong with a part by one of the models that it may have. */
function findingsWithin(type: z.ZodType, part: unknown, path: Path): Finding[] {
  return (type.safeParse(part).error?.issues ?? []).flatMap((issue) =>
    findingsOf(issue, type, part).map((finding) => ({ ...finding, path: [...path, ...finding.path] })),
  );
}

/** The sections that are either none or a map, with some of its keys. */
const optionalSections: Readonly<Record<string, { type: z.ZodType; keys: string }>> = {
  inference: { type: inferenceSection, keys: "schedule, engine" },
  dashboard: { type: dashboardSection, keys: "authors, viewers" },
};

/** What is wrong with a section that is either none or a map. */
function sectionFindings(name: string, { type, keys }: { type: z.ZodType; keys: string }, section: unknown): Finding[] {
  const path = [name];
  if (isMap(section)) return findingsWithin(type, section, path);
  const hint = typeof section === "string" ? didYouMean(section, ["none"]) : "";
  const message = `must be a map of ${keys} and the like, or none, not ${named(section)}${hint}`;
  return [{ path, message, severity: "error" }];
}

/** The path of the activity that a path leads into; undefined when it leads into none. */
function activityOf(path: Path): Path | undefined {
  const index = path.indexOf("activities");
  return index !== -1 && typeof path[index + 1] === "number" ? path.slice(0, index + 2) : undefined;
}

/** Checks each part of a document's plain data against the model; the file when all of it fits. */
export function checkShape(data: unknown): { file?: z.output<typeof environmentFile>; findings: Finding[] } {
  const result = environmentFile.safeParse(data);
  if (result.success) return { file: result.data, findings: [] };
  // A union's issues tell of every kind that an activity is not; ours come from the one that it is meant to be.
  const activities = new Map<string, Path>();
  const findings: Finding[] = [];
  for (const issue of result.error.issues) {
    const activity = activityOf(issue.path as Path);
    const name = String(issue.path[0]);
    const section = optionalSections[name];
    if (section !== undefined) findings.push(...sectionFindings(name, section, valueAt(data, [name])));
    else if (activity === undefined) findings.push(...findingsOf(issue, environmentFile, data));
    else activities.set(formatPath(activity), activity);
  }
  for (const path of activities.values()) findings.push(...activityFindings(valueAt(data, path), path));
  return { findings };
}
