/**
 * What the page's server and its browser say to each other: JSON over HTTP, and events. Types only, for both sides.
 *
 * | request | answer |
 * | --- | --- |
 * | `GET /api/dashboard` | {@link Dashboards} |
 * | `POST /api/visual`, {@link VisualRequest} | {@link VisualData} |
 * | `POST /api/values`, {@link ValuesRequest} | {@link ControlValues} |
 * | `GET /api/visual.csv?request=` with a {@link VisualRequest} as JSON | all rows of the visual as a file |
 * | `GET /api/status` | {@link Status} |
 * | `GET /api/execution?arn=` | {@link ExecutionHistory} |
 * | `GET /api/events` | server-sent events, {@link PageEvents} by their names |
 *
 * What is refused or fails has a status from 400 on and a {@link Failure}.
 */

/** A sentence for a person. */
export interface Failure {
  error: string;
}

/**
 * A value of a row: a time is in epoch milliseconds. Times of the data sets are what a clock shows, the city's or UTC's as
 * the column says, so that they are written as if they were UTC; the zone is named beside them.
 */
export type Cell = string | number | null;

/** @template Definition the declared definition, as CloudFormation spells it */
export interface Dashboards<Definition = unknown> {
  /** Name of the environment. */
  environment: string;
  cities: City[];
  /** None in an environment without a dashboard. */
  dashboards: Dashboard<Definition>[];
}

export interface City {
  name: string;
  /** For people, as the data sets have it. */
  label: string;
  /** IANA name. */
  timeZone: string;
}

export interface Dashboard<Definition = unknown> {
  id: string;
  name: string;
  definition: Definition;
  /** ARN of the declared theme among `themes`. */
  theme: string;
  /** All that are declared: one for light and one for dark. */
  themes: Theme[];
  /** By the identifier that the definition has for them. */
  dataSets: Record<string, DataSetState>;
}

export interface Theme {
  arn: string;
  /** Dark. */
  dark: boolean;
  /** Of data; a colour's place is the same in every theme. */
  colors: string[];
  emptyFillColor: string;
  gradient: string[];
  /** `primaryBackground`, `primaryForeground`, `secondaryBackground`, `accent`, `danger` ... */
  interface: Record<string, string>;
}

export type ColumnType = "STRING" | "INTEGER" | "DECIMAL" | "DATETIME";

export interface DataSetState {
  columns: { name: string; type: ColumnType }[];
  /** none: nothing has been imported yet; failed: the last import failed, what was there before it is shown. */
  state: "none" | "importing" | "ready" | "failed";
  /** Why the last import failed. */
  error?: string;
  /** Epoch milliseconds of what is shown. */
  importedAt?: number;
  /** Of what is shown. */
  rows?: number;
}

/** Texts of a parameter with several values, none for all of them; a whole number; or a day as YYYY-MM-DD. */
export type ParameterValue = string[] | number | string;

/**
 * What was picked in a visual, in force for every data set that has the column: a value, or the times from one to another
 * (epoch milliseconds; the end is not in it), as a click on a day or an hour picks them.
 */
export type Picked = { column: string; value: Cell } | { column: string; from: number; to: number };

export interface VisualRequest {
  /** Id. */
  dashboard: string;
  /** VisualId. */
  visual: string;
  /** By name; what is left out has its declared value. */
  parameters?: Record<string, ParameterValue>;
  /** From other visuals of the sheet. */
  picks?: Picked[];
  /** Of a table, from 1. */
  page?: number;
}

export interface VisualColumn {
  /** The declared field. */
  field: string;
  /** Its column in the data set. */
  column: string;
  /** For people: as the definition names it. */
  label: string;
  /** Where the field stands in the visual. */
  role: "category" | "color" | "row" | "column" | "value" | "line" | "target" | "trend" | "group";
  /** time: epoch milliseconds. */
  type: "text" | "number" | "time";
  /** Of a time that is grouped. */
  granularity?: "HOUR" | "DAY" | "WEEK" | "MONTH";
}

export interface VisualData {
  columns: VisualColumn[];
  /** In the order in which they are shown. */
  rows: Cell[][];
  /** What the definition leaves out or puts on another page: what is counted, how many are shown, how many there are. */
  limits: { of: "categories" | "colors" | "rows"; shown: number; total: number }[];
  /** Conditional formatting: the cells of a field that have a colour of their own. */
  emphases: { field: string; color: string; /** Indices. */ rows: number[] }[];
  /** Epoch milliseconds of the import that this is of; undefined where the data set is asked directly. */
  importedAt?: number;
}

export interface ValuesRequest {
  dashboard: string;
  /** ParameterControlId. */
  control: string;
  /** Of the others, for a control that shows only what occurs together with theirs. */
  parameters?: Record<string, ParameterValue>;
}

export interface ControlValues {
  /** In the order in which they are offered. */
  values: string[];
  /** More than are offered. */
  truncated: boolean;
}

/** How the pipeline stands. */
export interface Status {
  /** What became of everything that was accepted; undefined where the tables cannot be read, with the reason. */
  ends?: Ends;
  endsError?: string;
  /** Epoch milliseconds at which `ends` and `rejected` were counted. */
  countedAt?: number;
  /** Messages that no rule took. */
  unrouted: number;
  /** The newest first. */
  rejected: Rejected[];
  /** The newest first. */
  executions: ExecutionSummary[];
  notifications: NotificationEntry[];
  schedules: ScheduleEntry[];
  services: Services;
}

export interface Ends {
  readings: PipelineEnds;
  weather: PipelineEnds;
}

export interface PipelineEnds {
  /** The sum of the rest. */
  accepted: number;
  stored: number;
  /** By the activity that dropped them. */
  dropped: Record<string, number>;
  /** By reason. */
  rejected: Record<string, number>;
}

export interface Rejected {
  pipeline: string;
  reason: string;
  topic: string | null;
  client: string | null;
  /** Epoch milliseconds. */
  received: number | null;
  /** As a client sent it, as text; bytes that are no text are written as \xNN. */
  original: string;
  /** Bytes that `original` leaves out. */
  cut: number;
}

export type ExecutionState = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

export interface ExecutionSummary {
  arn: string;
  name: string;
  machine: string;
  status: ExecutionState;
  /** Epoch milliseconds. */
  started: number;
  stopped?: number;
  error?: string;
  cause?: string;
}

export interface ExecutionHistory {
  execution: ExecutionSummary;
  /** In the order in which they were entered; those of a Map stand behind it, once for each item. */
  states: ExecutedState[];
}

export interface ExecutedState {
  name: string;
  /** "Task", "Map", "Choice". */
  type: string;
  status: "running" | "succeeded" | "failed";
  /** Epoch milliseconds. */
  entered: number;
  exited?: number;
  /** How deep in Map and Parallel states it stands; 0 for the machine's own. */
  depth: number;
  /** Of one in a Map or Parallel state: of which item or branch it is, from 0. */
  item?: number;
  /** Of a failed one, or of an attempt that failed. */
  error?: string;
  cause?: string;
  retries: number;
}

export interface NotificationEntry {
  /** Epoch milliseconds. */
  at: number;
  topic: string;
  subject?: string;
  message: string;
}

export interface ScheduleEntry {
  name: string;
  expression: string;
  timeZone: string;
  enabled: boolean;
  /** Epoch milliseconds; left out where it will not be any more. */
  next?: number;
}

/** The declared graph, reduced to what does something. */
export interface Services {
  nodes: ServiceNode[];
  arrows: ServiceArrow[];
}

export interface ServiceNode {
  id: string;
  /** "IoT rule", "Firehose", "Lambda", "S3", "Athena", "Step Functions", "Scheduler", "SNS", "QuickSight" ... */
  service: string;
  name: string;
  /** Column from left to right in which it is best drawn, from 0. */
  column: number;
}

export interface ServiceArrow {
  from: string;
  to: string;
  /** What passes: "messages", "records", "invocations". */
  what: string;
  /** Of the last minute; left out where it is not counted. */
  perMinute?: number;
}

/** Events by name, with the JSON that they carry. */
export interface PageEvents {
  /** A data set has an import that ended: what draws it is to be asked for anew. */
  imported: { dashboard: string; dataSet: string };
  /** Something has happened in an execution. */
  execution: { arn: string; machine: string; status: ExecutionState };
  /** What `GET /api/status` gives may have changed. */
  status: object;
  /** Each 15 seconds, and at once: `started` is when the simulator did, epoch milliseconds. */
  heartbeat: { started: number };
}
