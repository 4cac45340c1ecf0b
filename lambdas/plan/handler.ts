import { readFileSync } from "node:fs";
import { Storage } from "../storage/index.ts";
import type { PlanConfig } from "./config.ts";
import { compilePlan } from "./plan.ts";

const config = JSON.parse(readFileSync(new URL("./config.json", import.meta.url), "utf8")) as PlanConfig;

/** Plans a run of the state machine, step by step: what to ask, what to make anew, what to predict. */
export const handler = compilePlan(config, new Storage());
