import { compileActivities } from "./activities/index.ts";
import type { Activities, Ending } from "./activities/index.ts";
import { addedColumns } from "./columns.ts";
import type { Activity, ElementActivity, FunctionActivity, TransformConfig } from "./config.ts";
import { messageReasons } from "./reasons.ts";
import type { MessageReason } from "./reasons.ts";
import { addedFieldCheck, fieldChecks } from "./validate.ts";
import type { Attributes, FieldCheck } from "./validate.ts";

/** Looks at one element; an ending when it is left out. */
export type EndingOf = (element: unknown, received: number) => Ending | undefined;

/** A part of a pipeline: what each element passes by itself, and the function that all of them go through then. */
export interface Stage {
  /** Checks the element and applies the stage's activities to it, in place: `before`, each of `steps`, `after`. */
  endingOf: EndingOf;
  before: EndingOf;
  steps: Activities["steps"];
  after: (attributes: Attributes, received: number) => Ending | undefined;
  /** Undefined in the last stage. */
  call: FunctionActivity | undefined;
}

/** Endings of what cannot be used, one object per reason. */
export const rejections = Object.fromEntries(
  messageReasons.map((reason) => [reason, { ended: "rejected", by: null, reason }]),
) as Record<MessageReason, Ending>;

/** The activities between two functions, and the function after them. */
interface Segment {
  activities: ElementActivity[];
  call: FunctionActivity | undefined;
}

function segmentsOf(activities: readonly Activity[]): Segment[] {
  const segments: Segment[] = [];
  let segment: Segment = { activities: [], call: undefined };
  for (const activity of activities) {
    if (activity.kind !== "lambda") {
      segment.activities.push(activity);
      continue;
    }
    segments.push({ ...segment, call: activity });
    segment = { activities: [], call: undefined };
  }
  return [...segments, segment];
}

/**
 * A pipeline as its stages: one, and one more per function of the team's.
 *
 * Fields are checked before the activities see them, so that a filter does not drop what is broken and no function gets
 * it. Those that activities set are checked after them, and not before where the message need not bring them: so
 * activities can make a reading of a message of another make. What a function gives back is checked in full.
 *
 * @throws IotSqlError for an expression that AWS would refuse
 */
export function compileStages(config: TransformConfig): Stage[] {
  const checks = fieldChecks(config.pipeline, config);
  const segments = segmentsOf(config.activities).map(({ activities, call }) => ({
    activities: compileActivities(config.pipeline, activities),
    call,
  }));
  return segments.map(({ activities, call }, index) => {
    const made = new Set(segments.slice(index).flatMap(({ activities: { makes } }) => [...makes]));
    const before = [...checks].filter(([field]) => !made.has(field)).map(([, check]) => check);
    const after = [...checks].filter(([field]) => activities.sets.has(field)).map(([, check]) => check);
    if (call === undefined) {
      for (const [field, type] of Object.entries(addedColumns(config.pipeline, config.activities))) {
        const check = addedFieldCheck(field, type);
        if (check !== undefined) after.push(check);
      }
    }
    return compileStage(before, activities, after, segments[index - 1]?.call, call);
  });
}

/** @param blamed the function whose answer the stage gets */
function compileStage(
  before: readonly FieldCheck[],
  { apply, steps }: Activities,
  after: readonly FieldCheck[],
  blamed: FunctionActivity | undefined,
  call: FunctionActivity | undefined,
): Stage {
  const by = blamed?.name ?? null;
  const checkBefore: EndingOf = (element, received) => {
    if (typeof element !== "object" || element === null) return rejections["not an object"];
    if (Array.isArray(element)) return rejections["nested envelope"];
    return firstReason(before, element as Attributes, received, by);
  };
  const checkAfter: Stage["after"] = (attributes, received) => firstReason(after, attributes, received, null);
  return {
    endingOf: (element, received) =>
      checkBefore(element, received) ?? apply(element as Attributes) ?? checkAfter(element as Attributes, received),
    before: checkBefore,
    steps,
    after: checkAfter,
    call,
  };
}

function firstReason(
  checks: readonly FieldCheck[],
  attributes: Attributes,
  received: number,
  by: string | null,
): Ending | undefined {
  for (const check of checks) {
    const reason = check(attributes, received);
    if (reason !== undefined) return { ended: "rejected", by, reason };
  }
  return undefined;
}
