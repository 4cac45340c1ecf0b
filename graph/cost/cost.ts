import type { Graph } from "../graph.ts";
import { dashboardLines } from "./dashboard.ts";
import { ofType, types } from "./declared.ts";
import { deliveryLines } from "./delivery.ts";
import { iotLines } from "./iot.ts";
import { line, type CostLine } from "./line.ts";
import { hoursPerMonth, readingsPerHour, type Load } from "./load.ts";
import { runLines } from "./runs.ts";
import { storageLines } from "./storage.ts";
import { trafficOf } from "./traffic.ts";

export interface Cost {
  lines: CostLine[];
  dollars: number;
}

/** What a month of the load costs with the declared resources, in US dollars at the prices of us-east-1. @throws CostError */
export function costOf(graph: Graph, load: Load): Cost {
  const traffic = trafficOf(graph, load.flows);
  const { lines, folders } = deliveryLines(graph, traffic, load);
  const runs = runLines(graph, load);
  return total([
    ...iotLines(graph, traffic),
    ...lines,
    ...runs.lines,
    ...storageLines(graph, [...folders, ...runs.folders], load),
    ...dashboardLines(graph, load),
    ...ofType(graph, types.alarm).map((alarm) => line("alarm", alarm, 1, false)),
  ]);
}

/**
 * What a million readings cost: all that comes with messages, at the load's own rate, each message filled up to the envelope.
 * Neither weather nor what is paid by the month is in it. @throws CostError
 */
export function costPerMillion(graph: Graph, load: Load, envelope: number): Cost {
  const flows = load.flows.filter(({ kind }) => kind === "readings").map((flow) => ({ ...flow, envelope, full: true }));
  const factor = 1e6 / (readingsPerHour(flows) * hoursPerMonth);
  const { lines } = costOf(graph, { ...load, flows });
  return total(
    lines
      .filter(({ withMessages }) => withMessages)
      .map((one) => ({ ...one, quantity: one.quantity * factor, dollars: one.dollars * factor })),
  );
}

/** The lines with one price as one, in the order of the first of each. */
export function byPrice({ lines }: Cost): CostLine[] {
  const sums = new Map<string, CostLine>();
  for (const one of lines) {
    const sum = sums.get(one.price);
    if (sum === undefined) sums.set(one.price, { ...one, resource: null, name: "" });
    else {
      sum.quantity += one.quantity;
      sum.dollars += one.dollars;
    }
  }
  return [...sums.values()];
}

function total(lines: CostLine[]): Cost {
  return { lines, dollars: lines.reduce((sum, { dollars }) => sum + dollars, 0) };
}
