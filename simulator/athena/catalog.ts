import type { Graph } from "@metercast/graph";
import type { TableName } from "./dialect/index.ts";
import type { S3Folder } from "./glue-table.ts";
import type { ResultColumn } from "./result-file.ts";
import type { Row } from "./rows.ts";
import type { UnloadedFile } from "./unload.ts";

export interface CatalogOptions {
  graph: Graph;
  /** The folder that holds a bucket's objects, each at its key. */
  bucketFolder: (bucket: string) => string;
  /** The folder in which statements write, each in one of its own; without one there are no files to write. */
  outputFolder?: string;
  /**
   * The database of tables that are named without one.
   *
   * @default the declared one, where there is just one
   */
  database?: string;
  /** The time by which a projection's NOW goes. */
  now?: () => Date;
}

/** The declared Glue tables and views over the files that are there now. */
export interface Catalog {
  /**
   * The rows of one SELECT, SHOW, DESCRIBE or EXPLAIN in Athena's SQL. Every call sees the files of its moment.
   *
   * @throws QueryError
   */
  query(sql: string): Promise<Row[]>;
  /**
   * Runs one statement as Athena runs it: its result becomes files.
   *
   * @throws QueryError, or what `reading` throws
   */
  run(sql: string, options: RunOptions): Promise<Ran>;
  /** Ends the statement that runs. */
  interrupt(): void;
  close(): void;
}

export interface RunOptions {
  /** The database of tables that are named without one. */
  database: string | undefined;
  /**
   * The rows of a SELECT become a Parquet file with these columns and no others, in DuckDB's types; without it they become
   * CSV as Athena writes it.
   */
  parquet?: readonly { name: string; duckdbType: string }[] | undefined;
  /** A folder of its own below `outputFolder`, in which its result is written. */
  folder: string;
  /** Called once, with what the statement may read, before it reads it; what it throws ends the statement. */
  reading: (reads: Reads) => Promise<void>;
}

/** What a statement may read: an object that its conditions leave out is among them. */
export interface Reads {
  /** Tables and views, those behind views too. */
  tables: TableName[];
  objects: { bucket: string; key: string }[];
  /** Where it looks for them. */
  folders: S3Folder[];
  /** Where an UNLOAD writes. */
  to: string | undefined;
}

/** What became of a statement. */
export type Ran =
  | { kind: "rows"; file: string; columns: ResultColumn[]; isSelect: boolean }
  | { kind: "unload"; to: string; files: UnloadedFile[] };
