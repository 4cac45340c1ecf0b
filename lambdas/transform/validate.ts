import type { Pipeline } from "./config.ts";
import { optionalColumns, requiredColumns } from "./columns.ts";
import type { ColumnType } from "./columns.ts";
import { fieldReasons, unknownMeter } from "./reasons.ts";

/** The attributes of one reading or observation. */
export type Attributes = Record<string, unknown>;

/** What a timestamp may be: from `acceptFrom` (epoch ms) to `acceptAheadMs` after its arrival. */
export interface AcceptedTime {
  acceptFrom: number;
  acceptAheadMs: number;
}

/** The reason why one field of an element that was received at an epoch ms is refused; undefined when it is good. */
export type FieldCheck = (attributes: Attributes, received: number) => string | undefined;

/** Largest value of the tables' integer columns. */
const largestInt = 2 ** 31 - 1;

/** The checks of a pipeline's own fields, in the order in which a reason is looked for. */
export function fieldChecks(pipeline: Pipeline, accepted: AcceptedTime): Map<string, FieldCheck> {
  const checks = new Map<string, FieldCheck>();
  for (const [field, type] of Object.entries(requiredColumns[pipeline])) {
    checks.set(field, required(field, field === "meter" ? meterCheck : valueCheck(field, type, accepted)));
  }
  for (const [field, type] of Object.entries(optionalColumns[pipeline])) {
    checks.set(field, optional(field, valueCheck(field, type, accepted)));
  }
  return checks;
}

/** The check of a number column that an activity adds. */
export function addedFieldCheck(field: string, type: ColumnType, accepted: AcceptedTime): FieldCheck | undefined {
  return type === "string" ? undefined : optional(field, valueCheck(field, type, accepted));
}

type ValueCheck = (value: unknown, received: number) => string | undefined;

function required(field: string, check: ValueCheck): FieldCheck {
  const missing = fieldReasons.missing(field);
  return (attributes, received) => {
    const value = attributes[field];
    return value === undefined || value === null ? missing : check(value, received);
  };
}

function optional(field: string, check: ValueCheck): FieldCheck {
  return (attributes, received) => {
    const value = attributes[field];
    return value === undefined || value === null ? undefined : check(value, received);
  };
}

function meterCheck(value: unknown): string | undefined {
  return value === 0 || value === 1 || value === 2 || value === 3 ? undefined : unknownMeter;
}

function valueCheck(field: string, type: ColumnType, accepted: AcceptedTime): ValueCheck {
  const notNumber = fieldReasons.notNumber(field);
  const notFinite = fieldReasons.notFinite(field);
  const notInteger = fieldReasons.notInteger(field);
  const outOfRange = fieldReasons.outOfRange(field);
  const finite: ValueCheck = (value) =>
    typeof value !== "number" ? notNumber : Number.isFinite(value) ? undefined : notFinite;
  const integer = (value: unknown): string | undefined =>
    finite(value, 0) ?? (Number.isInteger(value) ? undefined : notInteger);
  switch (type) {
    case "int":
      return (value) =>
        integer(value) ?? ((value as number) < 0 || (value as number) > largestInt ? outOfRange : undefined);
    case "timestamp":
      return (value, received) =>
        integer(value) ??
        ((value as number) < accepted.acceptFrom || (value as number) > received + accepted.acceptAheadMs
          ? outOfRange
          : undefined);
    default:
      return finite;
  }
}
