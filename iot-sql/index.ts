/**
 * AWS IoT SQL, version 2016-03-23: statements of topic rules, the expressions of a pipeline's activities, substitution
 * templates and topic filters, compiled once and run on messages. It knows nothing of the rest of the project.
 */

export { basicIngestOf } from "./basic-ingest.ts";
export type { InjectedFunctions } from "./compile.ts";
export { IotSqlError, type Warning } from "./errors.ts";
export { compileExpression, type Expression } from "./expression.ts";
export type { Message } from "./message.ts";
export { readRuleCase, RuleCaseError, type RuleCase } from "./rule-case.ts";
export { RuleTrial, type RuleResult } from "./rule-trial.ts";
export { compileStatement, type Statement, type StatementOptions } from "./statement.ts";
export { compileTemplate, type Template, type TemplateOptions } from "./template.ts";
export { checkTopicFilter, filtersOverlap, topicMatchesFilter } from "./topic-filter.ts";
export type { Value } from "./value.ts";
