/** What a column of a data set holds; a time is a wall clock's, without a zone. */
export type ColumnKind = "text" | "integer" | "number" | "time";

export type Columns = Readonly<Record<string, ColumnKind>>;

/** A data set as the definition sees it: its identifier and the kinds of its columns. */
export interface DataSet<C extends Columns = Columns> {
  /** Its name in the definition, and in the SQL's comment: "use_by_day". */
  readonly identifier: string;
  readonly columns: C;
}

/** The names of the columns of a data set that hold one of some kinds. */
export type ColumnOf<C extends Columns, Kind extends ColumnKind> = {
  [Name in keyof C & string]: C[Name] extends Kind ? Name : never;
}[keyof C & string];

/** Types of QuickSight's data sets (API reference, InputColumn). */
export const columnTypes: Readonly<Record<ColumnKind, string>> = {
  text: "STRING",
  integer: "INTEGER",
  number: "DECIMAL",
  time: "DATETIME",
};
