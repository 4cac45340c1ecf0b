import { setTimeout as pause } from "node:timers/promises";
import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  SFNClient,
  SFNServiceException,
  StartExecutionCommand,
  StopExecutionCommand,
  type HistoryEvent,
} from "@aws-sdk/client-sfn";
import { ExecutionError } from "./execution-error.ts";
import { Passage, type StateEvent } from "./passage.ts";

/** How often a running execution is asked. */
const stepMs = 250;

/** What a request ends with when the process that it asks has ended. */
const lostConnection = new Set<unknown>(["ECONNREFUSED", "ECONNRESET", "EPIPE"]);

/** How an execution ended. */
export interface Outcome {
  /** Its name. */
  execution: string;
  status: "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
  seconds: number;
  /** Of one that succeeded. */
  output?: unknown;
  error?: string;
  cause?: string;
}

/** Step Functions at an endpoint on this machine, which takes any signature. */
export function clientAt(http: string): SFNClient {
  const credentials = { accessKeyId: "laptop", secretAccessKey: "laptop" };
  return new SFNClient({ endpoint: http, region: "us-east-1", credentials });
}

export interface ExecutionRequest {
  http: string;
  /** ARN. */
  machine: string;
  /** Unique for the machine. */
  name: string;
  input: object;
  /** Gets what happens as it happens. */
  passed: (event: StateEvent) => void;
  /** Stops the execution. */
  signal?: AbortSignal | undefined;
}

/**
 * Starts an execution and follows it to its end.
 *
 * @throws ExecutionError when it cannot be started, or the simulator ended meanwhile
 */
export async function follow({ http, machine, name, input, passed, signal }: ExecutionRequest): Promise<Outcome> {
  const client = clientAt(http);
  try {
    const started = await client.send(
      new StartExecutionCommand({ stateMachineArn: machine, name, input: JSON.stringify(input) }),
    );
    const executionArn = started.executionArn ?? "";
    signal?.addEventListener(
      "abort",
      () => void client.send(new StopExecutionCommand({ executionArn, cause: "stopped by its user" })),
    );
    const passage = new Passage();
    let told = 0;
    for (;;) {
      const { status, startDate, stopDate, output, error, cause } = await client.send(
        new DescribeExecutionCommand({ executionArn }),
      );
      const events = await historyOf(client, executionArn);
      for (const event of events.slice(told)) passage.take(event)?.forEach(passed);
      told = events.length;
      if (status !== "RUNNING") {
        return {
          execution: name,
          status: status as Outcome["status"],
          seconds: ((stopDate?.getTime() ?? 0) - (startDate?.getTime() ?? 0)) / 1000,
          ...(output === undefined ? {} : { output: JSON.parse(output) as unknown }),
          ...(error === undefined ? {} : { error }),
          ...(cause === undefined ? {} : { cause }),
        };
      }
      await pause(stepMs);
    }
  } catch (error) {
    if (error instanceof SFNServiceException) throw new ExecutionError(`${error.name}: ${error.message}`);
    if (error instanceof Error && "code" in error && lostConnection.has(error.code)) {
      throw new ExecutionError("The simulator ended while the execution ran: start it again, and run it again.");
    }
    throw error;
  } finally {
    client.destroy();
  }
}

async function historyOf(client: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  const pages = paginateGetExecutionHistory({ client, pageSize: 1000 }, { executionArn, includeExecutionData: true });
  for await (const { events: page = [] } of pages) events.push(...page);
  return events;
}
