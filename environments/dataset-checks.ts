import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { checkUnique } from "./city-checks.ts";
import type { Finding } from "./finding.ts";
import { didYouMean } from "./nearest.ts";
import { isMap, places, texts, valueAt } from "./path.ts";
import type { Path } from "./path.ts";
import { scanSql } from "./sql-scan.ts";

const error = (path: Path, message: string): Finding => ({ path, message, severity: "error" });

/** Names that the project's own tables and datasets have: one of the team's would take their place. */
export const takenNames: readonly string[] = [
  ...["readings_landing", "weather_landing", "left_out_landing", "delivery_failures", "buildings", "predictions"],
  ...["readings", "weather", "left_out", "accounting", "overview"],
  ...["arrivals", "readings_by_day", "weather_by_day", "readings_cleaned", "use_by_hour", "use_by_day"],
  ...["latest_hours", "feature_readings", "feature_weather", "predictions_vs_readings", "errors_by_day", "monitor"],
  "predictions_overview",
];

/** What a dataset's SQL may name with a colon. */
const parameters = ["from", "to"];

/** What a delivery's key may have filled in. */
const variables = ["scheduleTime", "versionId"];

/** Where deliveries lie: no folder of the lake's own. */
const deliveryFolder = "dataset/";

/** Amazon S3 API, object keys. */
const longestKey = 1024;

/** The team's own datasets. @param folder of the environment file */
export function checkDatasets(data: unknown, folder: string): Finding[] {
  return [
    ...checkUnique(data, "datasets.*.name", "name"),
    ...texts(data, "datasets.*.name").flatMap(({ path, value }) =>
      takenNames.includes(value)
        ? [error(path, `${value} is a table or dataset of the project's own; choose another`)]
        : [],
    ),
    ...places(data, "datasets.*").flatMap(({ path, value }) => (isMap(value) ? nameFindings(data, path, value) : [])),
    ...places(data, "datasets.*").flatMap(({ path, value }) =>
      isMap(value) ? sourceFindings(path, value, folder) : [],
    ),
    ...texts(data, "datasets.*.deliver").flatMap(({ path, value }) => deliveryFindings(path, value)),
  ];
}

/** EventBridge Scheduler API, CreateSchedule. */
const scheduleNameLength = 64;

/** A name that the dataset's schedule would be too long by. */
function nameFindings(data: unknown, path: Path, { name, schedule }: Record<string, unknown>): Finding[] {
  const environment = valueAt(data, ["name"]);
  if (typeof name !== "string" || schedule === undefined || typeof environment !== "string") return [];
  const full = `metercast_${environment}_${name}`;
  const excess = full.length - scheduleNameLength;
  if (excess <= 0) return [];
  const message = `its schedule would be ${full}, and names of schedules end at ${scheduleNameLength} characters: shorten the name by ${excess}`;
  return [error([...path, "name"], message)];
}

function sourceFindings(path: Path, { sql, file }: Record<string, unknown>, folder: string): Finding[] {
  if (sql === undefined && file === undefined) return [error(path, "has neither sql nor file; give one of the two")];
  if (sql !== undefined && file !== undefined) {
    return [{ ...error([...path, "file"], "has sql and file; keep one of the two"), atKey: true }];
  }
  if (typeof sql === "string" && sql !== "") {
    return sqlFaults(sql).map(({ message, line, column }) => ({
      ...error([...path, "sql"], message),
      inText: { line, column },
    }));
  }
  if (typeof file !== "string" || file === "") return [];
  const at = [...path, "file"];
  const full = resolve(folder, file);
  let text: string;
  try {
    text = readFileSync(full, "utf8");
  } catch (fault) {
    const { code, message } = fault as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [error(at, `there is no file ${full}`)];
    return [error(at, code === "EISDIR" ? `${full} is a folder` : `${full} cannot be read: ${message}`)];
  }
  return sqlFaults(text).map(({ message, line, column }) => error(at, `${full}:${line}:${column}: ${message}`));
}

/**
 * What can be told of a SELECT without its tables: where it begins and ends, and which parameters it names. Athena says
 * the rest.
 */
function sqlFaults(text: string): { message: string; line: number; column: number }[] {
  const { faults, words, names, ends } = scanSql(text);
  const at = (index: number, message: string) => ({ message, ...positionOf(text, index) });
  const found = faults.map(({ index, message }) => at(index, message));
  if (found.length > 0) return found;
  const [first] = words;
  if (first === undefined) return [at(0, "holds no SQL; a dataset is a SELECT")];
  if (!/^(SELECT|WITH|\()$/i.test(first.text)) {
    found.push(at(first.index, `a dataset is a SELECT, and may begin by WITH; this begins by ${first.text}`));
  }
  const [end] = ends;
  if (end !== undefined && words.some(({ index }) => index > end)) {
    found.push(at(end, "a second statement begins after this ;; a dataset is one SELECT"));
  }
  for (const { text: name, index } of names) {
    if (parameters.includes(name)) continue;
    found.push(at(index, `there is no parameter :${name}${didYouMean(name, parameters)}; there are :from and :to`));
  }
  return found;
}

function positionOf(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function deliveryFindings(path: Path, key: string): Finding[] {
  const at = (index: number, message: string): Finding => ({
    ...error(path, message),
    inText: { line: 1, column: index + 1 },
  });
  const found: Finding[] = [];
  for (const { 0: whole, 1: name = "", index } of key.matchAll(/!\{([^}]*)(\}?)/g)) {
    if (!whole.endsWith("}")) found.push(at(index, "!{ has no closing bracket"));
    else if (!variables.includes(name)) {
      const bare = name.replace(/^iotanalytics:/, "");
      found.push(
        at(
          index,
          `there is no !{${name}}${didYouMean(bare, variables)}${variables.includes(bare) ? `; write !{${bare}}` : ""}; there are !{scheduleTime} and !{versionId}`,
        ),
      );
    }
  }
  if (found.length > 0) return found;
  if (!key.startsWith(deliveryFolder)) {
    return [at(0, `must begin by ${deliveryFolder}, the folder of deliveries, not ${JSON.stringify(key)}`)];
  }
  if (!/\.(csv|parquet)$/.test(key)) {
    return [at(key.lastIndexOf("/") + 1, "must end in .csv or .parquet, which says the format")];
  }
  if (/\/\.{0,2}\/|[^\x21-\x7e]/.test(key.replaceAll(/!\{\w+\}/g, "x"))) {
    return [error(path, "must be letters, digits and punctuation without spaces, and have no empty or dotted folder")];
  }
  // A schedule's time is 20 characters in ISO 8601, a version's name fewer than 120.
  const length = key.replace("!{scheduleTime}", "x".repeat(20)).replace("!{versionId}", "x".repeat(120)).length;
  return length <= longestKey ? [] : [error(path, `makes keys of up to ${length} characters; S3 takes ${longestKey}`)];
}
