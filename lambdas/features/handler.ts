import { readFileSync } from "node:fs";
import { Storage } from "../storage/index.ts";
import type { FeaturesConfig } from "./config.ts";
import type { FeaturesEvent, FeaturesMade } from "./events.ts";
import { makeFeatures } from "./make-features.ts";

const config = JSON.parse(readFileSync(new URL("./config.json", import.meta.url), "utf8")) as FeaturesConfig;
const storage = new Storage();

/** The step of a run that makes a city's feature table. */
export function handler(event: FeaturesEvent): Promise<FeaturesMade> {
  return makeFeatures(event, config, storage);
}
