import type { Run } from "../plan/events.ts";

/** Predicts from the feature table of an item of a run's plan. */
export interface PredictEvent {
  run: Pick<Run, "id">;
  /** Of the feature table, in the lake's bucket. */
  key: string;
}

export interface Predicted {
  rows: number;
  /** Of the files of predictions, in the lake's bucket; one for each start of a forecast. */
  keys: string[];
  /** What a reader of the predictions should know, a sentence each. */
  warnings: string[];
}
