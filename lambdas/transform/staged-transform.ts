import type { FirehoseTransformationEvent } from "aws-lambda";
import { ResponseRoom } from "../response.ts";
import { isFor } from "./activities/index.ts";
import type { Ending } from "./activities/index.ts";
import { compileAnswers } from "./answer.ts";
import type { Transformed } from "./answer.ts";
import type { TransformConfig } from "./config.ts";
import { functionTimeoutSeconds } from "./config.ts";
import { callFunction } from "./functions.ts";
import type { Functions } from "./functions.ts";
import { decodeRecord } from "./message.ts";
import { compileStages } from "./stages.ts";
import type { Stage } from "./stages.ts";
import type { Attributes } from "./validate.ts";

/** An element on its way. */
export interface Travelling {
  element: unknown;
  received: number;
  ending: Ending | undefined;
}

/** Ms that an invocation may take, and the rest of the work after it. */
const invocationMs = (functionTimeoutSeconds + 15) * 1000;

/**
 * A pipeline with functions of the team's: all elements of a batch pass a stage before the next one begins, so that a
 * function gets as many at once as its activity allows, whatever messages they came in.
 */
export function compileStagedTransform(
  config: TransformConfig,
): (event: FirehoseTransformationEvent, functions: Functions) => Promise<Transformed> {
  const stages = compileStages(config);
  const answer = compileAnswers(config);
  return async (event, functions) => {
    const records = event.records.map((record) => {
      const message = decodeRecord(record);
      const { received } = message;
      const elements = message.elements.map((element): Travelling => ({ element, received, ending: undefined }));
      return { recordId: record.recordId, message, elements };
    });
    const all = records.flatMap(({ elements }) => elements);
    for (const stage of stages) await passStage(stage, all, functions);

    const batch = { room: new ResponseRoom(), leftOut: [] };
    return {
      records: records.map(({ recordId, message, elements }) =>
        answer(
          {
            recordId,
            message,
            elements: elements.map(({ element }) => element),
            endingOf: (_element, position) => elements[position]?.ending,
          },
          batch,
        ),
      ),
      leftOut: batch.leftOut,
    };
  };
}

async function passStage({ endingOf, call }: Stage, all: readonly Travelling[], functions: Functions): Promise<void> {
  for (const travelling of all) {
    travelling.ending ??= endingOf(travelling.element, travelling.received);
  }
  if (call !== undefined) await passFunction(call, all, functions);
}

/** Sends those through a function that it is for and that have not ended. */
export async function passFunction(
  call: NonNullable<Stage["call"]>,
  all: readonly Travelling[],
  functions: Functions,
): Promise<Travelling[]> {
  const sent = all.filter(({ element, ending }) => ending === undefined && isFor(call, element as Attributes));
  const outcomes = await callFunction(
    call,
    sent.map(({ element }) => element as Attributes),
    functions,
    invocationMs,
  );
  sent.forEach((travelling, index) => {
    const outcome = outcomes[index];
    if (outcome !== undefined) Object.assign(travelling, outcome);
  });
  return sent;
}
