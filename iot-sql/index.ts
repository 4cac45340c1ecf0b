export type { InjectedFunctions } from "./compile.ts";
export { IotSqlError, type Warning } from "./errors.ts";
export { compileExpression, type Expression } from "./expression.ts";
export type { Message } from "./message.ts";
export { compileStatement, type Statement, type StatementOptions } from "./statement.ts";
export { compileTemplate, type Template, type TemplateOptions } from "./template.ts";
export { checkTopicFilter, filtersOverlap, topicMatchesFilter } from "./topic-filter.ts";
export type { Value } from "./value.ts";
