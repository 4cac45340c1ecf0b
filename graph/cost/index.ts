/**
 * What an environment costs: the quantities that its declared resources and its load give, times AWS's prices.
 */

export { CostError } from "./cost-error.ts";
export { byPrice, costOf, costPerMillion, type Cost } from "./cost.ts";
export type { CostLine } from "./line.ts";
export { loadOf, type Flow, type Load, type LoadOptions } from "./load.ts";
export { confidences, prices, type Price } from "./prices.ts";
export { costReport, type CostReport } from "./report.ts";
