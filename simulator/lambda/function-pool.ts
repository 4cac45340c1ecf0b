import type { FunctionHost } from "./function-host.ts";

/**
 * A function that is invoked several times at once: each invocation has a host of its own, as each has an execution
 * environment in Lambda, and the next one takes a host that is free.
 */
export class FunctionPool {
  readonly #make: () => FunctionHost;
  readonly #hosts = new Set<FunctionHost>();
  readonly #free: FunctionHost[] = [];

  constructor(make: () => FunctionHost) {
    this.#make = make;
  }

  /** @throws InvocationError */
  async invoke(event: unknown): Promise<unknown> {
    const host = this.#free.pop() ?? this.#make();
    this.#hosts.add(host);
    try {
      return await host.invoke(event);
    } finally {
      this.#free.push(host);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#hosts].map((host) => host.close()));
  }
}
