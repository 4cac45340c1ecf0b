import type { Delta, Keep, Parameter, Reach, ScalarType, Trigger } from "../lambdas/datasets/dataset.ts";
import { parametersIn } from "../lambdas/datasets/render.ts";

/** The column types of the lake that datasets use, as Hive (Glue) writes them. */
export type ColumnType = "int" | "bigint" | "double" | "string" | "date" | "timestamp";

export interface DatasetColumn {
  name: string;
  type: ColumnType;
  /** For people who read the catalog. */
  comment?: string;
}

/** The columns of a table of the environment, by the parameter that lists them: which there are, its activities say. */
export interface ListedColumns {
  listedBy: string;
}

/** What a dataset's header says. */
export interface Header {
  name: string;
  what: string;
  parameters: Parameter[];
  trigger: Trigger;
  delta: Delta;
  reach: Reach;
  stored: "by day" | "whole" | "no";
  keep: Keep;
  deliver?: string;
  columns: (DatasetColumn | ListedColumns)[];
}

/** A header that says nothing that could be run: names file and line. */
export class HeaderError extends Error {
  constructor(file: string, line: number, message: string) {
    super(`${file}:${line}: ${message}`);
    this.name = "HeaderError";
  }
}

interface Entry {
  key: string;
  value: string;
  line: number;
}

const keys = ["name", "what", "parameters", "trigger", "delta", "reach", "stored", "keep", "deliver", "column"];
const needed = ["name", "what", "trigger", "delta", "column"];
const scalarTypes: readonly string[] = ["date", "timestamp", "integer", "double", "text", "boolean"];
const columnTypes: readonly string[] = ["int", "bigint", "double", "string", "date", "timestamp"];

/**
 * The header of a dataset's file: the lines `-- key: value` that it begins with. A line with more than one space behind the
 * dashes goes on with the value before it; a line of dashes alone ends the header, and what follows is comment.
 *
 * @throws HeaderError
 */
export function parseHeader(sql: string, file: string): Header {
  const entries = entriesOf(sql, file);
  const fail = (line: number, message: string): never => {
    throw new HeaderError(file, line, message);
  };
  const last = entries.at(-1)?.line ?? 1;
  for (const key of needed) {
    if (!entries.some((entry) => entry.key === key)) fail(last, `the header has no "${key}"`);
  }
  const one = (key: string): Entry | undefined => {
    const [first, second] = entries.filter((entry) => entry.key === key);
    if (second !== undefined) fail(second.line, `"${key}" stands twice`);
    return first;
  };
  const read = <T>(key: string, parse: (value: string) => T | undefined, allowed: string, otherwise: T): T => {
    const entry = one(key);
    if (entry === undefined) return otherwise;
    return parse(entry.value) ?? fail(entry.line, `"${key}" must be ${allowed}, not "${entry.value}"`);
  };
  const matching = (pattern: RegExp) => (value: string) => (pattern.test(value) ? value : undefined);

  const parameters = read(
    "parameters",
    parseParameters,
    "a list such as: from date, city text, sites rows(text, integer)",
    [],
  );
  const deliver = read("deliver", (value): string | undefined => value, "a key template", undefined);
  const header: Header = {
    name: read("name", matching(/^[a-z][a-z0-9_]*$/), "lower-case letters, digits and _", ""),
    what: read("what", (value) => value, "a sentence", ""),
    parameters,
    trigger: read("trigger", parseTrigger, "arrivals, predictions, run, forecast, demand or a dataset's name", {
      on: "run",
    }),
    delta: read("delta", parseDelta, "touched days, a number of days such as 2 days, run or all", { of: "run" }),
    reach: read("reach", parseReach, "such as: 1 before, 13 after", { before: 0, after: 0 }),
    stored: read(
      "stored",
      (value) => (["by day", "whole", "no"] as const).find((kind) => kind === value),
      "by day, whole or no",
      "no",
    ),
    keep: read("keep", parseKeep, "such as: 7 days, or: 7 days, 3 versions", { days: 7 }),
    ...(deliver === undefined ? {} : { deliver }),
    columns: entries
      .filter(({ key }) => key === "column")
      .map(
        ({ value, line }) =>
          parseColumn(value) ??
          fail(
            line,
            `"column" must be such as: rows bigint, what it counts; its type one of ${columnTypes.join(", ")}`,
          ),
      ),
  };
  const line = one("parameters")?.line ?? last;
  const [used, declared] = [parametersIn(sql), parameters.map(({ name }) => name)];
  for (const name of used) if (!declared.includes(name)) fail(line, `the SQL names :${name}, which "parameters" lacks`);
  for (const name of declared) if (!used.includes(name)) fail(line, `the SQL does not name the parameter :${name}`);
  if (header.stored === "by day" && deliver !== undefined) {
    fail(
      one("deliver")?.line ?? last,
      "a dataset that is stored by day is not delivered: deliver one that selects from it",
    );
  }
  return header;
}

function entriesOf(sql: string, file: string): Entry[] {
  const entries: Entry[] = [];
  for (const [index, text] of sql.split("\n").entries()) {
    const comment = /^--(.*)$/.exec(text.trimEnd())?.[1];
    if (comment === undefined || comment === "") break;
    const line = index + 1;
    const last = entries.at(-1);
    const entry = /^ (?<key>[a-z]+): (?<value>.+)$/.exec(comment)?.groups;
    if (entry !== undefined) {
      const { key = "", value = "" } = entry;
      if (!keys.includes(key)) throw new HeaderError(file, line, `there is no "${key}"; there are ${keys.join(", ")}`);
      entries.push({ key, value: value.trim(), line });
    } else if (last !== undefined && /^ {2,}\S/.test(comment)) {
      last.value += ` ${comment.trim()}`;
    } else {
      throw new HeaderError(
        file,
        line,
        'a line of the header is "-- key: value", or goes on with the one before after more than one space',
      );
    }
  }
  return entries;
}

function parseParameters(text: string): Parameter[] | undefined {
  const parameters: Parameter[] = [];
  for (const part of text.split(/,(?![^(]*\))/)) {
    const {
      name,
      type = "",
      fields,
    } = /^(?<name>[a-z][a-z0-9_]*) (?<type>[a-z]+)(?:\((?<fields>[^)]*)\))?$/.exec(part.trim())?.groups ?? {};
    if (name === undefined || parameters.some((parameter) => parameter.name === name)) return undefined;
    const types = fields?.split(",").map((field) => field.trim()) ?? [];
    if (type === "rows" && types.length > 0 && types.every(isScalarType))
      parameters.push({ name, type: { rows: types } });
    else if (fields === undefined && (type === "columns" || isScalarType(type))) parameters.push({ name, type });
    else return undefined;
  }
  return parameters;
}

function isScalarType(text: string): text is ScalarType {
  return scalarTypes.includes(text);
}

function parseTrigger(text: string): Trigger | undefined {
  switch (text) {
    case "arrivals":
    case "predictions":
    case "run":
    case "forecast":
    case "demand":
      return { on: text };
    default:
      return /^[a-z][a-z0-9_]*$/.test(text) ? { on: "dataset", name: text } : undefined;
  }
}

function parseDelta(text: string): Delta | undefined {
  if (text === "touched days" || text === "run" || text === "all") return { of: text };
  const days = /^(\d+) days?$/.exec(text)?.[1];
  return days === undefined ? undefined : { of: "days", days: Number(days) };
}

function parseReach(text: string): Reach | undefined {
  const found = /^(?<before>\d+) before, (?<after>\d+) after$/.exec(text)?.groups;
  return found && { before: Number(found["before"]), after: Number(found["after"]) };
}

function parseKeep(text: string): Keep | undefined {
  const found = /^(?<days>\d+) days?(?:, (?<versions>\d+) versions?)?$/.exec(text)?.groups;
  if (found === undefined) return undefined;
  const { days, versions } = found;
  return { days: Number(days), ...(versions === undefined ? {} : { versions: Number(versions) }) };
}

function parseColumn(text: string): DatasetColumn | ListedColumns | undefined {
  const listedBy = /^:(\w+)$/.exec(text)?.[1];
  if (listedBy !== undefined) return { listedBy };
  const {
    name = "",
    type = "",
    comment,
  } = /^(?<name>[a-z][a-z0-9_]*) (?<type>[a-z]+)(?:, (?<comment>.+))?$/.exec(text)?.groups ?? {};
  if (!columnTypes.includes(type)) return undefined;
  return { name, type: type as ColumnType, ...(comment === undefined ? {} : { comment }) };
}
