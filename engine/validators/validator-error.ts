/** A validator could not run, or does not find what it should. */
export class ValidatorError extends Error {
  override readonly name = "ValidatorError";
}

/** Something that a validator says about a resource. */
export interface Finding {
  /** Id of the resource in the graph. */
  resource: string;
  /** What the validator calls it: "E3034", "UNKNOWN_ACTION". */
  rule: string;
  message: string;
}
