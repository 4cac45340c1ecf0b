/**
 * Environment files: the model, the checks with file, line and column, and what follows from a file without Pulumi,
 * such as its topic rules and the topics to publish to.
 */

export { ActivityCodeError, bundleActivity, functionKey } from "./activity-code.ts";
export { durationMilliseconds } from "./duration.ts";
export { meterTypeCodes } from "./environment.ts";
export type {
  Activity,
  AddedColumnType,
  City,
  Dashboard,
  Environment,
  Inference,
  Ingestion,
  MeterType,
  MeterTypeName,
  TeamDataset,
} from "./environment.ts";
export { environmentFile, UnknownEnvironmentError } from "./locate.ts";
export { checkEnvironment, loadEnvironment } from "./load.ts";
export { EnvironmentError, formatProblem } from "./problem.ts";
export type { Problem } from "./problem.ts";
export { publishTopics, topicRules } from "./rules.ts";
export type { PublishTopics, TopicRule } from "./rules.ts";
export { longestPeriodSeconds, runsPerMonth } from "./schedule-times.ts";
