import type { Environment } from "../../environments/index.ts";
import type { Activity, Pipeline } from "../../lambdas/transform/config.ts";
import { addedColumns } from "../../lambdas/transform/columns.ts";
import { pipelineActivities } from "../ingestion/pipeline-activities.ts";
import type { Column } from "./columns.ts";
import {
  arrivalColumns,
  arrivalDate,
  buildingColumns,
  deliveryFailureColumns,
  leftOutColumns,
  localTimeColumns,
  readingColumns,
  weatherColumns,
} from "./columns.ts";
import { madeTables } from "./made-tables.ts";
import { latestCopies } from "./views.ts";

/** A table of the lake as plain data. */
export interface TablePlan {
  name: string;
  description: string;
  /** "manifests": Parquet, in the files that a manifest in the folder lists. */
  format: "parquet" | "json" | "manifests";
  /** Folder in the bucket, without slashes at its ends. */
  folder: string;
  columns: readonly Column[];
  /** How the folder is split, from the outermost level on. */
  partitions: readonly Partition[];
}

/** A level of folders below a table's, projected: Athena works out the names from the values. */
export interface Partition {
  column: Column;
  /** The folder's name, with the value as `${column}`. */
  folder: string;
  /** All values of a text column. */
  values?: readonly string[];
  /** The dates of a date column: the first, and how many days the last lies ahead of today. */
  dates?: { first: string; daysAhead: number };
}

/** A view of the lake as plain data. */
export interface ViewPlan {
  name: string;
  description: string;
  columns: readonly Column[];
  sql: string;
}

export interface LakePlan {
  readings: TablePlan;
  weather: TablePlan;
  leftOut: TablePlan;
  deliveryFailures: TablePlan;
  buildings: TablePlan;
  /** What the runs of the state machines fill: the datasets that are stored, and the predictions. */
  made: readonly TablePlan[];
  views: readonly ViewPlan[];
}

/** Nothing of metercast can have arrived before; every date of the range costs a query without a bound one listing. */
export const firstArrival = "2025-01-01";

/** Tomorrow is in the range for clocks that run ahead. */
const byArrival: Partition = {
  column: arrivalDate,
  folder: `${arrivalDate.name}=\${${arrivalDate.name}}`,
  dates: { first: firstArrival, daysAhead: 1 },
};

/** As the delivery streams' error prefixes have it: stream, kind of error, date of arrival. */
const failurePartitions: readonly Partition[] = [
  {
    column: { name: "pipeline", type: "string", comment: "whose delivery stream failed" },
    folder: "${pipeline}",
    values: ["readings", "weather", "left_out"],
  },
  {
    column: { name: "error_type", type: "string", comment: "at which step" },
    folder: "${error_type}",
    values: ["processing-failed", "format-conversion-failed"],
  },
  byArrival,
];

function landing(name: string, description: string, columns: readonly Column[]): TablePlan {
  return { name: `${name}_landing`, description, format: "parquet", folder: name, columns, partitions: [byArrival] };
}

function viewOf(
  name: string,
  description: string,
  table: TablePlan,
  identity: readonly string[],
  latest: readonly string[],
): ViewPlan {
  const columns = [...table.columns, ...table.partitions.map(({ column }) => column)];
  const names = columns.map((column) => column.name);
  return { name, description, columns, sql: latestCopies(table.name, names, identity, latest) };
}

/** The columns that a pipeline's activities add, with the types in which its transform writes them. */
function columnsAddedBy(pipeline: Pipeline, activities: readonly Activity[]): Column[] {
  return Object.entries(addedColumns(pipeline, activities)).map(([name, type]) => ({ name, type }));
}

/**
 * The tables and views of an environment. The columns that its activities add stand between those of the message and
 * those of the arrival.
 */
export function lakePlan(environment: Environment): LakePlan {
  const activities = pipelineActivities(environment);
  const readings = landing("readings", "Readings as they arrived, copies included", [
    ...readingColumns,
    ...columnsAddedBy("readings", activities.readings),
    ...arrivalColumns,
  ]);
  const weather = landing("weather", "Weather observations as they arrived, copies included", [
    ...weatherColumns,
    ...columnsAddedBy("weather", activities.weather),
    ...localTimeColumns,
    ...arrivalColumns,
  ]);
  const leftOut = landing("left_out", "Elements that were not stored, copies included", leftOutColumns);
  const latest = ["received", "record_id", "position"];
  return {
    readings,
    weather,
    leftOut,
    deliveryFailures: {
      name: "delivery_failures",
      description: "Records that a delivery stream could not transform or convert",
      format: "json",
      folder: "errors",
      columns: deliveryFailureColumns,
      partitions: failurePartitions,
    },
    buildings: {
      name: "buildings",
      description: "The register of buildings, put here by the team",
      format: "json",
      folder: "buildings",
      columns: buildingColumns,
      partitions: [],
    },
    made: madeTables(environment, readings, weather),
    views: [
      viewOf(
        "readings",
        "One row per building, meter type and time: the latest copy",
        readings,
        ["building_id", "meter", "timestamp"],
        latest,
      ),
      viewOf("weather", "One row per site and time: the latest copy", weather, ["site_id", "timestamp"], latest),
      viewOf(
        "left_out",
        "One row per element that was dropped or rejected",
        leftOut,
        ["record_id", "position"],
        ["received", "dt"],
      ),
    ],
  };
}

/**
 * The parameters of a table. A landing table's partitions are projected, not registered: Athena works out the folders
 * from the range, so that a day is there as soon as its first object is. Projected dates are UTC, as the folders are.
 *
 * @param location The table's folder: `s3://<bucket>/<folder>`.
 */
export function tableParameters(plan: TablePlan, location: string): Record<string, string> {
  const parameters = { EXTERNAL: "TRUE", classification: plan.format === "json" ? "json" : "parquet" };
  if (plan.partitions.length === 0) {
    return parameters;
  }
  return {
    ...parameters,
    "projection.enabled": "true",
    ...Object.fromEntries(plan.partitions.flatMap((partition) => Object.entries(projectionOf(partition)))),
    "storage.location.template": `${location}/${plan.partitions.map(({ folder }) => `${folder}/`).join("")}`,
  };
}

function projectionOf({ column: { name }, values = [], dates }: Partition): Record<string, string> {
  if (dates === undefined) {
    return { [`projection.${name}.type`]: "enum", [`projection.${name}.values`]: values.join(",") };
  }
  return {
    [`projection.${name}.type`]: "date",
    [`projection.${name}.format`]: "yyyy-MM-dd",
    [`projection.${name}.range`]: `${dates.first},NOW+${dates.daysAhead}DAYS`,
  };
}

/** Input format, output format and SerDe of a file format, by their Java classes. */
export const formatClasses = {
  parquet: {
    inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  },
  json: {
    inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
  },
  manifests: {
    inputFormat: "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  },
} as const;
