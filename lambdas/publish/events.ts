import type { DatasetItem, Run } from "../plan/events.ts";

/** What is read of a `QueryExecution`, as athena:startQueryExecution.sync answers. */
export interface QueryExecution {
  QueryExecutionId?: string;
  ResultConfiguration?: { OutputLocation?: string };
  Statistics?: { DataManifestLocation?: string };
}

/** `{step: "publish"}`: makes what the statements of an item gave the current version. */
export interface PublishEvent {
  step: "publish";
  item: DatasetItem;
  /** Of the item's statements, in their order. */
  results: QueryExecution[];
}

export interface Published {
  name: string;
  version: string;
  /** Days, or wholes, whose manifest was written. */
  written: number;
  /** Those that a later run had written already. */
  superseded: number;
  /** Data files. */
  files: number;
  /** Keys of the deliveries. */
  delivered: string[];
}

/** `{step: "mark"}`: remembers how far arrivals have been processed, and removes versions that are no longer kept. */
export interface MarkEvent {
  step: "mark";
  run: Run;
}

export interface Marked {
  /** Date up to which everything that arrived has been processed; none before the first whole run. */
  arrivedThrough?: string;
  /** Days that are left for later runs. */
  pending: { from: string; to: string }[];
  /** Data files that were removed. */
  retired: number;
}
