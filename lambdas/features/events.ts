import type { ForecastItem, Run } from "../plan/events.ts";

/** Makes the feature table of an item of a run's plan. */
export interface FeaturesEvent {
  run: Pick<Run, "id">;
  item: Pick<ForecastItem, "id" | "city" | "starts" | "to" | "horizonHours">;
  /** `QueryExecution.Statistics.DataManifestLocation` of the UNLOAD of the item's readings, and of its weather. */
  readings: string;
  weather: string;
}

export interface FeaturesMade {
  /** Of the feature table, in the lake's bucket. */
  key: string;
  rows: number;
  /** What a reader of the predictions should know, a sentence each. */
  warnings: string[];
}
