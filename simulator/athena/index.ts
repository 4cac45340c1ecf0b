/**
 * Athena on this machine: the declared Glue tables and views in DuckDB over the objects of a data folder, asked in
 * Athena's SQL.
 */

export type { Catalog } from "./catalog.ts";
export { openCatalog } from "./open-catalog.ts";
export { QueryError } from "./errors.ts";
export { type Json, type Row } from "./rows.ts";
export { AthenaRefusal, type QueryExecution } from "./query-execution.ts";
export { checkedInput, inputs, type Inputs } from "./requests.ts";
export { resultPage } from "./result-page.ts";
export { AthenaService } from "./service.ts";
export { quoteName, quoteText } from "./quote.ts";
