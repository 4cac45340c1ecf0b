import type { Environment } from "../../environments/index.ts";
import { meterTypeCodes } from "../../environments/index.ts";
import type { Activity, Pipeline } from "../../lambdas/transform/config.ts";

/** The activities of both pipelines. Those of a meter type apply to its readings only, whatever rule took them. */
export function pipelineActivities(environment: Environment): Record<Pipeline, Activity[]> {
  return {
    readings: environment.meterTypes.flatMap(({ type, activities }) =>
      activities.map((activity) => ({ ...activity, meter: meterTypeCodes[type] })),
    ),
    weather: environment.weather.activities,
  };
}
