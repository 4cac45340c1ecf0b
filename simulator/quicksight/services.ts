import type { ServiceArrow, ServiceNode, Services } from "../../page/api.ts";
import { functionByArn, type Declared } from "../declared/index.ts";
import type { Json, JsonObject } from "../states/index.ts";
import { counters } from "../traffic.ts";

/** An arrow with the counter that tells how much passes. */
interface CountedArrow extends Omit<ServiceArrow, "perMinute"> {
  counter?: string;
}

/** What is declared, as services and what passes between them. */
export interface ServiceMap {
  nodes: ServiceNode[];
  arrows: CountedArrow[];
}

const clients = "clients";
const spice = "spice";
const jobs = "processing-jobs";
const ids = {
  rule: (name: string) => `rule ${name}`,
  stream: (name: string) => `stream ${name}`,
  lambda: (arn: string) => `function ${arn}`,
  bucket: (name: string) => `bucket ${name}`,
  workgroup: (name: string) => `workgroup ${name}`,
  machine: (arn: string) => `machine ${arn}`,
  schedule: (arn: string) => `schedule ${arn}`,
  topic: (arn: string) => `topic ${arn}`,
  dashboard: (id: string) => `dashboard ${id}`,
};

/** What a task of a state machine calls: the id of a node. @param parameters of the task, as they are known */
export function taskTarget(declared: Declared, resource: string, parameters: JsonObject): string | undefined {
  const functionArn = resource.startsWith("arn:aws:lambda:") ? resource : parameters["FunctionName"];
  if (resource.startsWith("arn:aws:lambda:") || resource.includes(":::lambda:")) {
    if (typeof functionArn !== "string") return undefined;
    const found = functionByArn(declared, functionArn);
    return found && ids.lambda(found.arn);
  }
  const { WorkGroup: workgroup = "primary", TopicArn: topic } = parameters;
  if (resource.includes(":::athena:")) return typeof workgroup === "string" ? ids.workgroup(workgroup) : undefined;
  if (resource.includes(":::sns:")) return typeof topic === "string" ? ids.topic(topic) : undefined;
  if (resource.includes(":quicksight:")) return spice;
  return resource.includes(":::sagemaker:") ? jobs : undefined;
}

/** Reduces what is declared to what does something. */
export function serviceMap(declared: Declared): ServiceMap {
  const arrows = arrowsOf(declared);
  const used = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  return { nodes: nodesOf(declared).filter(({ id }) => used.has(id)), arrows };
}

/** The keys of all counters. */
export function trafficKeys(declared: Declared): string[] {
  const keys = arrowsOf(declared).flatMap(({ counter }) => (counter === undefined ? [] : [counter]));
  return [...new Set(keys)];
}

/** With the rates of the last minute. */
export function servicesOf({ nodes, arrows }: ServiceMap, rates: ReadonlyMap<string, number>): Services {
  return {
    nodes,
    arrows: arrows.map(({ counter, ...arrow }) => ({
      ...arrow,
      ...(counter !== undefined && { perMinute: rates.get(counter) ?? 0 }),
    })),
  };
}

function nodesOf(declared: Declared): ServiceNode[] {
  const { rules, streams, functions, buckets, workgroups, machines, schedules, topics, dataSets, dashboards } =
    declared;
  const node = (id: string, service: string, name: string, column: number): ServiceNode => ({
    id,
    service,
    name,
    column,
  });
  return [
    node(clients, "MQTT, HTTP", "meters and weather stations", 0),
    ...schedules.map(({ arn, name }) => node(ids.schedule(arn), "Scheduler", name, 0)),
    ...rules.map(({ name }) => node(ids.rule(name), "IoT rule", name, 1)),
    ...machines.map(({ arn, name }) => node(ids.machine(arn), "Step Functions", name, 1)),
    ...[...streams.values()].map(({ name }) => node(ids.stream(name), "Firehose", name, 2)),
    ...[...functions.values()].map(({ arn, name }) => node(ids.lambda(arn), "Lambda", name, 3)),
    node(jobs, "SageMaker", "processing jobs", 3),
    ...topics.map(({ arn, name }) => node(ids.topic(arn), "SNS", name, 3)),
    ...buckets.map((name) => node(ids.bucket(name), "S3", name, 4)),
    ...[...workgroups.keys()].map((name) => node(ids.workgroup(name), "Athena", name, 5)),
    node(spice, "QuickSight", `${dataSets.size} data sets`, 6),
    ...dashboards.map(({ id, name }) => node(ids.dashboard(id), "QuickSight", name, 7)),
  ];
}

function arrowsOf(declared: Declared): CountedArrow[] {
  const { rules, streams, functions, buckets, workgroups, machines, schedules, dataSets, dataSources } = declared;
  const arrow = (from: string, to: string, what: string, counter?: string): CountedArrow => ({
    from,
    to,
    what,
    ...(counter !== undefined && { counter }),
  });
  const all = [
    ...rules.flatMap(({ name, actions, errorAction }) => [
      arrow(clients, ids.rule(name), "messages", counters.rule(name)),
      ...actions.map(({ stream }) => arrow(ids.rule(name), ids.stream(stream.text), "records", counters.rule(name))),
      ...(errorAction ? [arrow(ids.rule(name), ids.stream(errorAction.stream.text), "failures")] : []),
    ]),
    ...[...streams.values()].flatMap(({ name, transform, destination }) => [
      ...(transform
        ? [
            arrow(
              ids.stream(name),
              ids.lambda(functionArnOf(declared, transform.functionArn)),
              "records",
              counters.received(name),
            ),
          ]
        : []),
      arrow(ids.stream(name), ids.bucket(destination.bucket), "records", counters.received(name)),
    ]),
    ...[...functions.values()].flatMap(({ arn, variables }) =>
      [...new Set(Object.values(variables))]
        .filter((value) => streams.has(value))
        .map((stream) => arrow(ids.lambda(arn), ids.stream(stream), "records", counters.put(stream))),
    ),
    ...schedules.map(({ arn, target }) => {
      const invoked = functionByArn(declared, target.arn);
      return invoked
        ? arrow(ids.schedule(arn), ids.lambda(invoked.arn), "invocations", counters.invoked(invoked.arn))
        : arrow(ids.schedule(arn), ids.machine(target.arn), "executions", counters.started(target.arn));
    }),
    ...machines.flatMap((machine) =>
      [...targetsOf(declared, machine.definition)].map((target) =>
        arrow(ids.machine(machine.arn), target, "tasks", counters.task(machine.arn, target)),
      ),
    ),
    ...[...workgroups.keys()].flatMap((name) =>
      buckets.map((bucket) => arrow(ids.bucket(bucket), ids.workgroup(name), "objects")),
    ),
    ...[...new Set([...dataSets.values()].map(({ dataSourceArn }) => dataSources.get(dataSourceArn)?.workgroup))].map(
      (workgroup = "primary") => arrow(ids.workgroup(workgroup), spice, "imports", counters.imported),
    ),
    ...declared.dashboards.map(({ id }) => arrow(spice, ids.dashboard(id), "questions", counters.asked)),
  ];
  const there = new Set(nodesOf(declared).map(({ id }) => id));
  return all.filter(({ from, to }) => there.has(from) && there.has(to));
}

function functionArnOf(declared: Declared, arn: string): string {
  return functionByArn(declared, arn)?.arn ?? arn;
}

/** What the tasks of a definition call, wherever they stand in it. */
function targetsOf(declared: Declared, definition: string): Set<string> {
  const targets = new Set<string>();
  const look = (value: Json): void => {
    if (typeof value !== "object" || value === null) return;
    if (!Array.isArray(value) && value["Type"] === "Task" && typeof value["Resource"] === "string") {
      const parameters = value["Parameters"] ?? value["Arguments"] ?? {};
      const target = taskTarget(declared, value["Resource"], parameters as JsonObject);
      if (target !== undefined) targets.add(target);
    }
    for (const inner of Object.values(value)) if (inner !== undefined) look(inner);
  };
  look(JSON.parse(definition) as Json);
  return targets;
}
