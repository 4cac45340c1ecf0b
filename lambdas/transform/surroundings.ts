import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { FirehoseClient } from "@aws-sdk/client-firehose";
import { putLines } from "../delivery.ts";
import type { TransformConfig } from "./config.ts";

const stream = process.env["LEFT_OUT_STREAM"];
if (!stream) {
  throw new Error("LEFT_OUT_STREAM is not set: it must name the delivery stream of what is left out.");
}
const firehose = new FirehoseClient({});

/** What the pipeline is configured with: the file beside the bundle. */
export const config = JSON.parse(readFileSync(new URL("./config.json", import.meta.url), "utf8")) as TransformConfig;

/** Puts lines of JSON to the stream of what is left out. @throws DeliveryError */
export function putLeftOut(lines: readonly string[]): Promise<void> {
  return putLines(firehose, stream as string, lines, setTimeout);
}
