import type { ExecutionStatus } from "./execution-event.ts";

/** An execution, as DescribeExecution tells of it; times are epoch milliseconds. */
export interface Execution {
  name: string;
  arn: string;
  /** The machine's name. */
  machine: string;
  machineArn: string;
  /** JSON. */
  input: string;
  started: number;
  status: ExecutionStatus;
  stopped?: number;
  /** JSON, of one that succeeded. */
  output?: string;
  /** Of one that did not. */
  error?: string;
  cause?: string;
}

/** How an execution ended. */
export type Outcome = Pick<Execution, "output" | "error" | "cause"> & {
  status: Exclude<ExecutionStatus, "RUNNING">;
  stopped: number;
};
