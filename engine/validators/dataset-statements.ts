import { dataSetPlans } from "../../components/dashboard/data-sets/plans.ts";
import { planConfig } from "../../components/inference/configs.ts";
import type { Environment } from "../../environments/index.ts";
import type { ParameterValue } from "../../lambdas/datasets/literal.ts";
import { unload } from "../../lambdas/datasets/statement.ts";
import { fixedValues, renderWith } from "../../lambdas/plan/dataset-items.ts";
import type { Statement } from "./trino-grammar.ts";

/** What a run would fill in, by the parameter's name; an instant where a date is a date. */
const anyValues: Record<string, ParameterValue> = {
  from: "2018-12-03",
  to: "2018-12-04",
  arrived_from: "2018-12-01",
  forecast_from: "2018-12-02",
  keep_current: true,
  city: "Jacksonville",
  site: 0,
};

/** What the data sets of an environment's dashboard ask Athena. */
export function dashboardStatements(environment: Environment): Statement[] {
  const { dashboard } = environment;
  if (dashboard === undefined) return [];
  return dataSetPlans(environment, dashboard.refresh).map(({ dataSet, sql }) => ({
    name: `dashboard, ${dataSet.identifier}.sql`,
    sql,
  }));
}

/** Everything that an environment's runs ask Athena: each dataset's SELECT, and as UNLOAD. */
export function datasetStatements(environment: Environment): Statement[] {
  const config = planConfig(environment, "lake", { 0: 0.5 });
  return config.datasets.flatMap((dataset) => {
    const instants = dataset.parameters
      .filter(({ type }) => type === "timestamp")
      .map(({ name }) => [name, `${String(anyValues[name])}T00:00:00Z`] as const);
    const sql = renderWith(dataset, { ...fixedValues(config), ...anyValues, ...Object.fromEntries(instants) });
    const { before, after } = unload(
      sql,
      "lake",
      `datasets/${dataset.name}/versions/v/0`,
      dataset.stored === "by day" ? "by day" : "whole",
    );
    return [
      { name: `${dataset.name}.sql`, sql },
      { name: `${dataset.name}.sql, unloaded`, sql: `${before}0${after}` },
    ];
  });
}
