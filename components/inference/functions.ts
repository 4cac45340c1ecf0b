import type { LambdaName } from "../../lambdas/bundle.ts";

/** A function of the state machines as plain data. */
export interface FunctionPlan {
  /** The handler, which gives the function its name, too. */
  bundle: LambdaName;
  /** What it does, for people. */
  description: string;
  /** Memory in MB; a function's share of a processor goes with it, one whole at 1,769. */
  memoryMegabytes: number;
  /** Seconds that an invocation may take. */
  timeoutSeconds: number;
}

/** What a new account's functions have at most: Lambda developer guide, "Lambda quotas". */
const mostMemory = 3008;

/** Lambda's own limit. */
const longestSeconds = 900;

/** The functions of both machines. */
export const functionPlans = {
  plan: {
    bundle: "plan",
    description: "Says what a run has to do",
    memoryMegabytes: 512,
    timeoutSeconds: 120,
  },
  publish: {
    bundle: "publish",
    description: "Makes what was queried the current version of a dataset",
    memoryMegabytes: 1024,
    timeoutSeconds: longestSeconds,
  },
  features: {
    bundle: "features",
    description: "Makes a city's readings and weather into features",
    memoryMegabytes: mostMemory,
    timeoutSeconds: longestSeconds,
  },
  predict: {
    bundle: "predict",
    description: "Predicts from a city's features",
    memoryMegabytes: mostMemory,
    timeoutSeconds: longestSeconds,
  },
  watch: {
    bundle: "watch",
    description: "Watches how far predictions are from readings",
    memoryMegabytes: 512,
    timeoutSeconds: 300,
  },
} as const satisfies Record<string, FunctionPlan>;
