export { check, type Problem } from "./check.ts";
export { accountId } from "./declaration.ts";
export { evaluate } from "./evaluate.ts";
export { GraphError } from "./graph-error.ts";
export type { Evaluation, Graph, Resource } from "./graph.ts";
export { stringify } from "./stringify.ts";
