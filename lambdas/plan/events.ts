import type { Statement } from "../datasets/statement.ts";
import type { DayRange } from "../run/days.ts";

/** What an execution of the state machine is started with; all of it may be left out. */
export interface RunInput {
  /**
   * With `datasets`: the event days to make anew, from their arrivals alone. Without: the first hour to predict. ISO 8601;
   * a date is midnight UTC.
   */
  from?: string;
  /** Its end, which is not in it. */
  to?: string;
  /** Forecasts that start up to so many hours before the latest one are made, too. */
  backtestHours?: number;
  /** Only these datasets, and those that they make. */
  datasets?: string[];
  /** When the schedule asked for the run, ISO 8601. */
  scheduleTime?: string;
}

/** `{step: "begin"}`: the answer is the {@link Run}. */
export interface BeginEvent {
  step: "begin";
  execution: {
    /** `$$.Execution.Name` */
    name: string;
    /** `$$.Execution.StartTime` */
    startTime: string;
  };
  /** `$$.Execution.Input` */
  input: RunInput;
}

/** A run, as each later step gets it. */
export interface Run {
  /** Name of the execution. */
  id: string;
  /** Start and name: sorts by time. */
  version: string;
  /** ISO 8601. */
  startedAt: string;
  scheduleTime: string;
  from?: string;
  to?: string;
  backtestHours?: number;
  datasets?: string[];
  /** Date from which on what arrived is looked at. */
  arrivedFrom: string;
  /** To be asked before the step "datasets". */
  arrivals: { sql: string };
  /** To be asked before the step "forecasts". */
  latestHours: { sql: string };
}

/** `{step: "datasets"}`: the answer is a list of {@link DatasetItem}, in the order in which they are to be made. */
export interface DatasetsEvent {
  step: "datasets";
  run: Run;
  /** `QueryExecution.ResultConfiguration.OutputLocation` of the run's arrivals. */
  result: string;
}

/** A dataset to be made anew: first its statements, in any order, then the publish step. */
export interface DatasetItem {
  name: string;
  version: string;
  /** Not empty; each to be run as before + number of the attempt + after. */
  statements: Statement[];
  /** The days that the statements answer for; none for what is not stored by day. */
  days: DayRange[];
  stored: "by day" | "whole" | "no";
  /** Key under which the result is delivered. */
  deliver?: string;
}

/** `{step: "forecasts"}`: the answer is the {@link ForecastPlan}. */
export interface ForecastsEvent {
  step: "forecasts";
  run: Run;
  /** `QueryExecution.ResultConfiguration.OutputLocation` of the run's latest hours. */
  result: string;
}

/** The forecasts of a city that are made together. */
export interface ForecastItem {
  /** `<city>-<n>` */
  id: string;
  city: string;
  siteId: number;
  /** First hours, ISO 8601: of each forecast only readings before it are known. */
  starts: string[];
  /** End of the last predicted hour, ISO 8601. */
  to: string;
  /** Hours that a forecast reaches; `to` may cut it short. */
  horizonHours: number;
  readings: Statement;
  weather: Statement;
}

export interface ForecastPlan {
  items: ForecastItem[];
  /** The cities that get no forecast. */
  skipped: { city: string; reason: string }[];
  /** From the first predicted hour to the end of the last. */
  window: { from: string; to: string };
}

/** `{step: "comparisons"}`: the answer is a list of {@link DatasetItem}, as of the step "datasets". */
export interface ComparisonsEvent {
  step: "comparisons";
  run: Run;
}

export type PlanEvent = BeginEvent | DatasetsEvent | ForecastsEvent | ComparisonsEvent;
