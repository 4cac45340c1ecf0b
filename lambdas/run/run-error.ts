/** Why a step of the run fails; the state machine shows the name, and a state can catch it. */
export type RunFault =
  /** There is nothing to predict from. */
  | "NoData"
  /** A dataset that was asked for and that there is not. */
  | "UnknownDataset"
  /** A window that is none, or too long. */
  | "InvalidWindow"
  /** What the execution was started with is not what it takes. */
  | "InvalidInput"
  /** A query's result that is not what the step expects. */
  | "InvalidResult"
  /** Other runs keep replacing the same object. */
  | "Contention";

/** A step that cannot do its work: says what was asked, what there is and what to do. */
export class RunError extends Error {
  constructor(fault: RunFault, message: string) {
    super(message);
    this.name = fault;
  }
}
