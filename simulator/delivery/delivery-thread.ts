import { Worker } from "node:worker_threads";
import type { Reply, Request, WorkerData } from "./worker.ts";

/** The delivery thread, seen from the thread that takes messages. */
export class DeliveryThread {
  readonly #worker: Worker;
  readonly #durableEnd = new BigInt64Array(new SharedArrayBuffer(8));
  readonly #flushes = new Map<number, () => void>();
  readonly #ready = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #requests = 0;

  /** @param onFailure called once when delivery has become impossible */
  constructor(data: Omit<WorkerData, "durableEnd">, onFailure: (error: Error) => void) {
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: { ...data, durableEnd: this.#durableEnd.buffer as SharedArrayBuffer } satisfies WorkerData,
    });
    this.#worker.on("message", (reply: Reply) => this.#take(reply));
    this.#worker.on("error", (error: Error) => {
      this.#ready.reject(error);
      this.#closed.resolve();
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

  flush(): Promise<void> {
    const id = ++this.#requests;
    return new Promise((resolve) => {
      this.#flushes.set(id, resolve);
      this.#send({ type: "flush", id });
    });
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
        this.#flushes.get(reply.id)?.();
        this.#flushes.delete(reply.id);
    }
  }
}
