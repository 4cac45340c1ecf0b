import type { FirehoseTransformationEvent, FirehoseTransformationResult } from "aws-lambda";
import { config, putLeftOut } from "./surroundings.ts";
import { compileTransform } from "./transform.ts";

const transform = compileTransform(config);

/**
 * The transform of the delivery streams of readings and of weather. What is left out has reached its own stream before
 * the answer is given: a record that Firehose takes as Dropped is gone.
 */
export async function handler(event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  const { records, leftOut } = transform(event);
  await putLeftOut(leftOut);
  return { records };
}
