import type { ColumnType } from "./columns.ts";

/** The two pipelines: readings of meters, and observations of weather stations. */
export type Pipeline = "readings" | "weather";

interface NamedActivity {
  /** Shown wherever the step is counted or blamed. */
  name: string;
  /** The meter code (0 to 3) that the step applies to; every meter type when absent. */
  meter?: number;
}

/** A step that is applied to each reading or observation by itself. Expressions are IoT SQL over its attributes. */
export type ElementActivity = NamedActivity &
  (
    | { kind: "filter"; filter: string }
    | { kind: "math"; attribute: string; math: string }
    /** Existing name to new name; the existing attribute stays. */
    | { kind: "addAttributes"; attributes: Record<string, string> }
    | { kind: "removeAttributes"; attributes: string[] }
    | { kind: "selectAttributes"; attributes: string[] }
  );

/** A step that sends readings or observations in batches through a function of the team's. */
export type FunctionActivity = NamedActivity & {
  kind: "lambda";
  /** Name of the function. */
  function: string;
  /** Elements of one invocation, at most 1,000. */
  batchSize: number;
  /** Columns of the landing table that the function fills. */
  columns: Record<string, ColumnType>;
};

/** One step of a pipeline, as IoT Analytics had it. */
export type Activity = ElementActivity | FunctionActivity;

/**
 * Seconds that a function of the team's may take for one batch. The transform that waits for it has the five minutes that
 * Firehose waits.
 */
export const functionTimeoutSeconds = 60;

/** What the transform needs to know of a city. */
export interface City {
  name: string;
  siteId: number;
  /** IANA name, for example "America/New_York". */
  timeZone: string;
  /** ISO 3166-1 code, for example "GB". */
  country: string;
  /** The part after the hyphen of an ISO 3166-2 code, for example "ENG". */
  subdivision?: string;
}

/** Contents of the transform's `config.json`. */
export interface TransformConfig {
  pipeline: Pipeline;
  environment: string;
  /** Epoch ms; an earlier timestamp is refused. */
  acceptFrom: number;
  /** Milliseconds after its arrival that a timestamp may lie. */
  acceptAheadMs: number;
  /** Applied in this order. */
  activities: Activity[];
  cities: City[];
  /** ISO dates of the public holidays by {@link holidayCalendar}; used by the weather pipeline only. */
  holidays: Record<string, string[]>;
  /** Columns of the landing table; nothing else is written. */
  columns: string[];
}

/** Key of a city's holidays in {@link TransformConfig.holidays}: "US", or "GB-ENG" where a subdivision is named. */
export function holidayCalendar(city: { country: string; subdivision?: string }): string {
  return city.subdivision === undefined ? city.country : `${city.country}-${city.subdivision}`;
}
