import { youngGenerationMiB } from "../young-generation.ts";
import { Worker } from "node:worker_threads";
import { PermissionError, type Decision } from "../permissions/index.ts";
import type { Reply, Request, WorkerData } from "./worker.ts";

/** Several times what the thread holds: the nearer the bound, the sooner Node collects what is no longer needed. */
const oldGenerationMiB = 192;

/** The delivery thread, seen from the thread that takes messages. */
export class DeliveryThread {
  readonly #worker: Worker;
  readonly #durableEnd = new BigInt64Array(new SharedArrayBuffer(8));
  readonly #flushes = new Map<number, PromiseWithResolvers<void>>();
  readonly #decided: (decision: Decision) => void;
  readonly #ready = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #requests = 0;
  #failure: Error | undefined;

  /**
   * @param decided called once for each call between resources that is allowed or refused
   * @param onFailure called once when delivery has become impossible
   */
  constructor(
    data: Omit<WorkerData, "durableEnd">,
    decided: (decision: Decision) => void,
    onFailure: (error: Error) => void,
  ) {
    this.#decided = decided;
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: { ...data, durableEnd: this.#durableEnd.buffer } satisfies WorkerData,
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMiB, maxOldGenerationSizeMb: oldGenerationMiB },
    });
    this.#worker.on("message", (reply: Reply) => this.#take(reply));
    this.#worker.on("error", (received: Error) => {
      const error = ofItsClass(received);
      this.#ready.reject(error);
      this.#closed.resolve();
      this.#failure = error;
      for (const { reject } of this.#flushes.values()) reject(error);
      onFailure(error);
    });
  }

  ready(): Promise<void> {
    return this.#ready.promise;
  }

  advance(durableEnd: number): void {
    Atomics.store(this.#durableEnd, 0, BigInt(durableEnd));
    this.#send({ type: "wake" });
  }

  /** @throws what made delivery impossible */
  flush(): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = ++this.#requests;
    const flushed = Promise.withResolvers<void>();
    this.#flushes.set(id, flushed);
    this.#send({ type: "flush", id });
    return flushed.promise;
  }

  async close(): Promise<void> {
    this.#send({ type: "close" });
    await this.#closed.promise;
  }

  #send(request: Request): void {
    this.#worker.postMessage(request);
  }

  #take(reply: Reply): void {
    switch (reply.type) {
      case "ready":
        return this.#ready.resolve();
      case "closed":
        return this.#closed.resolve();
      case "flushed":
        this.#flushes.get(reply.id)?.resolve();
        this.#flushes.delete(reply.id);
        return;
      case "decided":
        return this.#decided(reply.decision);
    }
  }
}

/** An error that came from another thread has lost its class. */
function ofItsClass(error: Error): Error {
  return error.name === "PermissionError" ? new PermissionError(error.message) : error;
}
