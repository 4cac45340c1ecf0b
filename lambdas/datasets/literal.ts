import { DatasetError } from "./dataset-error.ts";
import type { Parameter, ScalarType } from "./dataset.ts";

export type Scalar = string | number | boolean;

/** What may be given for a parameter; which of it fits, its type says. */
export type ParameterValue = Scalar | readonly string[] | readonly (readonly Scalar[])[];

/**
 * A value as SQL that Athena and DuckDB both read: typed, quoted, and never more than a value.
 *
 * @throws DatasetError InvalidParameter
 */
export function literal({ name, type }: Parameter, value: ParameterValue): string {
  if (type === "columns") return columnList(name, value);
  if (typeof type === "object") return rows(name, type.rows, value);
  return scalar(name, type, value);
}

function scalar(name: string, type: ScalarType, value: ParameterValue): string {
  switch (type) {
    case "date":
      if (typeof value === "string" && isDate(value)) return `DATE '${value}'`;
      return refuse(name, value, "a date such as 2018-12-03");
    case "timestamp":
      return timestamp(name, value);
    case "integer":
      if (typeof value === "number" && Number.isSafeInteger(value)) return value < 0 ? `(${value})` : `${value}`;
      return refuse(name, value, "a whole number");
    case "double":
      if (typeof value === "number" && Number.isFinite(value)) return double(value);
      return refuse(name, value, "a finite number");
    case "text":
      if (typeof value === "string" && isText(value)) return `'${value.replaceAll("'", "''")}'`;
      return refuse(name, value, "a text without control characters");
    case "boolean":
      if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
      return refuse(name, value, "true or false");
  }
}

/** With an exponent: a number with a point alone is a decimal. */
function double(value: number): string {
  const text = String(value).toUpperCase();
  const written = text.includes("E") ? text : `${text}E0`;
  return value < 0 ? `(${written})` : written;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && isMoment(`${text}T00:00:00Z`) && moment(text).startsWith(text);
}

/** The UTC clock of an instant in ISO 8601, to the millisecond: the type of the lake's time columns. */
function timestamp(name: string, value: ParameterValue): string {
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/;
  if (
    typeof value !== "string" ||
    !form.test(value) ||
    !isMoment(value) ||
    !moment(value).startsWith(value.slice(0, 16))
  )
    return refuse(name, value, "an instant in UTC such as 2018-12-03T10:00:00Z");
  return `TIMESTAMP '${moment(value).slice(0, 23).replace("T", " ")}'`;
}

function isMoment(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}

function moment(text: string): string {
  return new Date(text).toISOString();
}

function isText(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text);
}

function columnList(name: string, value: ParameterValue): string {
  const what = "a list of different column names";
  if (!Array.isArray(value) || value.length === 0) return refuse(name, value, what);
  const names: unknown[] = value;
  const quoted = names.map((column) =>
    typeof column === "string" && column !== "" && isText(column)
      ? `"${column.replaceAll('"', '""')}"`
      : refuse(name, value, what),
  );
  return new Set(quoted).size === quoted.length ? quoted.join(", ") : refuse(name, value, what);
}

function rows(name: string, types: readonly ScalarType[], value: ParameterValue): string {
  const what = `one row or more, each of ${types.join(", ")}`;
  if (!Array.isArray(value) || value.length === 0) return refuse(name, value, what);
  const given: unknown[] = value;
  const lines = given.map((row) => {
    if (!Array.isArray(row) || row.length !== types.length) return refuse(name, value, what);
    const values = row as readonly Scalar[];
    return `(${types.map((type, index) => scalar(name, type, values[index] as Scalar)).join(", ")})`;
  });
  return `VALUES ${lines.join(", ")}`;
}

function refuse(name: string, value: unknown, what: string): never {
  const shown = JSON.stringify(value) ?? String(value);
  throw new DatasetError(
    "InvalidParameter",
    `The parameter :${name} must be ${what}, not ${shown.length > 200 ? `${shown.slice(0, 200)}...` : shown}.`,
  );
}
