import { setTimeout as pause } from "node:timers/promises";

/** The time by which executions run; tests have one of their own. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when it aborts before. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Longest that Node waits in one piece. */
const longestTimer = 2 ** 31 - 1;

/** The machine's own. */
export const realClock: Clock = {
  now: () => Date.now(),
  pause: async (milliseconds, signal) => {
    try {
      for (let left = milliseconds; left > 0; left -= longestTimer) {
        await pause(Math.min(left, longestTimer), undefined, { signal });
      }
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
    signal.throwIfAborted();
  },
};
