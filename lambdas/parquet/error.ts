/** A Parquet file that cannot be read, or lacks what is asked of it. */
export class ParquetError extends Error {
  constructor(file: string, what: string, cause?: unknown) {
    super(`Parquet file ${file}: ${what}`, { cause });
    this.name = "ParquetError";
  }
}
