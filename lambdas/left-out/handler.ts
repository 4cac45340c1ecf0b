import { readFileSync } from "node:fs";
import type { FirehoseTransformationEvent, FirehoseTransformationResult } from "aws-lambda";
import type { LeftOutConfig } from "./config.ts";
import { compileLeftOut } from "./left-out.ts";

const config = JSON.parse(readFileSync(new URL("./config.json", import.meta.url), "utf8")) as LeftOutConfig;
const transform = compileLeftOut(config);

/** The transform of the delivery stream of what is left out. */
export function handler(event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  return Promise.resolve(transform(event));
}
