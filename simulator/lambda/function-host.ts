import { youngGenerationMiB } from "../young-generation.ts";
import { createHash } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, type WriteStream } from "node:fs";
import { dirname, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { DataFolder } from "../data-folder.ts";
import type { LambdaFunction } from "../declared/index.ts";
import { replaceFile } from "../durable-file.ts";
import { calls, functionCaller, type Permissions } from "../permissions/index.ts";
import type { Invocation, Outcome, RuntimeData } from "./runtime.ts";

/** A synchronous invocation takes and gives 6 MB at most (Lambda quotas). */
export const payloadBytes = 6 * 1024 * 1024;

/** How often a running function's memory is looked at, in milliseconds. */
const memoryInterval = 250;

/** Lambda makes a log stream for each execution environment; here a function has one. */
const logStream = "simulator";

/** An invocation that failed as a whole; `code` is what Firehose writes into its error records. */
export class InvocationError extends Error {
  readonly code:
    | "Lambda.AssumeRoleAccessDenied"
    | "Lambda.FunctionError"
    | "Lambda.InvokeAccessDenied"
    | "Lambda.InvokeLimitExceeded"
    | "Lambda.InvokeTimedOut";

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
  readonly #permissions: Permissions;
  readonly #root: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #log: WriteStream;
  /** Its /tmp: what it leaves there, a later invocation finds, and nobody else. */
  readonly #temporary: string;
  #worker: Worker | undefined;
  #pending = new Map<number, Pending>();
  #invocations = 0;

  /** @param endpoint where the function's own AWS calls go */
  constructor(
    declared: LambdaFunction,
    permissions: Permissions,
    folder: DataFolder,
    region: string,
    endpoint: string,
  ) {
    this.#declared = declared;
    this.#permissions = permissions;
    this.#root = unpack(declared, folder);
    mkdirSync(folder.functionFiles, { recursive: true });
    this.#temporary = mkdtempSync(join(folder.functionFiles, `${declared.name}-`));
    this.#environment = {
      ...declared.variables,
      AWS_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
      AWS_LAMBDA_FUNCTION_NAME: declared.name,
      LAMBDA_TASK_ROOT: this.#root,
      TMPDIR: this.#temporary,
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

  /** Ends what it is asked, too. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker) {
      this.#stop(worker, new InvocationError("Lambda.FunctionError", "The simulator stopped while the function ran."));
      await worker.terminate();
    }
    rmSync(this.#temporary, { recursive: true, force: true });
    await new Promise((resolve) => this.#log.end(resolve));
  }

  #start(): Worker {
    if (this.#permissions.roleRefusal(functionCaller(this.#declared))) {
      throw new InvocationError(
        "Lambda.FunctionError",
        "The role defined for the function cannot be assumed by Lambda.",
      );
    }
    // the limit of the main thread's own heap, as a flag, would hold for every thread and instead of its own limit
    setFlagsFromString("--max-old-space-size=0");
    const worker = new Worker(new URL("./runtime.ts", import.meta.url), {
      workerData: {
        root: this.#root,
        handler: this.#declared.handler,
        functionName: this.#declared.name,
        functionArn: this.#declared.arn,
        memoryMiB: this.#declared.memoryMiB,
        logGroup: this.#declared.logGroup,
        logStream,
      } satisfies RuntimeData,
      env: this.#environment,
      resourceLimits: {
        maxOldGenerationSizeMb: this.#declared.memoryMiB,
        maxYoungGenerationSizeMb: youngGenerationMiB,
      },
      stdout: true,
      stderr: true,
    });
    const mayLog = this.#mayLog();
    for (const printed of [worker.stdout, worker.stderr]) {
      if (mayLog) printed.pipe(this.#log, { end: false });
      else printed.resume();
    }
    worker.on("message", (outcome: Outcome) => this.#settle(outcome));
    worker.on("error", (error: Error) => {
      const isMemory = (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";
      this.#stop(worker, isMemory ? this.#outOfMemory() : new InvocationError("Lambda.FunctionError", error.message));
    });
    this.#watchMemory(worker);
    return worker;
  }

  /** A thread's limit is that of its heap: arrays of numbers lie outside of it, and in Lambda count as well. */
  #watchMemory(worker: Worker): void {
    const timer = setInterval(() => {
      if (this.#pending.size === 0) return;
      worker.getHeapStatistics().then(
        ({ used_heap_size: heap, external_memory: outside }) => {
          if (heap + outside > this.#declared.memoryMiB * 1024 * 1024) this.#stop(worker, this.#outOfMemory());
        },
        () => undefined, // it has ended meanwhile
      );
    }, memoryInterval);
    timer.unref();
    worker.once("exit", () => clearInterval(timer));
  }

  /** As Lambda tells of a function that took more memory than it has. */
  #outOfMemory(): InvocationError {
    const message = `Runtime.OutOfMemory: ${this.#declared.name} took more than its memory size of ${this.#declared.memoryMiB} MB`;
    return new InvocationError("Lambda.FunctionError", message);
  }

  /** A function whose role does not let it log runs as any other; what it prints is lost. */
  #mayLog(): boolean {
    const target = { logGroup: this.#declared.logGroup, logStream };
    return this.#permissions.refusal(calls.functionLogs, functionCaller(this.#declared), target) === undefined;
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
