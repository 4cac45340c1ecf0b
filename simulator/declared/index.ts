import type { Graph, Resource } from "@metercast/graph";
import { bucketObjectOf, type BucketObject } from "./bucket-object.ts";
import { deliveryStreamOf, type DeliveryStream } from "./delivery-stream.ts";
import { functionOf, type LambdaFunction } from "./function.ts";
import { queueOf, subscriptionOf, topicOf, type Queue, type Subscription, type Topic } from "./messages.ts";
import { DeclarationError } from "./read.ts";
import { scheduleGroupOf, scheduleOf, type Schedule } from "./schedule.ts";
import { stateMachineOf, type StateMachine } from "./state-machine.ts";
import { tableOf, type Table } from "./table.ts";
import { topicRuleOf, type TopicRule } from "./topic-rule.ts";
import { workgroupOf, type Workgroup } from "./workgroup.ts";
import { typesRunElsewhere, typesWithoutLocalMeaning } from "./types.ts";

export { DeclarationError } from "./read.ts";
export type { BucketObject } from "./bucket-object.ts";
export type { DeliveryStream, Destination } from "./delivery-stream.ts";
export type { LambdaFunction } from "./function.ts";
export type { Queue, Subscription, Topic } from "./messages.ts";
export type { Schedule } from "./schedule.ts";
export type { StateMachine } from "./state-machine.ts";
export type { Column, Table } from "./table.ts";
export type { FirehoseAction, TopicRule } from "./topic-rule.ts";
export type { Workgroup } from "./workgroup.ts";

/** What a graph declares, as the simulator runs it. */
export interface Declared {
  rules: TopicRule[];
  streams: Map<string, DeliveryStream>;
  /** By ARN; a qualified ARN (":$LATEST", ":1") leads to the same function. */
  functions: Map<string, LambdaFunction>;
  tables: Table[];
  buckets: string[];
  objects: BucketObject[];
  machines: StateMachine[];
  schedules: Schedule[];
  scheduleGroups: string[];
  queues: Queue[];
  topics: Topic[];
  subscriptions: Subscription[];
  /** By name. */
  workgroups: Map<string, Workgroup>;
}

/**
 * Reads a graph, resource by resource.
 *
 * @throws DeclarationError for a type, a property or a value that the simulator does not know
 */
export function readGraph(graph: Graph): Declared {
  const declared: Declared = {
    rules: [],
    streams: new Map(),
    functions: new Map(),
    tables: [],
    buckets: [],
    objects: [],
    machines: [],
    schedules: [],
    scheduleGroups: [],
    queues: [],
    topics: [],
    subscriptions: [],
    workgroups: new Map(),
  };
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
    "aws:athena/workgroup:Workgroup": (resource) => {
      const workgroup = workgroupOf(resource);
      declared.workgroups.set(workgroup.name, workgroup);
    },
    "aws:s3/bucket:Bucket": (resource) => {
      declared.buckets.push(String(resource.outputs["bucket"]));
    },
    "aws:s3/bucketObjectv2:BucketObjectv2": (resource) => {
      declared.objects.push(bucketObjectOf(resource));
    },
    "aws:sfn/stateMachine:StateMachine": (resource) => {
      declared.machines.push(stateMachineOf(resource));
    },
    "aws:scheduler/schedule:Schedule": (resource) => {
      declared.schedules.push(scheduleOf(resource));
    },
    "aws:scheduler/scheduleGroup:ScheduleGroup": (resource) => {
      declared.scheduleGroups.push(scheduleGroupOf(resource));
    },
    "aws:sqs/queue:Queue": (resource) => {
      declared.queues.push(queueOf(resource));
    },
    "aws:sns/topic:Topic": (resource) => {
      declared.topics.push(topicOf(resource));
    },
    "aws:sns/topicSubscription:TopicSubscription": (resource) => {
      declared.subscriptions.push(subscriptionOf(resource));
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
