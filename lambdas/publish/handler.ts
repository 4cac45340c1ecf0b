import { readFileSync } from "node:fs";
import { Storage } from "../storage/index.ts";
import type { PublishConfig } from "./config.ts";
import { compilePublish } from "./publish.ts";

const config = JSON.parse(readFileSync(new URL("./config.json", import.meta.url), "utf8")) as PublishConfig;

/** Makes results of queries the current versions of datasets, and keeps account of how far runs have come. */
export const handler = compilePublish(config, new Storage());
