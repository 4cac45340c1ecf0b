import type { Activity as DeclaredActivity, Environment } from "../../environments/index.ts";
import { functionKey, meterTypeCodes } from "../../environments/index.ts";
import type { Activity, Pipeline } from "../../lambdas/transform/config.ts";
import { partName } from "../naming/names.ts";

/** A function of the team's that a pipeline's transform invokes. */
export interface ActivityFunctionPlan {
  /** Part of its names: "readings-lambda-calibrate". */
  part: string;
  /** Its physical name. */
  functionName: string;
  /** Path of its module. */
  code: string;
}

function planOf({ name }: Environment, pipeline: Pipeline, code: string): ActivityFunctionPlan {
  const part = `${pipeline}-lambda-${functionKey(code)}`;
  return { part, functionName: partName("aws:lambda/function:Function", name, part), code };
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
      return { ...settings, function: planOf(environment, pipeline, code).functionName };
    });
  return { readings: activitiesOf("readings"), weather: activitiesOf("weather") };
}

/** The functions of a pipeline's lambda activities: one per module, however many activities use it. */
export function activityFunctions(environment: Environment, pipeline: Pipeline): ActivityFunctionPlan[] {
  const modules = declaredActivities(environment, pipeline).flatMap((activity) =>
    activity.kind === "lambda" ? [activity.code] : [],
  );
  return [...new Set(modules)].map((code) => planOf(environment, pipeline, code));
}
