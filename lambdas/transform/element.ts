import { compileActivities } from "./activities/index.ts";
import type { Ending } from "./activities/index.ts";
import { addedColumns } from "./columns.ts";
import type { TransformConfig } from "./config.ts";
import { messageReasons } from "./reasons.ts";
import type { MessageReason } from "./reasons.ts";
import { addedFieldCheck, fieldChecks } from "./validate.ts";
import type { Attributes, FieldCheck } from "./validate.ts";

/** Checks one element and applies the activities to it, in place; an ending when it is left out. */
export type EndingOf = (element: unknown, received: number) => Ending | undefined;

/** Endings of what cannot be used, one object per reason. */
export const rejections = Object.fromEntries(
  messageReasons.map((reason) => [reason, { ended: "rejected", by: null, reason }]),
) as Record<MessageReason, Ending>;

/**
 * Fields are checked before the activities see them, so that a filter does not drop what is broken. Those that
 * activities set are checked after them, and not before where the message need not bring them: so activities can make
 * a reading of a message of another make.
 */
export function compileElement(config: TransformConfig): EndingOf {
  const checks = fieldChecks(config.pipeline, config);
  const { apply, sets, makes } = compileActivities(config.pipeline, config.activities);
  const before = [...checks].filter(([field]) => !makes.has(field)).map(([, check]) => check);
  const after = [...checks].filter(([field]) => sets.has(field)).map(([, check]) => check);
  for (const [field, type] of Object.entries(addedColumns(config.pipeline, config.activities))) {
    const check = addedFieldCheck(field, type, config);
    if (check !== undefined) after.push(check);
  }
  return (element, received) => {
    if (typeof element !== "object" || element === null) return rejections["not an object"];
    if (Array.isArray(element)) return rejections["nested envelope"];
    const attributes = element as Attributes;
    return firstReason(before, attributes, received) ?? apply(attributes) ?? firstReason(after, attributes, received);
  };
}

function firstReason(checks: readonly FieldCheck[], attributes: Attributes, received: number): Ending | undefined {
  for (const check of checks) {
    const reason = check(attributes, received);
    if (reason !== undefined) return { ended: "rejected", by: null, reason };
  }
  return undefined;
}
