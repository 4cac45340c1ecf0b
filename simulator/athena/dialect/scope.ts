import type { Node } from "./tree.ts";

/** The common table expressions that a part of a query sees: by name in lower case, each translated. */
export type CommonTables = ReadonlyMap<string, Node>;

/** What an expression sees. */
export interface Scope {
  ctes: CommonTables;
  /** The signatures of the expressions that a query is grouped by, where it is grouped. */
  groups?: ReadonlySet<string>;
}

/** Where an expression stands. */
export interface Place extends Scope {
  /** Whether only what a clock shows of it matters: then AT TIME ZONE can stand here. */
  clock: boolean;
}
