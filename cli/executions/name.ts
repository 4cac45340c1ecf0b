/** A name for an execution that a person starts: unique, and sorted by time. */
export function executionName(): string {
  return `run-${new Date().toISOString().replace(/[-:.]/g, "")}`;
}

/** Whether a person started the execution of this name, rather than a schedule. */
export function isExecutionName(name: string): boolean {
  return /^run-\d{8}T\d{9}Z$/.test(name);
}
