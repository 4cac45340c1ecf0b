/** A column of a row group, decoded: numbers, texts, bigints, nulls. Times are epoch milliseconds. */
export type Column = ArrayLike<unknown>;

/** A file with named columns, read in groups of rows. */
export interface Table {
  file: string;
  columns: readonly string[];
  /** Whether numbers in a column of times are of a wall clock: not marked as adjusted to UTC. */
  zoneless(column: string): boolean;
  /** The row groups from the one that holds a row on; `first` is the number of rows before it. */
  groups(columns: readonly string[], fromRow: number): AsyncGenerator<RowGroup>;
}

export interface RowGroup {
  first: number;
  rows: number;
  columns: Record<string, Column>;
  /** The line at which each row begins, from 1, in a text file. */
  lines?: readonly number[];
  /** Why a row cannot be read, where it cannot. */
  faults?: readonly (string | undefined)[];
}
