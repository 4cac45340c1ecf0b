import { AsyncLocalStorage } from "node:async_hooks";

const context = new AsyncLocalStorage<unknown[]>();

/**
 * Runs `work` and adds to `failures` each rejection that nobody handles in anything it started. One failed output rejects every
 * promise that Pulumi derives from it, and most of them have no one who waits. Rejections from elsewhere in the process go
 * where they went before.
 */
export async function collectRejections(failures: unknown[], work: () => Promise<void>): Promise<void> {
  const others = process.listeners("unhandledRejection");
  const listener = (reason: unknown, promise: Promise<unknown>): void => {
    if (context.getStore() === failures) {
      failures.push(reason);
      return;
    }
    if (others.length === 0) throw reason;
    for (const other of others) other.call(process, reason, promise);
  };
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", listener);
  try {
    await context.run(failures, work);
    // Node reports a rejection when the microtasks of its turn are done: let the last turn end.
    await nextTurn();
    await nextTurn();
  } finally {
    process.off("unhandledRejection", listener);
    for (const other of others) process.on("unhandledRejection", other);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
