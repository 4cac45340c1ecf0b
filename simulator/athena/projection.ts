import type { Resource } from "@metercast/graph";
import { DeclarationError } from "../declared/read.ts";
import { datePattern, type DatePattern } from "./date-pattern.ts";
import type { S3Folder } from "./glue-table.ts";
import type { Column } from "./glue-column.ts";

/**
 * Partition projection: which folders of a table Athena reads, worked out from the table's parameters alone.
 * Source: Amazon Athena user guide, "Supported types for partition projection".
 */
export interface Projection {
  /** The folder above all partitions. */
  base: S3Folder;
  /** A file's key, from the bucket on, in a partition: one group per partition column, in the order of `keys`. */
  keyPattern: string;
  keys: ProjectedKey[];
}

export interface ProjectedKey {
  column: Column;
  /** Whether a folder's value is in the projected range at the given time, and written as the projection writes it. */
  holds(value: string, now: Date): boolean;
  /** What its values look like, as a regular expression without groups: a date may go over several folders. */
  pattern: string;
  /** The pattern by which DuckDB reads the value where the column is a date or timestamp. */
  strptime: string | undefined;
}

/** @throws DeclarationError naming the parameter */
export function readProjection(
  resource: Resource,
  parameters: Record<string, string>,
  partitionKeys: readonly Column[],
  location: string,
): Projection | undefined {
  const enabled = parameters["projection.enabled"];
  if (enabled !== "true") {
    const stray = Object.keys(parameters).find((name) => name.startsWith("projection.") || name.startsWith("storage."));
    if (stray !== undefined) {
      throw new DeclarationError(resource, `parameters.${stray} needs parameters.projection.enabled = "true"`);
    }
    if (partitionKeys.length > 0) {
      throw new DeclarationError(
        resource,
        'partitionKeys need parameters.projection.enabled = "true": the simulator has no register of partitions',
      );
    }
    return undefined;
  }
  if (partitionKeys.length === 0) throw new DeclarationError(resource, "projection.enabled needs partitionKeys");
  const unread = new Set(Object.keys(parameters).filter((name) => name.startsWith("projection.")));
  unread.delete("projection.enabled");
  const keys = partitionKeys.map((column) => projectedKey(new Parameters(resource, parameters, column, unread)));
  const left = [...unread][0];
  if (left !== undefined) throw new DeclarationError(resource, `the simulator does not know parameters.${left}`);
  return placed(resource, parameters["storage.location.template"], partitionKeys, location, keys);
}

function placed(
  resource: Resource,
  template: string | undefined,
  partitionKeys: readonly Column[],
  location: string,
  keys: ProjectedKey[],
): Projection {
  const hive = partitionKeys.map(({ name }) => `${name}=\${${name}}`).join("/");
  const uri = (template ?? `${location.replace(/\/+$/, "")}/${hive}`).replace(/\/+$/, "");
  const match = /^s3:\/\/([^/${}]+)\/(.*)$/.exec(uri);
  if (!match) {
    throw new DeclarationError(
      resource,
      `parameters.storage.location.template is "${uri}"; it must be s3://bucket/.../\${column}/`,
    );
  }
  const path = String(match[2]);
  const order: string[] = [];
  const pattern = path.split(/(\$\{[^}]*\})/).map((part, index) => {
    if (index % 2 === 0) return escaped(part);
    order.push(part.slice(2, -1));
    return `(${keys.find((key) => key.column.name === order.at(-1))?.pattern ?? ""})`;
  });
  const wanted = partitionKeys.map(({ name }) => name);
  if ([...order].sort().join() !== [...wanted].sort().join()) {
    throw new DeclarationError(
      resource,
      `parameters.storage.location.template names ${order.join(", ") || "no column"}; it must name each of ${wanted.join(", ")} once`,
    );
  }
  const fixed = path.split("${")[0] as string;
  return {
    base: { bucket: String(match[1]), prefix: fixed.slice(0, Math.max(0, fixed.lastIndexOf("/"))) },
    keyPattern: `^${pattern.join("")}/`,
    keys: order.map((name) => keys.find((key) => key.column.name === name) as ProjectedKey),
  };
}

/** A text as a regular expression of JavaScript and of RE2 that matches just it. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** The parameters of one projected column, and which of them nobody has read. */
class Parameters {
  readonly resource: Resource;
  readonly column: Column;
  readonly #all: Record<string, string>;
  readonly #unread: Set<string>;

  constructor(resource: Resource, all: Record<string, string>, column: Column, unread: Set<string>) {
    this.resource = resource;
    this.column = column;
    this.#all = all;
    this.#unread = unread;
  }

  optional(part: string): string | undefined {
    const name = `projection.${this.column.name}.${part}`;
    this.#unread.delete(name);
    return this.#all[name];
  }

  required(part: string): string {
    return this.optional(part) ?? this.fail(part, "is missing");
  }

  fail(part: string, why: string): never {
    throw new DeclarationError(this.resource, `parameters.projection.${this.column.name}.${part} ${why}`);
  }
}

function projectedKey(parameters: Parameters): ProjectedKey {
  const type = parameters.required("type");
  if (type === "date") return dateKey(parameters);
  if (type === "enum") return enumKey(parameters);
  if (type === "integer") return integerKey(parameters);
  return parameters.fail("type", `is "${type}"; the simulator knows date, enum and integer`);
}

function enumKey(parameters: Parameters): ProjectedKey {
  const values = new Set(
    parameters
      .required("values")
      .split(",")
      .map((value) => value.trim()),
  );
  return { column: parameters.column, holds: (value) => values.has(value), pattern: "[^/]+", strptime: undefined };
}

function integerKey(parameters: Parameters): ProjectedKey {
  const range = parameters.required("range");
  const bounds = /^\s*(-?\d+)\s*,\s*(-?\d+)\s*$/.exec(range);
  if (!bounds) return parameters.fail("range", `is "${range}"; it must be two whole numbers, "0,15"`);
  const [least, most] = [Number(bounds[1]), Number(bounds[2])];
  const interval = wholeNumber(parameters, "interval", 1);
  const digits = wholeNumber(parameters, "digits", 0);
  return {
    column: parameters.column,
    holds: (value) => {
      if (!/^-?\d+$/.test(value)) return false;
      const number = Number(value);
      const written = digits > 0 ? String(number).padStart(digits, "0") : String(number);
      return written === value && number >= least && number <= most && (number - least) % interval === 0;
    },
    pattern: "[^/]+",
    strptime: undefined,
  };
}

function wholeNumber(parameters: Parameters, part: string, absent: number): number {
  const text = parameters.optional(part);
  if (text === undefined) return absent;
  return /^[1-9]\d*$/.test(text)
    ? Number(text)
    : parameters.fail(part, `is "${text}"; it must be a whole number from 1`);
}

const units: Record<string, (date: Date, count: number) => void> = {
  YEARS: (date, count) => date.setUTCFullYear(date.getUTCFullYear() + count),
  MONTHS: (date, count) => date.setUTCMonth(date.getUTCMonth() + count),
  WEEKS: (date, count) => date.setUTCDate(date.getUTCDate() + 7 * count),
  DAYS: (date, count) => date.setUTCDate(date.getUTCDate() + count),
  HOURS: (date, count) => date.setUTCHours(date.getUTCHours() + count),
  MINUTES: (date, count) => date.setUTCMinutes(date.getUTCMinutes() + count),
  SECONDS: (date, count) => date.setUTCSeconds(date.getUTCSeconds() + count),
};

function dateKey(parameters: Parameters): ProjectedKey {
  const format = parameters.required("format");
  const pattern = datePattern(format);
  if (!pattern) {
    return parameters.fail(
      "format",
      `is "${format}"; the simulator knows yyyy, MM, dd, HH, mm and ss with signs between them`,
    );
  }
  if (parameters.optional("interval") !== undefined || parameters.optional("interval.unit") !== undefined) {
    const [interval, unit] = [
      parameters.optional("interval") ?? "1",
      parameters.optional("interval.unit") ?? pattern.unit,
    ];
    if (interval !== "1" || unit !== pattern.unit) {
      parameters.fail(
        "interval",
        `is ${interval} ${unit}; the simulator knows the format's own step, 1 ${pattern.unit}`,
      );
    }
  } else if (pattern.unit !== "DAYS" && pattern.unit !== "MONTHS") {
    parameters.fail(
      "interval",
      `is missing; Athena needs it and interval.unit where the format's step is no day or month`,
    );
  }
  const range = parameters
    .required("range")
    .split(",")
    .map((bound) => rangeBound(parameters, bound.trim(), pattern));
  const [from, to] = range;
  if (!from || !to || range.length !== 2) {
    return parameters.fail("range", `must be two bounds, "2025-01-01,NOW+1DAYS"`);
  }
  return {
    column: parameters.column,
    holds: (value, now) => {
      const time = pattern.parse(value);
      return time !== undefined && time >= from(now) && time <= to(now);
    },
    pattern: pattern.pattern,
    strptime: pattern.strptime,
  };
}

/** The time that a bound of a range stands for: a date in the projection's format, or NOW with an offset. */
function rangeBound(parameters: Parameters, text: string, pattern: DatePattern): (now: Date) => number {
  const relative = /^NOW(?:\s*([+-])\s*(\d+)\s*([A-Z]+?)S?)?$/.exec(text);
  if (relative) {
    const [, sign, count, unit] = relative;
    if (unit === undefined) return (now) => pattern.floor(now.getTime());
    const add = units[`${unit}S`];
    if (!add) return parameters.fail("range", `has the unit ${unit}; it can be ${Object.keys(units).join(", ")}`);
    return (now) => {
      const date = new Date(now);
      add(date, Number(`${sign}${count}`));
      return pattern.floor(date.getTime());
    };
  }
  const time = pattern.parse(text);
  if (time === undefined)
    return parameters.fail("range", `has the bound "${text}"; it must be NOW, NOW-3DAYS or like the format`);
  return () => time;
}
