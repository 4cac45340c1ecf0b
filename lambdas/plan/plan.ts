import type { Storage } from "../storage/index.ts";
import { begin } from "./begin.ts";
import type { PlanConfig } from "./config.ts";
import type { DatasetItem, ForecastPlan, PlanEvent, Run } from "./events.ts";
import { planForecasts } from "./forecasts.ts";
import { planComparisons, planDatasets } from "./refresh.ts";
import { RunError } from "../run/run-error.ts";

/** Answers a step of the run. @throws RunError, DatasetError, StorageError; their names are shown by the state machine */
export function compilePlan(
  config: PlanConfig,
  storage: Pick<Storage, "find" | "get" | "put" | "list">,
): (event: PlanEvent) => Promise<Run | DatasetItem[] | ForecastPlan> {
  return async (event) => {
    switch (event.step) {
      case "begin":
        return begin(config, storage, event);
      case "datasets":
        return planDatasets(config, storage, event);
      case "forecasts":
        return planForecasts(config, storage, event);
      case "comparisons":
        return planComparisons(config, storage, event);
      default:
        throw new RunError(
          "InvalidInput",
          `The plan has no step ${JSON.stringify((event as { step?: unknown }).step)}.`,
        );
    }
  };
}
