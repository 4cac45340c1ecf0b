import type { Graph } from "../graph.ts";
import { ofType, types } from "./declared.ts";
import { line, type CostLine } from "./line.ts";
import { hoursPerMonth } from "./load.ts";
import type { Traffic } from "./traffic.ts";

const million = 1e6;

/** AWS IoT Core: messages, rules and actions by their metered units, and a connection per declared thing, around the clock. */
export function iotLines(graph: Graph, { messageUnits, basicIngestUnits, rules }: Traffic): CostLine[] {
  const things = ofType(graph, types.thing).length;
  return [
    ...(messageUnits > 0 ? [line("iotMessage", null, messageUnits / million)] : []),
    ...(basicIngestUnits > 0 ? [line("iotBasicIngest", null, basicIngestUnits / million)] : []),
    ...rules.flatMap(({ rule, units, actionUnits }) => [
      line("iotRule", rule.resource, units / million),
      line("iotAction", rule.resource, actionUnits / million),
    ]),
    ...(things > 0 ? [line("iotConnection", null, (things * hoursPerMonth * 60) / million, false)] : []),
  ];
}
