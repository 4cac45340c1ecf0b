/**
 * Runs a graph on this machine: broker, write-ahead log, topic rules, delivery streams, functions, and Athena's SQL
 * over what is stored. It knows AWS's types of resources and nothing of the program that declared them.
 */

export { openCatalog, QueryError, type Catalog, type Row } from "./athena/index.ts";
export { refusal } from "./broker/limits.ts";
export { PortError } from "./broker/listen.ts";
export { DataFolder, DataFolderError } from "./data-folder.ts";
export { DeclarationError, readGraph } from "./declared/index.ts";
export { readEmails, type Email } from "./notifications/emails.ts";
export { newestRecords } from "./channel/newest.ts";
export type { StreamRecord } from "./delivery/transform.ts";
export { readUnrouted } from "./delivery/unrouted.ts";
export { addressOf, atEndpoint, finish, run, type RunOptions } from "./run.ts";
export { reprocess, type Reprocessed, type ReprocessOptions } from "./reprocess/reprocess.ts";
export type { Simulator, SimulatorOptions } from "./simulator.ts";
export type { ScheduleTime } from "./scheduler/scheduler.ts";
export { StatesRefusal, type Execution, type ExecutionEvent, type ExecutionStatus } from "./states/index.ts";
