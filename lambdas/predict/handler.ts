import { readFileSync } from "node:fs";
import { Storage } from "../storage/index.ts";
import type { PredictConfig } from "./config.ts";
import { compilePredict } from "./predict.ts";

const config = JSON.parse(readFileSync(new URL("./config.json", import.meta.url), "utf8")) as PredictConfig;

/** The step of a run that predicts from a city's feature table. The model stays in memory between invocations. */
export const handler = compilePredict(config, new Storage());
