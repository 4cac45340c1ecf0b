/** Why no SQL could be made of a dataset; the state machine shows the name. */
export type DatasetFault =
  /** A parameter that is missing, not declared, or has a value that is not of its type. */
  | "InvalidParameter"
  /** A delivery's key that would not be one, or lie among the lake's own folders. */
  | "InvalidKey";

/** A dataset that cannot be asked as it stands: says which, what was given and what is allowed. */
export class DatasetError extends Error {
  constructor(fault: DatasetFault, message: string) {
    super(message);
    this.name = fault;
  }
}
