import type { Graph, Resource } from "../graph.ts";

/** Pulumi's type tokens of what is billed, or decides what is. */
export const types = {
  rule: "aws:iot/topicRule:TopicRule",
  thing: "aws:iot/thing:Thing",
  stream: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  function: "aws:lambda/function:Function",
  lifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  workgroup: "aws:athena/workgroup:Workgroup",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  schedule: "aws:scheduler/schedule:Schedule",
  stateMachine: "aws:sfn/stateMachine:StateMachine",
  table: "aws:glue/catalogTable:CatalogTable",
  repository: "awsx:ecr:Repository",
  subscription: "aws:sns/topicSubscription:TopicSubscription",
  dashboard: "aws:cloudcontrol/resource:Resource",
  dataSet: "aws:quicksight/dataSet:DataSet",
  dataSource: "aws:quicksight/dataSource:DataSource",
  functionUrl: "aws:lambda/functionUrl:FunctionUrl",
} as const;

/** Types without a charge of their own, or none below the first million: the Glue catalog. */
const free = [
  "aws:cloudwatch/logStream:LogStream",
  "aws:glue/catalogDatabase:CatalogDatabase",
  "aws:iot/policy:Policy",
  "aws:iot/policyAttachment:PolicyAttachment",
  "aws:iot/thingGroup:ThingGroup",
  "aws:iot/thingGroupMembership:ThingGroupMembership",
  "aws:iot/thingType:ThingType",
  "aws:lambda/permission:Permission",
  "aws:quicksight/theme:Theme",
  "aws:s3/bucket:Bucket",
  "aws:scheduler/scheduleGroup:ScheduleGroup",
  // Each message that it gets is one that should not be: below a cent a million.
  "aws:sqs/queue:Queue",
  "aws:sns/topic:Topic",
  "aws:sesv2/emailIdentity:EmailIdentity",
];
const freePrefixes = ["aws:iam/", "aws:s3/bucket", "pulumi:providers:"];

export function ofType(graph: Graph, type: (typeof types)[keyof typeof types]): Resource[] {
  return graph.resources.filter((resource) => resource.type === type);
}

/** Types that the graph declares and that no price is known for, with their number. */
export function unpriced(graph: Graph): { type: string; count: number }[] {
  const known: readonly string[] = [...Object.values(types), ...free];
  const counts = new Map<string, number>();
  for (const { type, component } of graph.resources) {
    if (component || known.includes(type) || freePrefixes.some((prefix) => type.startsWith(prefix))) continue;
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].map(([type, count]) => ({ type, count }));
}

/** A property at a path of a declared value; undefined where there is none. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  );
}

export function listAt(value: unknown, ...path: (string | number)[]): unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function textAt(value: unknown, ...path: (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

export function numberAt(value: unknown, ...path: (string | number)[]): number | undefined {
  const found = at(value, ...path);
  const number = typeof found === "string" && found !== "" ? Number(found) : found;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

export function nameOf(resource: Resource): string {
  return textAt(resource.outputs, "name") ?? resource.name;
}
