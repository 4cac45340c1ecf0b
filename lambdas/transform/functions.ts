import type { Ending } from "./activities/index.ts";
import { failure } from "./activities/index.ts";
import { batchesOf } from "./batches.ts";
import type { InvocationBatch } from "./batches.ts";
import type { FunctionActivity } from "./config.ts";
import { rejections } from "./stages.ts";
import type { Attributes } from "./validate.ts";

/** A function that failed for its event: it threw, timed out, or what it gave is no JSON that Lambda takes. */
export class FunctionFailure extends Error {
  override readonly name = "FunctionFailure";
}

/**
 * Invokes a function with an event as JSON and gives its answer.
 *
 * @throws FunctionFailure when the function failed; anything else when the call itself did
 */
export type Invoke = (functionName: string, event: string) => Promise<unknown>;

/** What a pipeline needs to send elements through functions of the team's. */
export interface Functions {
  invoke: Invoke;
  /** Ms until the transform's own time is up. */
  remaining: () => number;
  /** Gets a sentence for the log about a batch that was rejected. */
  report: (sentence: string) => void;
}

/** What a function made of an element, or how the element is left out. */
export type Outcome = { element: Attributes } | { ending: Ending };

/** Invocations of one activity at a time. */
const concurrency = 4;

/**
 * Sends elements through a team's function, by IoT Analytics' contract: an array of messages in, an array of the same
 * number out, in the same order. Where it fails, or gives anything else, the elements of the batch are rejected; no
 * other element is.
 *
 * @param leastMs ms that must be left for a further invocation; without, what is left is rejected, so that the transform
 *   ends before Firehose gives up on all of its records
 * @returns for each element what became of it, in order
 */
export async function callFunction(
  activity: FunctionActivity,
  elements: readonly Attributes[],
  { invoke, remaining, report }: Functions,
  leastMs: number,
): Promise<Outcome[]> {
  const failed: Outcome = { ending: failure(activity) };
  const tooDeep: Outcome = { ending: rejections["nested too deep"] };
  const outcomes: Outcome[] = elements.map(() => tooDeep);
  const batches = batchesOf(elements.map(jsonOf), activity.batchSize);

  async function work(): Promise<void> {
    for (const batch of batches) {
      const answers = remaining() < leastMs ? "there was no time left for it" : await answersOf(batch);
      if (typeof answers === "string") {
        report(`lambda activity "${activity.name}": ${batch.indices.length} messages rejected: ${answers}`);
      }
      batch.indices.forEach((index, place) => {
        const answer = typeof answers === "string" ? undefined : answers[place];
        outcomes[index] = isObject(answer) ? { element: answer } : failed;
      });
    }
  }

  /** The answers, or why there are none. */
  async function answersOf({ indices, event }: InvocationBatch): Promise<unknown[] | string> {
    let answer: unknown;
    try {
      answer = await invoke(activity.function, event);
    } catch (error) {
      if (error instanceof FunctionFailure) return error.message;
      throw error;
    }
    if (!Array.isArray(answer)) return `${activity.function} gave no array`;
    if (answer.length !== indices.length) {
      return `${activity.function} got ${indices.length} messages and gave ${answer.length}`;
    }
    return answer as unknown[];
  }

  await Promise.all(Array.from({ length: concurrency }, work));
  return outcomes;
}

function jsonOf(element: Attributes): string | undefined {
  try {
    return JSON.stringify(element);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function isObject(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
