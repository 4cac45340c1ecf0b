import type { Environment, TopicRule } from "../../environments/index.ts";
import { durationMilliseconds } from "../../environments/index.ts";
import { holidayTable } from "../../lambdas/holidays.ts";
import type { LeftOutConfig } from "../../lambdas/left-out/config.ts";
import type { City, Pipeline, TransformConfig } from "../../lambdas/transform/config.ts";
import type { TablePlan } from "../lake/tables.ts";
import { lakePlan } from "../lake/tables.ts";
import { pipelineActivities } from "./pipeline-activities.ts";

/** What the transform of an environment's pipeline is configured with, with the columns of its landing table. */
export function pipelineConfig(environment: Environment, pipeline: Pipeline): TransformConfig {
  return transformConfig(environment, pipeline, lakePlan(environment)[pipeline]);
}

/** What a pipeline's transform is configured with; only weather needs the holidays, for its local time. */
export function transformConfig(environment: Environment, pipeline: Pipeline, table: TablePlan): TransformConfig {
  const cities = citiesOf(environment);
  return {
    pipeline,
    environment: environment.name,
    acceptFrom: Date.parse(environment.ingestion.acceptFrom),
    acceptAheadMs: durationMilliseconds(environment.ingestion.acceptAhead),
    activities: pipelineActivities(environment)[pipeline],
    cities,
    holidays: pipeline === "weather" ? holidayTable(cities) : {},
    columns: table.columns.map(({ name }) => name),
  };
}

/** What the transform of the left_out stream is configured with. */
export function leftOutConfig(environment: Environment, rules: readonly TopicRule[]): LeftOutConfig {
  return {
    environment: environment.name,
    rules: Object.fromEntries(rules.map(({ name, kind }) => [name, kind === "meter" ? "readings" : "weather"])),
    cities: citiesOf(environment),
  };
}

function citiesOf(environment: Environment): City[] {
  return environment.cities.map(({ name, siteId, timeZone, country, subdivision }) => ({
    name,
    siteId,
    timeZone,
    country,
    ...(subdivision === undefined ? {} : { subdivision }),
  }));
}
