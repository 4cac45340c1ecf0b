/** Why nothing is predicted from a feature table; the state machine shows the name. */
export type PredictionFault =
  /** The table was made by another version of the features than the model was trained on. */
  | "OtherFeatureTable"
  /** The table lacks a feature that the model reads. */
  | "MissingFeature"
  /** The table has no row. */
  | "EmptyFeatureTable"
  /** The model gives no finite number for a row. */
  | "NoFinitePrediction";

/** A feature table and a model that do not go together: says what was found, what is needed and what to do. */
export class PredictionError extends Error {
  constructor(fault: PredictionFault, message: string) {
    super(message);
    this.name = fault;
  }
}
