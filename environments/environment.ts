/** The meter types, by the names and codes of the ASHRAE Great Energy Predictor III data. */
export const meterTypeCodes = { electricity: 0, chilledwater: 1, steam: 2, hotwater: 3 } as const;

export type MeterTypeName = keyof typeof meterTypeCodes;

/** One step of a pipeline, applied to each reading or observation in turn. `name` says it in counts and in `left_out`. */
export type Activity = { name: string } & (
  | { /** Keeps the messages for which the expression is true. */ kind: "filter"; filter: string }
  | { /** Sets `attribute` to the value of the expression. */ kind: "math"; attribute: string; math: string }
  | { /** Copies attributes: existing name to new name. */ kind: "addAttributes"; attributes: Record<string, string> }
  | { kind: "removeAttributes"; attributes: string[] }
  | { /** Keeps these attributes only. */ kind: "selectAttributes"; attributes: string[] }
  | {
      /** Sends the messages in batches to a function of the team's own, which gives back as many. */
      kind: "lambda";
      /** Absolute path of the function's module. */
      code: string;
      /** Messages of one invocation, at most. */
      batchSize: number;
      /** Columns of the tables that the function fills, with their types. */
      columns: Record<string, AddedColumnType>;
    }
);

/** What a column that an activity adds can hold: a number, a whole number, a text, a time as epoch ms. */
export const addedColumnTypes = ["double", "int", "string", "timestamp"] as const;

export type AddedColumnType = (typeof addedColumnTypes)[number];

export interface MeterType {
  type: MeterTypeName;
  /** Unit of meter_reading, for people: "kWh". */
  unit: string;
  /** SQL of its topic rule where the environment brings its own. */
  sql?: string;
  /** Applied to the readings of this meter type, in order. */
  activities: Activity[];
}

export interface City {
  /** ASHRAE's site_id; weather messages carry it. */
  siteId: number;
  /** A key: topics, thing names, the column `city`. Letters, digits and hyphens. */
  name: string;
  /** For people; the name where the file has none. */
  label: string;
  /** ISO 3166-1 alpha-2: whose public holidays count. */
  country: string;
  /** The part after the hyphen of an ISO 3166-2 code ("ENG"), where holidays differ by region. */
  subdivision?: string;
  /** Degrees north. */
  latitude: number;
  /** Degrees east. */
  longitude: number;
  /** IANA name. */
  timeZone: string;
  /** The clock of the stamps in this site's meter files; messages always carry UTC. */
  meterClock: "local" | "UTC";
  /** What its things register; all of the environment's where the file has none. */
  meterTypes: MeterTypeName[];
  /** Which buildings the city is expected to have: ids firstId to firstId + count - 1. */
  buildings: { firstId: number; count: number };
}

export interface Ingestion {
  /** Days that the raw messages (the channel) are kept. */
  rawRetentionDays: number;
  /** How long a delivery stream collects before it writes, in seconds. */
  bufferSeconds: number;
  /** How much a delivery stream collects before it writes, in MiB. */
  bufferMegabytes: number;
  /** Days that logs are kept. */
  logRetentionDays: number;
  /** Earliest accepted timestamp, ISO 8601. */
  acceptFrom: string;
  /** How far a timestamp may lie after its message's arrival: see {@link durationMilliseconds}. */
  acceptAhead: string;
  /** Topic rules in place of one per meter type; the reading's `meter` then says its type. */
  rules?: { name: string; sql: string }[];
}

export interface Inference {
  /** rate(...), cron(...) or at(...), as EventBridge Scheduler has it. */
  schedule: string;
  /** IANA name of the zone in which cron and at are meant. */
  timeZone: string;
  /** What predicts: a Lambda function per city, or a SageMaker Processing job for all of them. */
  engine: "lambda" | "sagemaker";
  /** Of the Processing job. */
  instanceType: string;
  /** Absolute path of the model's folder. */
  model: string;
  /** Hours that a forecast reaches. */
  horizonHours: number;
  /** Days before a forecast from which it knows a meter's own past. */
  historyDays: number;
  /** E-mail addresses that are told of failures, drift and alarms. */
  notify: string[];
  /** threshold: how far the latest week's error may exceed the reference, 0.25 for 25 %. */
  drift: { threshold: number };
  /** Hours after which the latest predictions are too old, by the wall clock. */
  staleAfterHours: number;
}

/** A SQL dataset of the team's own. */
export interface TeamDataset {
  /** Its key: lower-case letters, digits and _. */
  name: string;
  /** Its SELECT, with :from and :to as the dates of the window. */
  sql: string;
  /** As {@link Inference.schedule}; without one it runs on demand only. */
  schedule?: string;
  /** IANA name of the zone of the schedule. */
  timeZone: string;
  /** Days up to now that a run asks for. */
  windowDays: number;
  /** Key under which a result is delivered, with !{scheduleTime} and !{versionId}; without one it is not. */
  deliver?: string;
  /** How long versions are kept: so many days, and at most so many versions. */
  keep: { days: number; versions?: number };
}

export interface Dashboard {
  /** Who may make analyses of the data sets, besides seeing the dashboard: group/NAME or user/NAME of QuickSight. */
  authors: string[];
  /** Who sees the dashboard. */
  viewers: string[];
  /** Region in which the account's users and groups of QuickSight are kept; the environment's where absent. */
  identityRegion?: string;
  /** How QuickSight takes in what a run has made. */
  refresh: "full" | "incremental";
  /** Origins of the pages that may embed it; none at all where it is empty. */
  embedDomains: string[];
  /** A letter each morning; absent where nobody gets one. */
  digest?: {
    /** Address that sends it. */
    from: string;
    recipients: string[];
    /** HH:MM. */
    time: string;
    /** IANA name. */
    timeZone: string;
  };
  theme: "light" | "dark";
}

/** All that differs between environments, as the file says it, with defaults filled in. */
export interface Environment {
  /** Part of every physical name. */
  name: string;
  /** AWS region. */
  region: string;
  /** Whether data and the resources that hold it are protected from deletion. */
  protect: boolean;
  /** Put on every resource that takes tags. */
  tags: Record<string, string>;
  meterTypes: MeterType[];
  cities: City[];
  weather: { sql?: string; activities: Activity[] };
  ingestion: Ingestion;
  /** How predictions are made; absent in an environment that makes none. */
  inference?: Inference;
  /** The team's own SQL datasets. */
  datasets: TeamDataset[];
  /** The dashboard in QuickSight; absent in an environment that has none. */
  dashboard?: Dashboard;
}
