import { requiredColumns } from "../columns.ts";
import type { Activity, ElementActivity, Pipeline } from "../config.ts";
import { activityFailed } from "../reasons.ts";
import type { Attributes } from "../validate.ts";
import { addAttributes, removeAttributes, selectAttributes } from "./attributes.ts";
import { filter } from "./filter.ts";
import { math } from "./math.ts";
import type { Apply, Ending, Step } from "./step.ts";

export type { Ending } from "./step.ts";

/** Activities that follow one another, as one. */
export interface Activities {
  /** Applies them in their order, each to the meter type that it is for. */
  apply: Apply;
  /** The same, one by one. */
  steps: readonly { activity: ElementActivity; apply: Apply }[];
  /** Attributes that they give a value to. */
  sets: ReadonlySet<string>;
  /** Those of them that the element need not bring. */
  makes: ReadonlySet<string>;
}

/** @throws IotSqlError for an expression that AWS would refuse */
export function compileActivities(pipeline: Pipeline, activities: readonly ElementActivity[]): Activities {
  const required = new Set(Object.keys(requiredColumns[pipeline]));
  const steps = activities.map((activity) => ({
    ...compileActivity(activity, required),
    activity,
    meter: activity.meter,
    failed: failure(activity),
  }));
  return {
    apply: (attributes) => {
      for (const { meter, apply, failed } of steps) {
        if (meter !== undefined && attributes["meter"] !== meter) continue;
        const ending = guarded(apply, attributes, failed);
        if (ending !== undefined) return ending;
      }
      return undefined;
    },
    steps: steps.map(({ activity, apply, failed }) => ({
      activity,
      apply: (attributes) => guarded(apply, attributes, failed),
    })),
    sets: new Set(steps.flatMap(({ sets }) => sets)),
    makes: new Set(steps.flatMap(({ makes }) => makes)),
  };
}

/** Whether an activity is for an element. */
export function isFor({ meter }: Activity, attributes: Attributes): boolean {
  return meter === undefined || attributes["meter"] === meter;
}

function compileActivity(activity: ElementActivity, required: ReadonlySet<string>): Step {
  switch (activity.kind) {
    case "filter":
      return filter(activity.name, activity.filter);
    case "math":
      return math(activity.name, activity.attribute, activity.math);
    case "addAttributes":
      return addAttributes(activity.attributes);
    case "removeAttributes":
      return removeAttributes(activity.attributes, required);
    case "selectAttributes":
      return selectAttributes(activity.attributes, required);
  }
}

/** How an element ends that an activity cannot stand. */
export function failure(activity: Activity): Ending {
  return { ended: "rejected", by: activity.name, reason: activityFailed(activity.kind, activity.name) };
}

/**
 * An element that an activity cannot stand, such as one nested so deep that comparing it exhausts the stack, ends with
 * its bytes and the activity's name, and does not take the rest of the batch with it.
 */
function guarded(apply: Apply, attributes: Attributes, failed: Ending): Ending | undefined {
  try {
    return apply(attributes);
  } catch {
    return failed;
  }
}
