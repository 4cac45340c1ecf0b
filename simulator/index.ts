export { openCatalog, QueryError, type Catalog, type Row } from "./athena/index.ts";
export { PortError } from "./broker/listen.ts";
export { DataFolder, DataFolderError } from "./data-folder.ts";
export { DeclarationError } from "./declared/index.ts";
export { readUnrouted } from "./delivery/unrouted.ts";
export { addressOf, finish, run, type RunOptions } from "./run.ts";
export type { Simulator } from "./simulator.ts";
