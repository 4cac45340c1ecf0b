import type { Graph } from "../graph.ts";
import { hoursPerMonth, type Flow } from "./load.ts";
import { billedBytes, messageCost, rulesOf, type Rule } from "./messages.ts";

/** What a delivery stream gets in a month. */
export interface StreamTraffic {
  records: number;
  bytes: number;
  /** Each record rounded up to 5 KB. */
  billedBytes: number;
  /** Readings or observations. */
  elements: number;
}

/** What flows cause in a month. */
export interface Traffic {
  /** Metered units of the broker. */
  messageUnits: number;
  basicIngestUnits: number;
  rules: { rule: Rule; units: number; actionUnits: number }[];
  /** By the stream's name. */
  streams: Map<string, StreamTraffic>;
}

/** @throws CostError */
export function trafficOf(graph: Graph, flows: readonly Flow[]): Traffic {
  const rules = rulesOf(graph);
  const byRule = new Map(rules.map((rule) => [rule, { rule, units: 0, actionUnits: 0 }]));
  const streams = new Map<string, StreamTraffic>();
  let [messageUnits, basicIngestUnits] = [0, 0];
  for (const flow of flows) {
    const { messages, elements } = messagesOf(flow);
    const cost = messageCost(rules, flow, elements);
    if (cost.basicIngest) basicIngestUnits += messages * cost.units;
    else messageUnits += messages * cost.units;
    for (const { rule, units, actionUnits, records } of cost.rules) {
      const sum = byRule.get(rule);
      if (sum) {
        sum.units += messages * units;
        sum.actionUnits += messages * actionUnits;
      }
      for (const record of records) {
        // a message of an hour that divides unevenly is priced as the longest of them, and counted as it is
        const share = (flow.perHour * hoursPerMonth) / (messages * elements);
        add(streams, record.stream, {
          records: messages,
          bytes: messages * record.bytes,
          billedBytes: messages * billedBytes(record.bytes),
          elements: messages * record.elements * share,
        });
      }
    }
  }
  const used = [...byRule.values()].filter(({ units }) => units > 0);
  return { messageUnits, basicIngestUnits, rules: used, streams };
}

/** Messages of a flow in a month, and the elements in the longest of them. */
function messagesOf({ perHour, envelope, full }: Flow): { messages: number; elements: number } {
  if (full) return { messages: (perHour * hoursPerMonth) / envelope, elements: envelope };
  const anHour = Math.min(perHour, Math.ceil(perHour / envelope));
  return { messages: anHour * hoursPerMonth, elements: Math.ceil(perHour / anHour) };
}

export function add(streams: Map<string, StreamTraffic>, stream: string, more: StreamTraffic): void {
  const known = streams.get(stream) ?? { records: 0, bytes: 0, billedBytes: 0, elements: 0 };
  streams.set(stream, {
    records: known.records + more.records,
    bytes: known.bytes + more.bytes,
    billedBytes: known.billedBytes + more.billedBytes,
    elements: known.elements + more.elements,
  });
}
