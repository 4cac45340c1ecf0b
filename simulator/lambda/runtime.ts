/**
 * Runs inside a worker thread: loads a function's code and hands it events, as Lambda's Node runtime does.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

export interface RuntimeData {
  root: string;
  /** File and export, as in "index.handler". */
  handler: string;
  functionName: string;
  functionArn: string;
  memoryMiB: number;
  logGroup: string;
  logStream: string;
}

export interface Invocation {
  id: number;
  event: unknown;
  /** Epoch milliseconds after which the function is stopped. */
  deadline: number;
}

export type Outcome = { id: number; result: unknown } | { id: number; error: { name: string; message: string } };

type Handler = (event: unknown, context: object) => Promise<unknown>;

const data = workerData as RuntimeData;
const [file, exported] = data.handler.split(".") as [string, string];
const port = parentPort;
if (!port) throw new Error("the runtime of a function is a worker thread");

const loaded = import(pathToFileURL(join(data.root, `${file}.mjs`)).href) as Promise<Record<string, Handler>>;

async function invoke({ id, event, deadline }: Invocation): Promise<Outcome> {
  try {
    const handler = (await loaded)[exported];
    if (typeof handler !== "function") throw new Error(`${data.handler} is undefined or not exported`);
    return { id, result: await handler(event, contextOf(id, deadline)) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { id, error: { name, message } };
  }
}

port.on("message", (invocation: Invocation) => {
  void invoke(invocation).then((outcome) => port.postMessage(outcome));
});

/** Lambda's context object (Lambda developer guide, "Using the Lambda context object in Node.js"). */
function contextOf(id: number, deadline: number): object {
  return {
    functionName: data.functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: data.functionArn,
    memoryLimitInMB: String(data.memoryMiB),
    awsRequestId: `00000000-0000-4000-8000-${id.toString(16).padStart(12, "0")}`,
    logGroupName: data.logGroup,
    logStreamName: data.logStream,
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}
