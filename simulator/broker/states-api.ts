import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { StatesRefusal, type Execution, type Executions, type HistoryEvent } from "../states/index.ts";
import type { Answer } from "./http.ts";
import { requestBytes, textOf } from "./request-text.ts";

const prefix = "AWSStepFunctions.";

/** Whether a request is one of Step Functions' API. */
export function isStatesRequest({ headers }: IncomingMessage): boolean {
  const target = headers["x-amz-target"];
  return typeof target === "string" && target.startsWith(prefix);
}

const name = z.string();
const page = { maxResults: z.number().int().min(0).max(1000).optional(), nextToken: z.string().optional() };
const withoutMeaning = z.unknown().optional();

const inputs = {
  StartExecution: z.strictObject({
    stateMachineArn: name,
    name: name.optional(),
    input: z.string().optional(),
    traceHeader: withoutMeaning, // nothing is traced on this machine
  }),
  StopExecution: z.strictObject({ executionArn: name, error: z.string().optional(), cause: z.string().optional() }),
  DescribeExecution: z.strictObject({ executionArn: name, includedData: withoutMeaning }),
  ListExecutions: z.strictObject({
    stateMachineArn: name,
    statusFilter: z.enum(["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]).optional(),
    ...page,
  }),
  GetExecutionHistory: z.strictObject({
    executionArn: name,
    reverseOrder: z.boolean().optional(),
    includeExecutionData: z.boolean().optional(),
    ...page,
  }),
  StartSyncExecution: z.looseObject({}),
};

type Inputs = { [Operation in keyof typeof inputs]: z.output<(typeof inputs)[Operation]> };

/** Entries of a page where nothing is asked for (Step Functions API reference). */
const pageLength = 100;

/**
 * Step Functions' API (JSON 1.0) as far as executions go. The machine's user asks, as with S3: no signature is checked.
 */
export class StatesApi {
  readonly #operations: { [Operation in keyof Inputs]: (input: Inputs[Operation]) => object | Promise<object> };

  constructor(executions: Executions) {
    this.#operations = {
      StartExecution: ({ stateMachineArn: machineArn, name, input }) => {
        const { arn, started } = executions.start({ machineArn, name, input });
        return { executionArn: arn, startDate: seconds(started) };
      },
      StopExecution: async ({ executionArn, ...reason }) => {
        const { stopped } = await executions.stop(executionArn, reason);
        return { stopDate: seconds(stopped ?? Date.now()) };
      },
      DescribeExecution: ({ executionArn }) => described(executions.describe(executionArn)),
      ListExecutions: ({ stateMachineArn: machineArn, statusFilter: status, ...asked }) => {
        const { entries, nextToken } = pageOf(executions.list({ machineArn, status }), asked);
        return { executions: entries.map(listed), nextToken };
      },
      GetExecutionHistory: ({ executionArn, reverseOrder, includeExecutionData = true, ...asked }) => {
        const history = executions.history(executionArn);
        const { entries, nextToken } = pageOf(reverseOrder ? history.toReversed() : history, asked);
        const events = includeExecutionData ? entries : entries.map(withoutData);
        return { events: events.map(withSeconds), nextToken };
      },
      StartSyncExecution: () => {
        throw new StatesRefusal(
          "StateMachineTypeNotSupported",
          "StartSyncExecution is for express workflows: this machine is a standard workflow",
        );
      },
    };
  }

  /** Answers a request whole. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    const { status, body: answer } = await this.#answer(String(request.headers["x-amz-target"]), body);
    response.writeHead(status, {
      "content-type": "application/x-amz-json-1.0",
      "x-amzn-requestid": crypto.randomUUID(),
    });
    response.end(JSON.stringify(answer));
  }

  async #answer(target: string, body: string | undefined): Promise<Answer> {
    const operation = target.slice(prefix.length);
    try {
      if (!isOperation(operation)) {
        const known = Object.keys(inputs).join(", ");
        throw new StatesRefusal("UnknownOperationException", `${target} is not served here: ${known} are`);
      }
      return { status: 200, body: await this.#do(operation, parsed(body)) };
    } catch (error) {
      if (error instanceof StatesRefusal) return refusal(error);
      throw error;
    }
  }

  async #do<Operation extends keyof Inputs>(operation: Operation, body: unknown): Promise<object> {
    return this.#operations[operation](checked<Inputs[Operation]>(inputs[operation], body));
  }
}

function checked<Input>(schema: z.ZodType, body: unknown): Input {
  const input = schema.safeParse(body);
  if (input.success) return input.data as Input;
  throw new StatesRefusal(
    "ValidationException",
    input.error.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": ")).join("; "),
  );
}

function isOperation(operation: string): operation is keyof Inputs {
  return Object.hasOwn(inputs, operation);
}

function refusal({ type, message }: StatesRefusal): Answer & { body: object } {
  return { status: 400, body: { __type: type, message } };
}

function parsed(body: string | undefined): unknown {
  if (body === undefined) {
    throw new StatesRefusal("ValidationException", `a request has ${requestBytes} bytes at most`);
  }
  try {
    return JSON.parse(body === "" ? "{}" : body) as unknown;
  } catch (error) {
    throw new StatesRefusal("SerializationException", (error as Error).message);
  }
}

/** Step Functions' times are seconds. */
function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}

function listed({ arn, machineArn, name, status, started, stopped }: Execution): object {
  return {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status,
    startDate: seconds(started),
    ...(stopped !== undefined && { stopDate: seconds(stopped) }),
  };
}

function described(execution: Execution): object {
  const { input, output, error, cause } = execution;
  return {
    ...listed(execution),
    input,
    inputDetails: { included: true },
    output,
    ...(output !== undefined && { outputDetails: { included: true } }),
    error,
    cause,
  };
}

function withSeconds(event: HistoryEvent): object {
  return { ...event, timestamp: seconds(event.timestamp) };
}

/** What passes through states is left out, so that a long history is short. */
function withoutData(event: HistoryEvent): HistoryEvent {
  return JSON.parse(JSON.stringify(event), (name, value: unknown) =>
    ["input", "output", "parameters", "inputDetails", "outputDetails"].includes(name) ? undefined : value,
  ) as HistoryEvent;
}

/** A page of a list; the token is the place in it. */
function pageOf<One>(
  list: One[],
  { maxResults, nextToken }: { maxResults?: number | undefined; nextToken?: string | undefined },
): { entries: One[]; nextToken: string | undefined } {
  const start = nextToken === undefined ? 0 : Number(nextToken);
  if (!Number.isInteger(start) || start < 0) throw new StatesRefusal("InvalidToken", `Invalid Token: '${nextToken}'`);
  const end = start + (maxResults || pageLength);
  return { entries: list.slice(start, end), nextToken: end < list.length ? String(end) : undefined };
}
