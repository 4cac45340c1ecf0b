import { createHash } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, readFileSync, type WriteStream } from "node:fs";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import type { DataFolder } from "../data-folder.ts";
import type { LambdaFunction } from "../declared/index.ts";
import { replaceFile } from "../durable-file.ts";
import type { Invocation, Outcome, RuntimeData } from "./runtime.ts";

/** A synchronous invocation takes and gives 6 MB at most (Lambda quotas). */
const payloadBytes = 6 * 1024 * 1024;

/** An invocation that failed as a whole; `code` is what Firehose writes into its error records. */
export class InvocationError extends Error {
  readonly code: "Lambda.FunctionError" | "Lambda.InvokeTimedOut" | "Lambda.InvokeLimitExceeded";

  constructor(code: InvocationError["code"], message: string) {
    super(message);
    this.name = "InvocationError";
    this.code = code;
  }
}

interface Pending {
  resolve: (result: unknown) => void;
  reject: (error: InvocationError) => void;
  timer: NodeJS.Timeout;
}

/**
 * A declared function in a worker thread of its own: its code from the graph, its variables, timeout and memory. A
 * thread that timed out or died is replaced at the next invocation, as Lambda replaces an execution environment.
 */
export class FunctionHost {
  readonly #declared: LambdaFunction;
  readonly #root: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #log: WriteStream;
  #worker: Worker | undefined;
  #pending = new Map<number, Pending>();
  #invocations = 0;

  /** @param endpoint where the function's own AWS calls go */
  constructor(declared: LambdaFunction, folder: DataFolder, region: string, endpoint: string) {
    this.#declared = declared;
    this.#root = unpack(declared, folder);
    this.#environment = {
      ...declared.variables,
      AWS_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
      AWS_LAMBDA_FUNCTION_NAME: declared.name,
      LAMBDA_TASK_ROOT: this.#root,
      // not a secret: the loopback endpoint reads from it whose call it is
      AWS_ACCESS_KEY_ID: declared.roleArn.split("/").at(-1),
      AWS_SECRET_ACCESS_KEY: "simulator",
    };
    mkdirSync(folder.functionLogs, { recursive: true });
    this.#log = createWriteStream(join(folder.functionLogs, `${declared.name}.log`), { flags: "a" });
  }

  /** @throws InvocationError */
  async invoke(event: unknown): Promise<unknown> {
    const id = ++this.#invocations;
    const worker = (this.#worker ??= this.#start());
    const milliseconds = this.#declared.timeoutSeconds * 1000;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const seconds = this.#declared.timeoutSeconds.toFixed(2);
        this.#stop(worker, new InvocationError("Lambda.InvokeTimedOut", `Task timed out after ${seconds} seconds`));
      }, milliseconds);
      this.#pending.set(id, { resolve, reject, timer });
      worker.postMessage({ id, event, deadline: Date.now() + milliseconds } satisfies Invocation);
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    await new Promise((resolve) => this.#log.end(resolve));
  }

  #start(): Worker {
    const worker = new Worker(new URL("./runtime.ts", import.meta.url), {
      workerData: {
        root: this.#root,
        handler: this.#declared.handler,
        functionName: this.#declared.name,
        functionArn: this.#declared.arn,
        memoryMiB: this.#declared.memoryMiB,
      } satisfies RuntimeData,
      env: this.#environment,
      resourceLimits: { maxOldGenerationSizeMb: this.#declared.memoryMiB },
      stdout: true,
      stderr: true,
    });
    worker.stdout.pipe(this.#log, { end: false });
    worker.stderr.pipe(this.#log, { end: false });
    worker.on("message", (outcome: Outcome) => this.#settle(outcome));
    worker.on("error", (error) => {
      this.#stop(worker, new InvocationError("Lambda.FunctionError", error.message));
    });
    return worker;
  }

  #settle(outcome: Outcome): void {
    const pending = this.#pending.get(outcome.id);
    if (!pending) return;
    this.#pending.delete(outcome.id);
    clearTimeout(pending.timer);
    if ("result" in outcome) pending.resolve(outcome.result);
    else {
      const { name, message } = outcome.error;
      pending.reject(new InvocationError("Lambda.FunctionError", `${name}: ${message}`));
    }
  }

  #stop(worker: Worker, error: InvocationError): void {
    if (this.#worker === worker) this.#worker = undefined;
    void worker.terminate();
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#pending.clear();
  }
}

/** Checks an answer's size by the part that makes it large. @throws InvocationError beyond Lambda's limit */
export function checkPayload(bytes: number): void {
  if (bytes <= payloadBytes) return;
  throw new InvocationError(
    "Lambda.FunctionError",
    `Response payload size exceeded maximum allowed payload size (${payloadBytes} bytes).`,
  );
}

/** Lays the code out as Lambda does, in a folder per content. */
function unpack(declared: LambdaFunction, folder: DataFolder): string {
  const version = createHash("sha256").update(JSON.stringify(declared.files)).digest("hex").slice(0, 16);
  const root = join(folder.functions, declared.name, version);
  for (const [name, hash] of Object.entries(declared.files)) {
    const file = join(root, name);
    if (existsSync(file)) continue;
    mkdirSync(dirname(file), { recursive: true });
    replaceFile(file, readFileSync(folder.asset(hash)));
  }
  return root;
}
