import { randomUUID } from "node:crypto";
import type { Workgroup } from "../declared/index.ts";
import type { Caller } from "../permissions/index.ts";
import { failureOf } from "./failure.ts";
import type { S3Folder } from "./glue-table.ts";
import type { QueryExecution, StartQuery } from "./query-execution.ts";
import type { ResultColumn } from "./result-file.ts";

/** A query that was started. */
export interface Execution {
  told: QueryExecution;
  output: S3Folder;
  caller: Caller | undefined;
  columns: ResultColumn[];
  isSelect: boolean;
  /** Whether somebody wants it to end. */
  stopped: boolean;
  over: Promise<void>;
  /** Of a SELECT whose rows do not become an object. */
  taken: Taken | undefined;
}

/** Who takes the rows of a SELECT: the columns in DuckDB's types, and what becomes of the Parquet file that has them. */
export interface Taken {
  columns: readonly { name: string; duckdbType: string }[];
  /** The file is gone when it has resolved. */
  take: (file: string) => Promise<void>;
}

/** Athena's reason of an execution that was stopped. */
export const cancelled = "Query was cancelled by user";

/** What is told of a query at first. */
export function executionOf(request: StartQuery, workgroup: Workgroup, output: S3Folder): QueryExecution {
  const { Database: database, Catalog: catalog } = request.QueryExecutionContext ?? {};
  return {
    QueryExecutionId: randomUUID(),
    Query: request.QueryString,
    WorkGroup: workgroup.name,
    QueryExecutionContext: {
      ...(database !== undefined && { Database: database }),
      Catalog: catalog?.toLowerCase() ?? "awsdatacatalog",
    },
    ResultConfiguration: { OutputLocation: `s3://${output.bucket}/${output.prefix}/` },
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    EngineVersion: {
      SelectedEngineVersion: "Athena engine version 3",
      EffectiveEngineVersion: "Athena engine version 3",
    },
    Status: { State: "QUEUED", SubmissionDateTime: Date.now() },
    Statistics: {},
  };
}

/** Tells how a query ended. */
export function end(told: QueryExecution, state: "SUCCEEDED" | "FAILED" | "CANCELLED", reason?: string): void {
  told.Status.State = state;
  told.Status.CompletionDateTime = Date.now();
  if (reason !== undefined) told.Status.StateChangeReason = reason;
}

/** Tells why a query failed. */
export function fail(told: QueryExecution, error: Error): void {
  const { reason, ...athenaError } = failureOf(error, told.Query);
  end(told, "FAILED", reason);
  told.Status.AthenaError = { ...athenaError, Retryable: false, ErrorMessage: reason };
}
