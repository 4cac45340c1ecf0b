/**
 * Does so many things, a number of them at a time. The first that fails stops the others, and is thrown when all have
 * ended.
 *
 * @param signal Of the whole; each thing gets one that aborts when another fails, too.
 */
export async function together<Result>(
  count: number,
  atATime: number,
  signal: AbortSignal,
  one: (index: number, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(count);
  const stopped = new AbortController();
  const either = AbortSignal.any([signal, stopped.signal]);
  let failure: { error: unknown } | undefined;
  let next = 0;
  const worker = async () => {
    while (next < count && !either.aborted) {
      const index = next++;
      try {
        results[index] = await one(index, either);
      } catch (error) {
        failure ??= { error };
        stopped.abort(new GivenUp());
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, atATime) }, worker));
  signal.throwIfAborted();
  if (failure) throw failure.error;
  return results;
}

/** Why an iteration or a branch ends: another has failed. */
export class GivenUp extends Error {
  constructor() {
    super("another iteration or branch has failed");
    this.name = "GivenUp";
  }
}
