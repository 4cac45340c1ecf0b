/**
 * Step Functions on this machine: the declared state machines, whose definitions are run as they are deployed, and their
 * executions, which are kept in the data folder.
 */

export { realClock, type Clock } from "./clock.ts";
export type { ExecutionEvent, ExecutionStatus } from "./execution-event.ts";
export type { Execution } from "./execution.ts";
export { ExecutionStore } from "./execution-store.ts";
export { Executions, type StartRequest } from "./executions.ts";
export type { HistoryEvent } from "./history.ts";
export type { Integration } from "./integrations/integration.ts";
export { lambdaInvoke, lambdaResource } from "./integrations/lambda-invoke.ts";
export type { Json, JsonObject } from "./json.ts";
export { readMachines } from "./machines.ts";
export { StatesRefusal } from "./refusal.ts";
