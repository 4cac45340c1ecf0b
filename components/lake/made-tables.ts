import type { Dataset } from "../../datasets/index.ts";
import { columnsOf, dataset, datasets, dayColumn } from "../../datasets/index.ts";
import type { Environment } from "../../environments/index.ts";
import { durationMilliseconds } from "../../environments/index.ts";
import type { Column } from "./columns.ts";
import { forecastDate, predictionColumns } from "./columns.ts";
import type { Partition, TablePlan } from "./tables.ts";

/** Folder of the predictions. */
export const predictionsFolder = "predictions";

/** Folder of the datasets: of each its versions, and the manifests of the current one. */
export const datasetsFolder = "datasets";

/** Whether an environment has runs that make datasets: for predictions, or for datasets of the team's own. */
export function makesDatasets({ inference, datasets: own }: Environment): boolean {
  return inference !== undefined || own.length > 0;
}

/** Whether an environment can have a dataset of the project: without predictions none that is made of them. */
export function isMadeIn({ inference }: Environment, one: Dataset): boolean {
  return inference !== undefined || !isOfPredictions(one);
}

function isOfPredictions({ trigger }: Dataset): boolean {
  return trigger.on === "dataset" ? isOfPredictions(dataset(trigger.name)) : trigger.on === "predictions";
}

/**
 * The tables that runs fill: the datasets that are stored, and the predictions. Their days are those that readings tell
 * of, from the first that is accepted on.
 */
export function madeTables(environment: Environment, readings: TablePlan, weather: TablePlan): TablePlan[] {
  if (!makesDatasets(environment)) return [];
  const { acceptFrom, acceptAhead } = environment.ingestion;
  const dates = {
    first: new Date(acceptFrom).toISOString().slice(0, 10),
    daysAhead: Math.max(1, Math.ceil(durationMilliseconds(acceptAhead) / durationMilliseconds("1d"))),
  };
  const byDay = (column: Column): Partition => ({ column, folder: `${column.name}=\${${column.name}}`, dates });
  const listed = { reading_columns: readings.columns, weather_columns: weather.columns };
  const predictions: TablePlan = {
    name: "predictions",
    description: "What is expected: a row per building, meter type, hour and forecast",
    format: "parquet",
    folder: predictionsFolder,
    columns: predictionColumns,
    partitions: [byDay(forecastDate)],
  };
  return [
    ...datasets
      .filter((one) => one.stored !== "no" && isMadeIn(environment, one))
      .map((one): TablePlan => ({
        name: one.name,
        description: one.what,
        format: "manifests",
        folder: `${datasetsFolder}/${one.name}/current`,
        columns: columnsOf(one, listed),
        partitions: one.stored === "by day" ? [byDay(dayColumn)] : [],
      })),
    ...(environment.inference === undefined ? [] : [predictions]),
  ];
}
