import type { Attributes } from "../validate.ts";

/** How an element ends that does not reach its table. */
export interface Ending {
  ended: "dropped" | "rejected";
  /** The activity that dropped or failed it. */
  by: string | null;
  reason: string | null;
}

/** Applies an activity: changes the attributes in place, and returns an ending when the element goes no further. */
export type Apply = (attributes: Attributes) => Ending | undefined;

/** A compiled activity. */
export interface Step {
  apply: Apply;
  /** Attributes that it gives a value to. */
  sets: readonly string[];
  /** Those of them that it does not need to have had one. */
  makes: readonly string[];
}
