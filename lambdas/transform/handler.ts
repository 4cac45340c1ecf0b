import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { FirehoseClient } from "@aws-sdk/client-firehose";
import type { FirehoseTransformationEvent, FirehoseTransformationResult } from "aws-lambda";
import { putLines } from "../delivery.ts";
import type { TransformConfig } from "./config.ts";
import { compileTransform } from "./transform.ts";

const leftOutStream = process.env["LEFT_OUT_STREAM"];
if (!leftOutStream) {
  throw new Error("LEFT_OUT_STREAM is not set: it must name the delivery stream of what is left out.");
}
const config = JSON.parse(readFileSync(new URL("./config.json", import.meta.url), "utf8")) as TransformConfig;
const transform = compileTransform(config);
const firehose = new FirehoseClient({});

/**
 * The transform of the delivery streams of readings and of weather. What is left out has reached its own stream before
 * the answer is given: a record that Firehose takes as Dropped is gone.
 */
export async function handler(event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  const { records, leftOut } = transform(event);
  await putLines(firehose, leftOutStream as string, leftOut, setTimeout);
  return { records };
}
