export { openCatalog, QueryError, type Catalog, type Row } from "./athena/index.ts";
export { PortError } from "./broker/listen.ts";
export { DataFolder, DataFolderError } from "./data-folder.ts";
export { DeclarationError } from "./declared/index.ts";
export { newestRecords } from "./channel/newest.ts";
export { readUnrouted } from "./delivery/unrouted.ts";
export { addressOf, finish, run, type RunOptions } from "./run.ts";
export { reprocess, type Reprocessed, type ReprocessOptions } from "./reprocess/reprocess.ts";
export type { Simulator } from "./simulator.ts";
