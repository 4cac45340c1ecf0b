/** The error names that Step Functions reserves (Step Functions developer guide, "Handling errors in workflows"). */
export const reserved = {
  all: "States.ALL",
  branchFailed: "States.BranchFailed",
  dataLimitExceeded: "States.DataLimitExceeded",
  exceedToleratedFailureThreshold: "States.ExceedToleratedFailureThreshold",
  heartbeatTimeout: "States.HeartbeatTimeout",
  intrinsicFailure: "States.IntrinsicFailure",
  itemReaderFailed: "States.ItemReaderFailed",
  noChoiceMatched: "States.NoChoiceMatched",
  parameterPathFailure: "States.ParameterPathFailure",
  permissions: "States.Permissions",
  queryEvaluationError: "States.QueryEvaluationError",
  resultPathMatchFailure: "States.ResultPathMatchFailure",
  resultWriterFailed: "States.ResultWriterFailed",
  runtime: "States.Runtime",
  taskFailed: "States.TaskFailed",
  timeout: "States.Timeout",
} as const;

/** A state that failed: what Retry and Catch look at, and what an execution that nothing catches ends with. */
export class StateError extends Error {
  /** The error's name: "States.Timeout", "NoData". */
  readonly error: string;
  /** For people; what a function threw is JSON. */
  override readonly cause: string;
  /** Reserved names, beside its own, by which a retrier or a catcher may have it. */
  readonly aliases: readonly string[];

  constructor(error: string, cause: string, aliases: readonly string[] = []) {
    super(`${error}: ${cause}`);
    this.name = "StateError";
    this.error = error;
    this.cause = cause;
    this.aliases = aliases;
  }
}

/**
 * Whether a retrier or a catcher that names these errors has this one (Step Functions developer guide, "Handling errors
 * in workflows", Error names): States.ALL stands for any but States.DataLimitExceeded, States.TaskFailed for any but
 * States.Timeout, and nothing has States.Runtime.
 */
export function hasError(errorEquals: readonly string[], { error, aliases }: StateError): boolean {
  if (error === reserved.runtime) return false;
  const names = [error, ...aliases];
  if (error !== reserved.dataLimitExceeded) {
    names.push(reserved.all);
    if (!names.includes(reserved.timeout)) names.push(reserved.taskFailed);
  }
  return errorEquals.some((name) => names.includes(name));
}
