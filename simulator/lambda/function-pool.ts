import type { FunctionHost } from "./function-host.ts";

/** Milliseconds that a host stays without an invocation: it holds memory, which Lambda has more of than a laptop. */
const idleMilliseconds = 15_000;

/**
 * A function that is invoked several times at once: each invocation has a host of its own, as each has an execution
 * environment in Lambda, and the next one takes a host that is free.
 */
export class FunctionPool {
  readonly #make: () => FunctionHost;
  readonly #hosts = new Set<FunctionHost>();
  readonly #free: { host: FunctionHost; timer: NodeJS.Timeout }[] = [];

  constructor(make: () => FunctionHost) {
    this.#make = make;
  }

  /** @throws InvocationError */
  async invoke(event: unknown): Promise<unknown> {
    const free = this.#free.pop();
    clearTimeout(free?.timer);
    const host = free?.host ?? this.#make();
    this.#hosts.add(host);
    try {
      return await host.invoke(event);
    } finally {
      this.#release(host);
    }
  }

  async close(): Promise<void> {
    for (const { timer } of this.#free) clearTimeout(timer);
    await Promise.all([...this.#hosts].map((host) => host.close()));
  }

  #release(host: FunctionHost): void {
    const timer = setTimeout(() => {
      this.#free.splice(
        this.#free.findIndex((one) => one.host === host),
        1,
      );
      this.#hosts.delete(host);
      void host.close();
    }, idleMilliseconds);
    timer.unref();
    this.#free.push({ host, timer });
  }
}
