import type { Graph } from "../graph.ts";
import { at, listAt, numberAt, ofType, textAt, types } from "./declared.ts";
import type { Folder } from "./delivery.ts";
import { line, type CostLine } from "./line.ts";
import { hoursPerMonth, type Load } from "./load.ts";

const daysPerMonth = hoursPerMonth / 24;

/** Athena bills at least this for a query. */
export const leastScanned = 10 * 1024 ** 2;

/** What is kept at the end of the load's months, and what asking it costs. */
export function storageLines(graph: Graph, folders: readonly Folder[], load: Load): CostLine[] {
  const [lifecycle] = ofType(graph, types.lifecycle);
  const rules = listAt(lifecycle?.inputs, "rules");
  const kept = folders.reduce((sum, { prefix, bytes }) => {
    const days = expirationDays(rules, prefix);
    return sum + bytes * Math.min(load.monthsKept, days / daysPerMonth);
  }, 0);
  const [workgroup] = ofType(graph, types.workgroup);
  const scanned = folders.reduce((sum, { rows, bytes }) => sum + (rows ? bytes : 0), 0);
  const most = numberAt(workgroup?.inputs, "configuration", "bytesScannedCutoffPerQuery") ?? Infinity;
  const query = Math.min(most, Math.max(leastScanned, scanned * (30 / daysPerMonth)));
  return [
    line("s3Storage", lifecycle ?? null, kept / 1024 ** 3, false),
    ...(workgroup === undefined
      ? []
      : [line("athenaScan", workgroup, (load.queriesPerDay * daysPerMonth * query) / 1024 ** 4, false)]),
  ];
}

/** Days after which a lifecycle removes what lies under a prefix; without end where none does. */
function expirationDays(rules: readonly unknown[], prefix: string): number {
  const days = rules
    .filter((rule) => textAt(rule, "status") === "Enabled" && prefix.startsWith(textAt(rule, "filter", "prefix") ?? ""))
    .map((rule) => numberAt(at(rule, "expiration"), "days") ?? Infinity);
  return Math.min(Infinity, ...days);
}
