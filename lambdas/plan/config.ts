import type { DatasetDefinition } from "../datasets/dataset.ts";

/** Contents of the `config.json` of the Lambda that plans a run. */
export interface PlanConfig {
  environment: string;
  /** The lake's bucket. */
  bucket: string;
  /** The project's datasets, each behind those that it is made of, and the team's own. */
  datasets: DatasetDefinition[];
  cities: { name: string; siteId: number; timeZone: string }[];
  /** Columns of the landing tables, those that activities add included, without the partition. */
  readingColumns: string[];
  weatherColumns: string[];
  /** Nothing can have arrived before: a date, the first of the landing tables' partitions. */
  firstArrival: string;
  /** Hours that a forecast reaches. */
  horizonHours: number;
  /** Days before a forecast from which it knows a meter's own past. */
  historyDays: number;
  /** RMSLE that the model's card gives per meter type's code, to which the monitor holds the latest week. */
  reference: Record<string, number>;
  /** How far the latest week's RMSLE may exceed it: 0.25 for 25 %. */
  driftThreshold: number;
}
