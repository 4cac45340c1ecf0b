import { compileStatement, type Message, type Statement } from "@metercast/iot-sql";
import type { Graph, Resource } from "../graph.ts";
import { CostError } from "./cost-error.ts";
import { at, listAt, nameOf, ofType, textAt, types } from "./declared.ts";
import type { Flow } from "./load.ts";

/** What AWS IoT Core and Firehose meter in: 5 KB. */
export const meteredBytes = 5 * 1024;

/** Largest payload that AWS IoT Core takes. */
const payloadBytes = 131_072;

const basicIngest = /^\$aws\/rules\/(?<rule>[^/]+)(\/(?<topic>.*))?$/s;

/** Action properties of a topic rule in @pulumi/aws: each element of one is an action. */
const actionProperties = [
  "cloudwatchAlarms",
  "cloudwatchLogs",
  "cloudwatchMetrics",
  "dynamodbs",
  "dynamodbv2s",
  "elasticsearch",
  "firehoses",
  "https",
  "iotEvents",
  "kafkas",
  "kineses",
  "lambdas",
  "republishes",
  "s3",
  "sns",
  "sqs",
  "stepFunctions",
  "timestreams",
];

/** A topic rule with its statement compiled. */
export interface Rule {
  resource: Resource;
  name: string;
  statement: Statement;
  actions: number;
  firehoses: { stream: string; separator: string; batch: boolean }[];
}

/** How often 5 KB go into some bytes; a message without any counts once. */
export function meteredUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / meteredBytes));
}

/** Bytes that a record of a delivery stream is billed for. */
export function billedBytes(bytes: number): number {
  return meteredUnits(bytes) * meteredBytes;
}

/** What one message of a flow becomes, for a number of elements in it. */
export interface MessageCost {
  basicIngest: boolean;
  /** Metered units of the broker: payload and topic. */
  units: number;
  rules: RuleCost[];
}

export interface RuleCost {
  rule: Rule;
  /** Metered units of the rule. */
  units: number;
  /** Metered units of its actions, all together. */
  actionUnits: number;
  /** Records that delivery streams get. */
  records: { stream: string; bytes: number; elements: number }[];
}

/** The rules that are switched on. */
export function rulesOf(graph: Graph): Rule[] {
  return ofType(graph, types.rule)
    .filter(({ inputs }) => inputs["enabled"] !== false)
    .map((resource) => ({
      resource,
      name: nameOf(resource),
      statement: compileStatement(String(resource.inputs["sql"])),
      actions: actionProperties.reduce((sum, property) => sum + listAt(resource.inputs, property).length, 0),
      firehoses: listAt(resource.inputs, "firehoses").map((action) => ({
        stream: textAt(action, "deliveryStreamName") ?? "",
        separator: textAt(action, "separator") ?? "",
        batch: at(action, "batchMode") === true,
      })),
    }));
}

/**
 * Follows one message through the declared rules. Their statements are evaluated, so that a record is as long as it
 * will be.
 *
 * @param elements in the message
 * @throws CostError where AWS would refuse the message, or no rule takes it
 */
export function messageCost(rules: readonly Rule[], flow: Flow, elements: number): MessageCost {
  const text = flow.envelope === 1 ? flow.element : `[${Array(elements).fill(flow.element).join(",")}]`;
  const payload = Buffer.from(text);
  if (payload.length > payloadBytes) {
    throw new CostError(
      `${elements} elements in a message are ${payload.length} bytes; AWS IoT Core takes ${payloadBytes}: use a smaller envelope`,
    );
  }
  const address = addressOf(flow.topic);
  const taking = rules.filter((rule) => takes(rule, address));
  const message: Message = {
    payload,
    topic: address.topic,
    clientId: flow.client,
    received: 1_544_065_200_000,
    seed: "cost",
  };
  const costs = taking.flatMap((rule) => ruleCost(rule, message, elements));
  if (costs.length === 0) throw new CostError(`no topic rule takes what is published to ${flow.topic}`);
  return {
    basicIngest: address.rule !== undefined,
    units: meteredUnits(payload.length + Buffer.byteLength(flow.topic)),
    rules: costs,
  };
}

/**
 * The rule that takes what the flow publishes and selects columns, which makes `{}` of an envelope; undefined where
 * none does.
 */
export function columnsRule(rules: readonly Rule[], flows: readonly Flow[]): Rule | undefined {
  return rules.find(
    (rule) => rule.statement.shape === "columns" && flows.some(({ topic }) => takes(rule, addressOf(topic))),
  );
}

/** Where a message goes: to a rule by its name, by Basic Ingest, or to those that take its topic. */
function addressOf(published: string): { rule: string | undefined; topic: string } {
  const ingest = basicIngest.exec(published)?.groups;
  return ingest === undefined
    ? { rule: undefined, topic: published }
    : { rule: ingest["rule"], topic: ingest["topic"] ?? "" };
}

function takes({ name, statement }: Rule, { rule, topic }: ReturnType<typeof addressOf>): boolean {
  const byTopic = statement.matchesTopic(topic);
  return rule === undefined ? byTopic : name === rule && (statement.topicFilter === undefined || byTopic);
}

function ruleCost(rule: Rule, message: Message, elements: number): RuleCost[] {
  if (elements > 1 && rule.statement.shape === "columns") {
    throw new CostError(
      `the rule ${rule.name} selects columns, which makes {} of an envelope: send one reading per message`,
    );
  }
  const result = rule.statement.evaluate(message);
  if (result === undefined) return [];
  const records = rule.firehoses.flatMap(({ stream, separator, batch }) => {
    const parts = batch ? arrayOf(result) : [result];
    return parts.map((part) => ({
      stream,
      bytes: Buffer.byteLength(part) + separator.length,
      elements: elements / parts.length,
    }));
  });
  const handedOn = meteredUnits(Buffer.byteLength(result));
  return [
    { rule, units: meteredUnits(message.payload.length), actionUnits: Math.max(1, rule.actions) * handedOn, records },
  ];
}

/** The elements that an action in batch mode hands on one by one; none of what is no array. */
function arrayOf(result: string | Uint8Array): string[] {
  const value: unknown = typeof result === "string" ? JSON.parse(result) : undefined;
  return Array.isArray(value) ? value.map((element) => JSON.stringify(element)) : [];
}

/**
 * Largest number of elements with which each message of each flow, and each record of it, stays within 5 KB; 1 where
 * not even two do.
 */
export function fittingEnvelope(rules: readonly Rule[], flows: readonly Flow[]): number {
  const fits = (elements: number): boolean =>
    flows.every((flow) => {
      const { units, rules: costs } = messageCost(rules, { ...flow, envelope: elements }, elements);
      return units === 1 && costs.every(({ records }) => records.every(({ bytes }) => bytes <= meteredBytes));
    });
  let elements = 1;
  while (fits(elements + 1)) elements++;
  return elements;
}
