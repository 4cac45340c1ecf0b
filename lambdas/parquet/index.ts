/** Parquet files as columns of typed arrays, in memory. */

export { ParquetError } from "./error.ts";
export { describeParquet, readParquet } from "./read.ts";
export type { ColumnKind, ParquetFile, ParquetTable } from "./read.ts";
export { writeParquet } from "./write.ts";
export type { WrittenColumn } from "./write.ts";
