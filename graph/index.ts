/**
 * The program as plain data: evaluates it without an account into a graph of resources, checks the graph by the
 * declarations of `@pulumi/aws`, and computes from it what an environment costs.
 */

export { check, type Problem } from "./check.ts";
export {
  byPrice,
  confidences,
  CostError,
  costOf,
  costPerMillion,
  costReport,
  loadOf,
  prices,
  type Cost,
  type CostLine,
  type CostReport,
  type Flow,
  type Load,
  type LoadOptions,
  type Price,
} from "./cost/index.ts";
export { accountId } from "./declaration.ts";
export { evaluate } from "./evaluate.ts";
export { GraphError } from "./graph-error.ts";
export type { Evaluation, Graph, Resource } from "./graph.ts";
export { stringify } from "./stringify.ts";
