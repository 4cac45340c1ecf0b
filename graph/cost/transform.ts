import type { Graph, Resource } from "../graph.ts";
import { at, listAt, numberAt, ofType, textAt, types } from "./declared.ts";
import { line, type CostLine } from "./line.ts";
import { hoursPerMonth } from "./load.ts";
import type { StreamTraffic } from "./traffic.ts";

/** Firehose's own, where the program says nothing ("Data transformation": 1 MB, 60 seconds). */
const defaultBuffer = { megabytes: 1, seconds: 60 };

/** Lambda gives a function one processor at this memory, and a share of one below it (developer guide, "Configure memory"). */
const oneProcessorMegabytes = 1769;
const defaultMemoryMegabytes = 128;

/**
 * Work of a transform on one whole processor, and the wait of an invocation: twice and more what the shipped transform
 * takes in Node 24 on an x86 server (7 microseconds for a reading of its own, 3 in an envelope).
 */
const processorSeconds = { invocation: 0.005, element: 0.000_015 };
const waitSeconds = 0.01;

/** What a function writes of itself for an invocation where its system log level lets it. */
const platformLogBytes = 900;

/** The transform of a delivery stream, and how often it runs in a month. */
export interface Transform {
  resource: Resource;
  invocations: number;
  elements: number;
}

/** The function that a stream sends its records through; undefined where it has none. */
export function transformOf(graph: Graph, stream: Resource, traffic: StreamTraffic): Transform | undefined {
  const processing = at(stream.inputs, "extendedS3Configuration", "processingConfiguration");
  if (at(processing, "enabled") === false) return undefined;
  const processor = listAt(processing, "processors").find((one) => textAt(one, "type") === "Lambda");
  const parameters = new Map(
    listAt(processor, "parameters").map((one) => [textAt(one, "parameterName"), at(one, "parameterValue")]),
  );
  const arn = parameters.get("LambdaArn");
  const resource = ofType(graph, types.function).find((one) => isOf(arn, textAt(one.outputs, "arn")));
  if (resource === undefined) return undefined;
  const bytes = (numberAt(parameters.get("BufferSizeInMBs")) ?? defaultBuffer.megabytes) * 1024 * 1024;
  const seconds = numberAt(parameters.get("BufferIntervalInSeconds")) ?? defaultBuffer.seconds;
  return { resource, invocations: batches(traffic, bytes, seconds), elements: traffic.elements };
}

/** Batches of a month: when the buffer is full, or its interval is over and something came; arrivals are spread evenly. */
export function batches({ records, bytes }: { records: number; bytes: number }, most: number, seconds: number): number {
  const intervals = seconds === 0 ? Infinity : (hoursPerMonth * 3600) / seconds;
  return Math.max(bytes / most, Math.min(records, intervals));
}

export function transformLines(
  graph: Graph,
  { resource, invocations, elements }: Transform,
  months: number,
): CostLine[] {
  const megabytes = numberAt(resource.inputs, "memorySize") ?? defaultMemoryMegabytes;
  const work = invocations * processorSeconds.invocation + elements * processorSeconds.element;
  const seconds = work / Math.min(1, megabytes / oneProcessorMegabytes) + invocations * waitSeconds;
  const arm = listAt(resource.inputs, "architectures").includes("arm64");
  return [
    line("lambdaRequest", resource, invocations / 1e6),
    line(arm ? "lambdaArm" : "lambdaX86", resource, (seconds * megabytes) / 1024),
    ...logLines(graph, resource, invocations, months),
  ];
}

/** What the service logs of invocations, at the levels INFO and below; a transform itself writes of what fails only. */
function logLines(graph: Graph, resource: Resource, invocations: number, months: number): CostLine[] {
  const logging = resource.inputs["loggingConfig"];
  if (textAt(logging, "logFormat") === "JSON" && textAt(logging, "systemLogLevel") === "WARN") return [];
  const gigabytes = (invocations * platformLogBytes) / 1024 ** 3;
  const name = textAt(logging, "logGroup");
  const group = ofType(graph, types.logGroup).find(({ outputs }) => textAt(outputs, "name") === name) ?? resource;
  const days = numberAt(group.inputs, "retentionInDays");
  const kept = Math.min(months, days === undefined || days === 0 ? Infinity : days / (hoursPerMonth / 24));
  return [line("logIngest", group, gigabytes), line("logStorage", group, gigabytes * kept)];
}

/** Whether an ARN is that of a function, or of one of its versions. */
function isOf(arn: unknown, functionArn: string | undefined): boolean {
  return (
    typeof arn === "string" && functionArn !== undefined && (arn === functionArn || arn.startsWith(`${functionArn}:`))
  );
}
