import type { Activity as DeclaredActivity, Environment } from "../../environments/index.ts";
import { functionKey, meterTypeCodes } from "../../environments/index.ts";
import type { Activity, Pipeline } from "../../lambdas/transform/config.ts";
import { partName } from "../naming/names.ts";

/** A function of the team's that a pipeline's transform invokes. */
export interface ActivityFunctionPlan {
  /** Part of its names: "readings-lambda-calibrate". */
  part: string;
  /** Path of its module. */
  code: string;
}

function activityFunctionPart(pipeline: Pipeline, code: string): string {
  return `${pipeline}-lambda-${functionKey(code)}`;
}

/** The activities of a pipeline as the environment's file has them. Those of a meter type apply to its readings only. */
function declaredActivities(environment: Environment, pipeline: Pipeline): (DeclaredActivity & { meter?: number })[] {
  if (pipeline === "weather") return environment.weather.activities;
  return environment.meterTypes.flatMap(({ type, activities }) =>
    activities.map((activity) => ({ ...activity, meter: meterTypeCodes[type] })),
  );
}

/** The activities of both pipelines, whatever rule took the readings. */
export function pipelineActivities(environment: Environment): Record<Pipeline, Activity[]> {
  const activitiesOf = (pipeline: Pipeline): Activity[] =>
    declaredActivities(environment, pipeline).map((activity) => {
      if (activity.kind !== "lambda") return activity;
      const { code, ...settings } = activity;
      const part = activityFunctionPart(pipeline, code);
      return { ...settings, function: partName("aws:lambda/function:Function", environment.name, part) };
    });
  return { readings: activitiesOf("readings"), weather: activitiesOf("weather") };
}

/** The functions of a pipeline's lambda activities: one per module, however many activities use it. */
export function activityFunctions(environment: Environment, pipeline: Pipeline): ActivityFunctionPlan[] {
  const modules = declaredActivities(environment, pipeline).flatMap((activity) =>
    activity.kind === "lambda" ? [activity.code] : [],
  );
  return [...new Set(modules)].map((code) => ({ part: activityFunctionPart(pipeline, code), code }));
}
