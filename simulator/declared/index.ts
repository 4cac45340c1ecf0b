import type { Graph, Resource } from "@metercast/graph";
import { bucketObjectOf, type BucketObject } from "./bucket-object.ts";
import {
  dashboardOf,
  dataSetOf,
  dataSourceOf,
  requireSources,
  themeOf,
  type Dashboard,
  type DataSet,
  type DataSource,
  type Theme,
} from "./dashboard/index.ts";
import { deliveryStreamOf, type DeliveryStream } from "./delivery-stream.ts";
import { emailIdentityOf } from "./email-identity.ts";
import { functionOf, type LambdaFunction } from "./function.ts";
import { queueOf, subscriptionOf, topicOf, type Queue, type Subscription, type Topic } from "./messages.ts";
import { imageOf, type Image } from "./image.ts";
import { DeclarationError } from "./read.ts";
import { scheduleGroupOf, scheduleOf, type Schedule } from "./schedule.ts";
import { stateMachineOf, type StateMachine } from "./state-machine.ts";
import { tableOf, type Table } from "./table.ts";
import { topicRuleOf, type TopicRule } from "./topic-rule.ts";
import { workgroupOf, type Workgroup } from "./workgroup.ts";
import { typesRunElsewhere, typesWithoutLocalMeaning } from "./types.ts";

export { DeclarationError } from "./read.ts";
export type { BucketObject } from "./bucket-object.ts";
export type {
  Dashboard,
  DashboardDefinition,
  DataSet,
  DataSource,
  FilterGroup,
  ParameterControl,
  Sheet,
  Theme,
  Visual,
} from "./dashboard/index.ts";
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
  /** Addresses and domains that may send e-mail. */
  emailIdentities: string[];
  /** By name. */
  workgroups: Map<string, Workgroup>;
  /** By ARN. */
  dataSources: Map<string, DataSource>;
  /** By ARN. */
  dataSets: Map<string, DataSet>;
  /** By ARN. */
  themes: Map<string, Theme>;
  dashboards: Dashboard[];
  images: Image[];
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
    emailIdentities: [],
    workgroups: new Map(),
    dataSources: new Map(),
    dataSets: new Map(),
    themes: new Map(),
    dashboards: [],
    images: [],
  };
  // what a dashboard shows may stand behind it
  const shown: [Resource, Dashboard][] = [];
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
    // a component of @pulumi/awsx, whose parts only its provider makes
    "awsx:ecr:Image": (resource) => {
      declared.images.push(imageOf(resource));
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
    "aws:sesv2/emailIdentity:EmailIdentity": (resource) => {
      declared.emailIdentities.push(emailIdentityOf(resource));
    },
    "aws:quicksight/dataSource:DataSource": (resource) => {
      const source = dataSourceOf(resource);
      declared.dataSources.set(source.arn, source);
    },
    "aws:quicksight/dataSet:DataSet": (resource) => {
      const dataSet = dataSetOf(resource);
      declared.dataSets.set(dataSet.arn, dataSet);
    },
    "aws:quicksight/theme:Theme": (resource) => {
      const theme = themeOf(resource);
      declared.themes.set(theme.arn, theme);
    },
    "aws:cloudcontrol/resource:Resource": (resource) => {
      shown.push([resource, dashboardOf(resource)]);
    },
  };
  for (const resource of graph.resources) {
    const reader = readers[resource.type];
    if (reader) reader(resource);
    else if (resource.component) continue;
    else if (!typesWithoutLocalMeaning.has(resource.type) && !typesRunElsewhere.has(resource.type)) {
      throw new DeclarationError(resource, "the simulator does not know this type of resource");
    }
  }
  for (const [resource, dashboard] of shown) {
    requireSources(resource, dashboard, declared);
    declared.dashboards.push(dashboard);
  }
  return declared;
}

/** The function that an ARN names, with or without a version. */
export function functionByArn(declared: Declared, arn: string): LambdaFunction | undefined {
  return declared.functions.get(arn) ?? declared.functions.get(arn.split(":").slice(0, 7).join(":"));
}
