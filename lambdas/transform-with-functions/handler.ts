import type { Context, FirehoseTransformationEvent, FirehoseTransformationResult } from "aws-lambda";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { compileStagedTransform } from "../transform/staged-transform.ts";
import { config, putLeftOut } from "../transform/surroundings.ts";
import { invokeWith } from "./invoke.ts";

const transform = compileStagedTransform(config);
const invoke = invokeWith(new LambdaClient({}));

/**
 * The transform of a pipeline with lambda activities: as that without, but for the functions that it invokes. It is a
 * bundle of its own, so that the other pipelines do not load a client that they have no use for.
 */
export async function handler(
  event: FirehoseTransformationEvent,
  context: Pick<Context, "getRemainingTimeInMillis">,
): Promise<FirehoseTransformationResult> {
  const { records, leftOut } = await transform(event, {
    invoke,
    remaining: () => context.getRemainingTimeInMillis(),
    report: console.warn,
  });
  await putLeftOut(leftOut);
  return { records };
}
