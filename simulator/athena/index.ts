export { openCatalog, type Catalog, type CatalogOptions } from "./catalog.ts";
export { QueryError } from "./errors.ts";
export { jsonOf, type Json, type Row } from "./rows.ts";
