import type { Graph, Resource } from "@metercast/graph";
import { deliveryStreamOf, type DeliveryStream } from "./delivery-stream.ts";
import { functionOf, type LambdaFunction } from "./function.ts";
import { DeclarationError } from "./read.ts";
import { tableOf, type Table } from "./table.ts";
import { topicRuleOf, type TopicRule } from "./topic-rule.ts";
import { typesRunElsewhere, typesWithoutLocalMeaning } from "./types.ts";

export { DeclarationError } from "./read.ts";
export type { DeliveryStream, Destination } from "./delivery-stream.ts";
export type { LambdaFunction } from "./function.ts";
export type { Column, Table } from "./table.ts";
export type { FirehoseAction, TopicRule } from "./topic-rule.ts";

/** What a graph declares, as the simulator runs it. */
export interface Declared {
  rules: TopicRule[];
  streams: Map<string, DeliveryStream>;
  /** By ARN; a qualified ARN (":$LATEST", ":1") leads to the same function. */
  functions: Map<string, LambdaFunction>;
  tables: Table[];
  buckets: string[];
}

/**
 * Reads a graph, resource by resource.
 *
 * @throws DeclarationError for a type, a property or a value that the simulator does not know
 */
export function readGraph(graph: Graph): Declared {
  const declared: Declared = { rules: [], streams: new Map(), functions: new Map(), tables: [], buckets: [] };
  const readers: Record<string, (resource: Resource) => void> = {
    "aws:iot/topicRule:TopicRule": (resource) => {
      const rule = topicRuleOf(resource);
      if (rule) declared.rules.push(rule);
    },
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (resource) => {
      const stream = deliveryStreamOf(resource);
      declared.streams.set(stream.name, stream);
    },
    "aws:lambda/function:Function": (resource) => {
      const declaredFunction = functionOf(resource);
      declared.functions.set(declaredFunction.arn, declaredFunction);
    },
    "aws:glue/catalogTable:CatalogTable": (resource) => {
      declared.tables.push(tableOf(resource));
    },
    "aws:s3/bucket:Bucket": (resource) => {
      declared.buckets.push(String(resource.outputs["bucket"]));
    },
  };
  for (const resource of graph.resources) {
    if (resource.component) continue;
    const reader = readers[resource.type];
    if (reader) reader(resource);
    else if (!typesWithoutLocalMeaning.has(resource.type) && !typesRunElsewhere.has(resource.type)) {
      throw new DeclarationError(resource, "the simulator does not know this type of resource");
    }
  }
  return declared;
}

/** The function that an ARN names, with or without a version. */
export function functionByArn(declared: Declared, arn: string): LambdaFunction | undefined {
  return declared.functions.get(arn) ?? declared.functions.get(arn.split(":").slice(0, 7).join(":"));
}
