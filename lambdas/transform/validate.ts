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

/** Farthest from 1970 that a Date can be, in ms: ECMA-262, "Time values and time range". */
const farthestTime = 8.64e15;

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

/** The check of a column that an activity adds: that it fits its type. */
export function addedFieldCheck(field: string, type: ColumnType): FieldCheck | undefined {
  switch (type) {
    case "string":
      return undefined;
    case "double":
      return optional(field, finiteCheck(field));
    case "int":
      return optional(field, integerCheck(field, -largestInt - 1, largestInt));
    case "timestamp":
      return optional(field, integerCheck(field, -farthestTime, farthestTime));
  }
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
  switch (type) {
    case "int":
      return integerCheck(field, 0, largestInt);
    case "timestamp": {
      const fromFirst = integerCheck(field, accepted.acceptFrom, Infinity);
      const outOfRange = fieldReasons.outOfRange(field);
      return (value, received) =>
        fromFirst(value, received) ?? ((value as number) > received + accepted.acceptAheadMs ? outOfRange : undefined);
    }
    default:
      return finiteCheck(field);
  }
}

function finiteCheck(field: string): ValueCheck {
  const notNumber = fieldReasons.notNumber(field);
  const notFinite = fieldReasons.notFinite(field);
  return (value) => (typeof value !== "number" ? notNumber : Number.isFinite(value) ? undefined : notFinite);
}

function integerCheck(field: string, least: number, most: number): ValueCheck {
  const finite = finiteCheck(field);
  const notInteger = fieldReasons.notInteger(field);
  const outOfRange = fieldReasons.outOfRange(field);
  return (value, received) =>
    finite(value, received) ??
    (!Number.isInteger(value)
      ? notInteger
      : (value as number) < least || (value as number) > most
        ? outOfRange
        : undefined);
}
