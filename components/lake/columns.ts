/** The column types of the lake, as Hive (Glue, Firehose's conversion) writes them. */
export type HiveType = "int" | "bigint" | "double" | "string" | "date" | "timestamp";

export interface Column {
  /** Lower case: Glue folds names. */
  name: string;
  type: HiveType;
  /** For people who read the catalog. */
  comment?: string;
}

/** The same types as Presto (Athena's views) writes them: the two must agree column by column. */
export const prestoTypes: Readonly<Record<HiveType, string>> = {
  int: "integer",
  bigint: "bigint",
  double: "double",
  string: "varchar",
  date: "date",
  timestamp: "timestamp(3)",
};

/** A reading as it is sent. */
export const readingColumns: readonly Column[] = [
  { name: "building_id", type: "int" },
  { name: "meter", type: "int", comment: "0 electricity, 1 chilledwater, 2 steam, 3 hotwater" },
  { name: "timestamp", type: "timestamp", comment: "UTC" },
  { name: "meter_reading", type: "double", comment: "in the unit of the meter type" },
];

/** A weather observation as it is sent. */
export const weatherColumns: readonly Column[] = [
  { name: "site_id", type: "int" },
  { name: "timestamp", type: "timestamp", comment: "UTC" },
  { name: "air_temperature", type: "double", comment: "degrees Celsius" },
  { name: "cloud_coverage", type: "double", comment: "oktas" },
  { name: "dew_temperature", type: "double", comment: "degrees Celsius" },
  { name: "precip_depth_1_hr", type: "double", comment: "millimetres; -1 is a trace" },
  { name: "sea_level_pressure", type: "double", comment: "hectopascals" },
  { name: "wind_direction", type: "double", comment: "degrees from north" },
  { name: "wind_speed", type: "double", comment: "metres per second" },
];

/** What the transform adds to a weather observation, from the wall clock of the city. */
export const localTimeColumns: readonly Column[] = [
  { name: "hour", type: "int", comment: "0 to 23, local time" },
  { name: "weekday", type: "int", comment: "Monday 0 to Sunday 6, local time" },
  { name: "week", type: "int", comment: "ISO 8601 week, local time" },
  { name: "month", type: "int", comment: "1 to 12, local time" },
  { name: "is_holiday", type: "int", comment: "1 on a public holiday of the city's country" },
];

/** What the transform adds to every row: where it comes from. */
export const arrivalColumns: readonly Column[] = [
  { name: "city", type: "string" },
  { name: "received", type: "bigint", comment: "arrival of the message, milliseconds since 1970 UTC" },
  { name: "record_id", type: "string", comment: "the delivery stream's id of the record" },
  { name: "position", type: "int", comment: "place in the envelope, 0 for a single message" },
];

/** An element that was not stored. */
export const leftOutColumns: readonly Column[] = [
  { name: "record_id", type: "string", comment: "the delivery stream's id of the record" },
  { name: "position", type: "int", comment: "place in the envelope, 0 for a single message" },
  { name: "pipeline", type: "string", comment: "readings or weather" },
  { name: "ended", type: "string", comment: "dropped (by an activity) or rejected" },
  { name: "by", type: "string", comment: "the activity that dropped it" },
  { name: "reason", type: "string", comment: "why it was rejected" },
  { name: "payload", type: "string", comment: "the original bytes in base64" },
  { name: "topic", type: "string" },
  { name: "client", type: "string" },
  { name: "city", type: "string" },
  { name: "received", type: "bigint", comment: "arrival of the message, milliseconds since 1970 UTC" },
];

/** The register of buildings. */
export const buildingColumns: readonly Column[] = [
  { name: "building_id", type: "int" },
  { name: "site_id", type: "int" },
  { name: "primary_use", type: "string" },
  { name: "square_feet", type: "double" },
  { name: "year_built", type: "int" },
  { name: "floor_count", type: "int" },
];

/**
 * What Firehose writes under an error prefix, keys folded to lower case: the developer guide's "data transformation
 * failure handling" (errorCode, errorMessage, lambdaArn) and "record format conversion" (lastErrorCode, lastErrorMessage).
 */
export const deliveryFailureColumns: readonly Column[] = [
  { name: "attemptsmade", type: "int" },
  { name: "arrivaltimestamp", type: "bigint", comment: "milliseconds since 1970 UTC" },
  { name: "errorcode", type: "string" },
  { name: "errormessage", type: "string" },
  { name: "lasterrorcode", type: "string" },
  { name: "lasterrormessage", type: "string" },
  { name: "attemptendingtimestamp", type: "bigint", comment: "milliseconds since 1970 UTC" },
  { name: "rawdata", type: "string", comment: "the record in base64" },
  { name: "lambdaarn", type: "string" },
];

/** What is expected of a series in an hour; of one forecast there is one row for it. */
export const predictionColumns: readonly Column[] = [
  { name: "building_id", type: "int" },
  { name: "meter", type: "int", comment: "0 electricity, 1 chilledwater, 2 steam, 3 hotwater" },
  { name: "city", type: "string" },
  { name: "timestamp", type: "timestamp", comment: "start of the hour, UTC" },
  { name: "predicted", type: "double", comment: "in the unit of the meter type" },
  { name: "model_version", type: "string" },
  { name: "run_id", type: "string", comment: "name of the execution" },
  { name: "forecast_start", type: "timestamp", comment: "first predicted hour, UTC: readings before it were known" },
];

/** The partition of the predictions. */
export const forecastDate: Column = { name: "dt", type: "date", comment: "date of forecast_start, UTC" };

/** The partition of a landing table: the date of arrival, UTC. */
export const arrivalDate: Column = { name: "dt", type: "date", comment: "date of arrival, UTC" };
