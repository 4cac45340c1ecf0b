export { openCatalog, type Catalog } from "./catalog.ts";
export { QueryError } from "./errors.ts";
export { type Json, type Row } from "./rows.ts";
