import { checkTopicFilter, compileExpression, compileStatement, filtersOverlap, IotSqlError } from "@metercast/iot-sql";
import type { Expression, Statement } from "@metercast/iot-sql";

import { neededAttributes, pipelineColumns, weatherMeasurements } from "./activities.ts";
import { checkUnique } from "./city-checks.ts";
import type { Finding } from "./finding.ts";
import { nearest } from "./nearest.ts";
import { formatPath, isMap, places, texts, valueAt } from "./path.ts";
import type { Path } from "./path.ts";
import { defaultMeterSql, defaultWeatherSql } from "./rules.ts";

type Pipeline = keyof typeof neededAttributes;

const error = (path: Path, message: string): Finding => ({ path, message, severity: "error" });

/** Runs a compiler of iot-sql; what it refuses becomes a finding within the text. */
function compiled<T>(path: Path, what: string, compile: () => T): { result?: T; findings: Finding[] } {
  try {
    return { result: compile(), findings: [] };
  } catch (fault) {
    if (!(fault instanceof IotSqlError)) throw fault;
    const inText = { line: fault.line, column: fault.column };
    return { findings: [{ ...error(path, `${what} is not valid: ${fault.message}`), inText }] };
  }
}

interface Rule {
  /** Where its SQL is, or for a default what has it. */
  path: Path;
  pipeline: Pipeline;
  /** The SQL is the file's, not the default. */
  isOwn: boolean;
  statement: Statement;
}

/** The SQL of every rule that the document makes, the defaults among them. */
function statements(data: unknown): { rules: Rule[]; findings: Finding[] } {
  const own = [
    ...texts(data, "meterTypes.*.sql"),
    ...texts(data, "ingestion.rules.*.sql"),
    ...texts(data, "weather.sql"),
  ].map(({ path, value }) => ({ path, sql: value, isOwn: true }));

  const name = valueAt(data, ["name"]);
  const defaults: typeof own = [];
  if (typeof name === "string" && /^[a-z0-9-]+$/.test(name)) {
    if (valueAt(data, ["ingestion", "rules"]) === undefined) {
      for (const { path, value } of texts(data, "meterTypes.*.type")) {
        const entry = path.slice(0, -1);
        if (!/^[a-z]+$/.test(value) || valueAt(data, [...entry, "sql"]) !== undefined) continue;
        defaults.push({ path: entry, sql: defaultMeterSql(name, value), isOwn: false });
      }
    }
    if (valueAt(data, ["weather", "sql"]) === undefined) {
      defaults.push({ path: ["weather"], sql: defaultWeatherSql(name), isOwn: false });
    }
  }

  const rules: Rule[] = [];
  const findings: Finding[] = [];
  for (const { path, sql, isOwn } of [...defaults, ...own]) {
    if (sql === "") continue;
    const { result: statement, findings: faults } = compiled(path, "the SQL", () => compileStatement(sql));
    findings.push(...faults);
    if (statement === undefined) continue;
    const fault = statement.topicFilter === undefined ? undefined : checkTopicFilter(statement.topicFilter);
    if (fault !== undefined)
      findings.push(error(path, `the topic filter '${statement.topicFilter}' is not valid: ${fault}`));
    else rules.push({ path, pipeline: path[0] === "weather" ? "weather" : "readings", isOwn, statement });
  }
  return { rules, findings };
}

/** Two rules that can match one topic would both take a message, and store or count it twice. */
function checkOverlap(rules: Rule[]): Finding[] {
  return rules.flatMap((rule, index) => {
    const filter = rule.statement.topicFilter;
    if (filter === undefined) return [];
    const other = rules.slice(0, index).find(({ statement }) => {
      return statement.topicFilter !== undefined && filtersOverlap(statement.topicFilter, filter);
    });
    // Meter types that stand twice have the same default filter; that they do is reported already.
    if (other === undefined || (!rule.isOwn && !other.isOwn)) return [];
    const whose = `${other.isOwn ? "" : "default "}rule of ${formatPath(other.path)}`;
    return [
      error(
        rule.path,
        `a topic can match both '${filter}' and '${other.statement.topicFilter}', the ${whose}; each message must have one rule`,
      ),
    ];
  });
}

/** A SELECT of columns is good for single messages, and only if it names what a message is stored by. */
function checkColumns({ path, pipeline, statement, isOwn }: Rule): Finding[] {
  if (!isOwn || statement.shape !== "columns") return [];
  const warning = (message: string): Finding => ({ path, message, severity: "warning" });
  const findings = [
    warning("a SELECT of columns takes single messages only: an envelope (an array) becomes {}; SELECT * takes both"),
  ];
  const columns = statement.columns();
  const missing = columns && neededAttributes[pipeline].filter((attribute) => !columns.includes(attribute));
  if (missing !== undefined && missing.length > 0) {
    findings.push(warning(`the SELECT has no ${missing.join(" and no ")}: messages without are rejected`));
  }
  return findings;
}

/** `ingestion.rules` beside what it replaces, and names that the rules would share. */
function checkRules(data: unknown): Finding[] {
  const replaced = places(data, "ingestion.rules.*").length === 0 ? [] : texts(data, "meterTypes.*.sql");
  return [
    ...checkUnique(data, "ingestion.rules.*.name", "rule name"),
    ...texts(data, "ingestion.rules.*.name")
      .filter(({ value }) => value === "weather")
      .map(({ path }) => error(path, "weather is the name of the weather rule; give this rule another")),
    ...replaced.map(({ path }) => ({
      ...error(path, "ingestion.rules replaces the rules of the meter types; remove this SQL or ingestion.rules"),
      atKey: true as const,
    })),
  ];
}

/** Attributes that an expression reads and that are one slip away from one that messages have. */
function checkSpelling(path: Path, expression: Expression, known: Set<string>): Finding[] {
  return expression.attributes.flatMap((attribute): Finding[] => {
    if (known.has(attribute)) return [];
    const meant = nearest(attribute, known);
    if (meant === undefined) return [];
    const message = `messages have no attribute ${attribute} unless their publisher adds it; did you mean ${meant}?`;
    return [{ path, message, severity: "warning" }];
  });
}

const messageColumns: Record<Pipeline, ReadonlySet<string>> = {
  readings: new Set(neededAttributes.readings),
  weather: new Set([...neededAttributes.weather, ...weatherMeasurements]),
};

/** The columns that a lambda activity says it adds. */
function columnsOf(entry: Record<string, unknown>): Record<string, unknown> {
  const columns = valueAt(entry, ["lambda", "columns"]);
  return isMap(columns) ? columns : {};
}

/** Why an activity may not make an attribute of this name. */
function madeAttributeFault(attribute: string, pipeline: Pipeline): string | undefined {
  const taken: readonly string[] = pipelineColumns[pipeline];
  return taken.includes(attribute)
    ? `${attribute} is set by the pipeline itself (${taken.join(", ")}); choose another name`
    : undefined;
}

/** The activities of one pipeline or meter type, in their order, each with what the ones before have made. */
function checkActivities(data: unknown, list: Path, pipeline: Pipeline): Finding[] {
  const needed: readonly string[] = neededAttributes[pipeline];
  const known = new Set(messageColumns[pipeline]);
  const entries = valueAt(data, list);
  if (!Array.isArray(entries)) return [];

  return entries.flatMap((entry: unknown, index): Finding[] => {
    const at = (...rest: (string | number)[]): Path => [...list, index, ...rest];
    if (!isMap(entry)) return [];
    const findings: Finding[] = [];

    for (const kind of ["filter", "math"] as const) {
      const text = entry[kind];
      if (typeof text !== "string" || text === "") continue;
      const { result, findings: faults } = compiled(at(kind), `the ${kind}`, () => compileExpression(text));
      findings.push(...faults, ...(result ? checkSpelling(at(kind), result, known) : []));
    }

    const made = [...texts(entry, "attribute")];
    if (isMap(entry["addAttributes"])) {
      for (const [from, to] of Object.entries(entry["addAttributes"])) {
        if (typeof to === "string") made.push({ path: ["addAttributes", from], value: to });
      }
    }
    for (const { path, value } of made) {
      const fault = madeAttributeFault(value, pipeline);
      if (fault !== undefined) findings.push(error(at(...path), fault));
      known.add(value);
    }
    for (const column of Object.keys(columnsOf(entry))) {
      const fault = messageColumns[pipeline].has(column)
        ? `${column} is a column of every message; name only what the function adds`
        : madeAttributeFault(column, pipeline);
      if (fault !== undefined) findings.push({ ...error(at("lambda", "columns", column), fault), atKey: true });
      known.add(column);
    }

    for (const { path, value } of texts(entry, "removeAttributes.*")) {
      if (!needed.includes(value)) continue;
      findings.push(error(at(...path), `${value} must stay: a message is stored by ${needed.join(", ")}`));
    }
    const selected = texts(entry, "selectAttributes.*").map(({ value }) => value);
    const left = needed.filter((attribute) => !selected.includes(attribute));
    if (selected.length > 0 && left.length > 0) {
      const message = `leaves out ${left.join(", ")}: a message is stored by ${needed.join(", ")}`;
      findings.push(error(at("selectAttributes"), message));
    }
    return findings;
  });
}

/** What the rules and activities of a document must be. Passes over what has the wrong shape. */
export function checkPipelines(data: unknown): Finding[] {
  const { rules, findings } = statements(data);
  return [
    ...findings,
    ...rules.flatMap(checkColumns),
    ...checkOverlap(rules),
    ...checkRules(data),
    ...places(data, "meterTypes.*.activities").flatMap(({ path }) => checkActivities(data, path, "readings")),
    ...checkActivities(data, ["weather", "activities"], "weather"),
  ];
}
