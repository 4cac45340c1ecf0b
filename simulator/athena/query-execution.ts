/** What Athena's API refuses; `type` is the exception's name (Athena API reference, StartQueryExecution, Errors). */
export class AthenaRefusal extends Error {
  override readonly name = "AthenaRefusal";
  readonly type: "AccessDeniedException" | "InternalServerException" | "InvalidRequestException";

  constructor(type: AthenaRefusal["type"], message: string) {
    super(message);
    this.type = type;
  }
}

/** A request of StartQueryExecution. */
export interface StartQuery {
  QueryString: string;
  WorkGroup?: string | undefined;
  QueryExecutionContext?: { Database?: string | undefined; Catalog?: string | undefined } | undefined;
  ResultConfiguration?: { OutputLocation?: string | undefined } | undefined;
  /** The same token is the same execution. */
  ClientRequestToken?: string | undefined;
}

export type QueryState = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";

/** As GetQueryExecution answers (Athena API reference, QueryExecution); times are epoch milliseconds. */
export interface QueryExecution {
  QueryExecutionId: string;
  Query: string;
  StatementType?: "DML" | "UTILITY";
  WorkGroup: string;
  QueryExecutionContext: { Database?: string; Catalog: string };
  ResultConfiguration: { OutputLocation: string };
  ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } };
  EngineVersion: { SelectedEngineVersion: string; EffectiveEngineVersion: string };
  Status: {
    State: QueryState;
    StateChangeReason?: string;
    SubmissionDateTime: number;
    CompletionDateTime?: number;
    AthenaError?: { ErrorCategory: number; ErrorType: number; Retryable: boolean; ErrorMessage: string };
  };
  Statistics: {
    QueryQueueTimeInMillis?: number;
    EngineExecutionTimeInMillis?: number;
    TotalExecutionTimeInMillis?: number;
    /** A text with an s3:// URL a line: the files that an UNLOAD wrote. */
    DataManifestLocation?: string;
  };
}

/** Whether nothing more becomes of it. */
export function isOver({ Status }: QueryExecution): boolean {
  return Status.State !== "QUEUED" && Status.State !== "RUNNING";
}
