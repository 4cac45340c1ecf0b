import { datasets, teamDataset } from "../../datasets/index.ts";
import type { DatasetDefinition } from "../../datasets/index.ts";
import type { Environment, Inference } from "../../environments/index.ts";
import type { FeaturesConfig } from "../../lambdas/features/config.ts";
import { holidayTable } from "../../lambdas/holidays.ts";
import type { PlanConfig } from "../../lambdas/plan/config.ts";
import type { PredictConfig } from "../../lambdas/predict/config.ts";
import type { PublishConfig } from "../../lambdas/publish/config.ts";
import type { WatchConfig } from "../../lambdas/watch/config.ts";
import { isMadeIn } from "../lake/made-tables.ts";
import { firstArrival, lakePlan } from "../lake/tables.ts";
import { metricNamespace } from "./alarm-plans.ts";

/** The project's datasets that an environment makes, each behind those that it is made of, and the team's own. */
export function datasetsOf(environment: Environment): DatasetDefinition[] {
  return [
    ...datasets
      .filter((one) => isMadeIn(environment, one))
      .map(({ what: _what, columns: _columns, ...definition }) => definition),
    ...environment.datasets.map(teamDataset),
  ];
}

/** A plan for datasets alone looks at neither. */
const noForecasts = { horizonHours: 24, historyDays: 42, drift: { threshold: 0.25 } };

/** @param reference RMSLE that the model's card gives, by the meter type's code */
export function planConfig(environment: Environment, bucket: string, reference: Record<string, number>): PlanConfig {
  const { readings, weather } = lakePlan(environment);
  const { horizonHours, historyDays, drift } = environment.inference ?? noForecasts;
  return {
    environment: environment.name,
    bucket,
    datasets: datasetsOf(environment),
    cities: environment.cities.map(({ name, siteId, timeZone }) => ({ name, siteId, timeZone })),
    readingColumns: readings.columns.map(({ name }) => name),
    weatherColumns: weather.columns.map(({ name }) => name),
    firstArrival,
    horizonHours,
    historyDays,
    reference,
    driftThreshold: drift.threshold,
  };
}

export function publishConfig(environment: Environment, bucket: string): PublishConfig {
  return {
    environment: environment.name,
    bucket,
    datasets: datasetsOf(environment).map(({ name, keep }) => ({ name, keep })),
  };
}

export function featuresConfig(environment: Environment, { historyDays }: Inference, bucket: string): FeaturesConfig {
  const cities = environment.cities.map(({ name, siteId, timeZone, country, subdivision }) => ({
    name,
    siteId,
    timeZone,
    country,
    ...(subdivision === undefined ? {} : { subdivision }),
  }));
  return { bucket, historyDays, cities, holidays: holidayTable(cities) };
}

export function watchConfig(environment: Environment, { drift }: Inference, bucket: string): WatchConfig {
  return { environment: environment.name, bucket, namespace: metricNamespace, driftThreshold: drift.threshold };
}

/** @param model folder of the model in the bucket */
export function predictConfig(bucket: string, model: string): PredictConfig {
  return { bucket, model };
}
