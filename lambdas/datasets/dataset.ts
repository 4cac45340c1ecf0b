/**
 * What the run's Lambdas need to know of a dataset, as plain data: it travels in their `config.json`. The datasets
 * themselves are files of the folder `datasets/`, read when the program is evaluated.
 */

/** The type of a single value that a parameter stands for. */
export type ScalarType = "date" | "timestamp" | "integer" | "double" | "text" | "boolean";

/** A name that a dataset's SQL has behind a colon, and what takes its place. */
export interface Parameter {
  name: string;
  /** A value; the names of columns; or the rows of a VALUES, each with values of these types. */
  type: ScalarType | "columns" | { rows: ScalarType[] };
}

/** What makes a dataset anew: what arrived, predictions, another dataset, a step of the run, a schedule, or a person. */
export type Trigger =
  | { on: "arrivals" }
  | { on: "predictions" }
  | { on: "dataset"; name: string }
  /** A question of the run itself, whose answer is no dataset. */
  | { on: "run" }
  /** One per city and forecast, as input of the features. */
  | { on: "forecast" }
  | { on: "schedule" }
  | { on: "demand" };

/** The days that one refresh asks for. */
export type Delta =
  /** Those whose input has changed, widened by the reach. */
  | { of: "touched days" }
  /** The last so many up to now, this day included. */
  | { of: "days"; days: number }
  /** As the run needs it. */
  | { of: "run" }
  | { of: "all" };

/** How many days before and after a day its input changes. */
export interface Reach {
  before: number;
  after: number;
}

/** How long a version is kept that is no longer the current one: so many days, and at most so many versions. */
export interface Keep {
  days: number;
  versions?: number;
}

export interface DatasetDefinition {
  name: string;
  /** Its SELECT, with parameters as `:name`. */
  sql: string;
  parameters: Parameter[];
  trigger: Trigger;
  delta: Delta;
  reach: Reach;
  /** Kept as Parquet in one folder per day (its last column, dt), as one whole, or only delivered. */
  stored: "by day" | "whole" | "no";
  keep: Keep;
  /** Key template of its delivery, which ends in .csv or .parquet. */
  deliver?: string;
}
