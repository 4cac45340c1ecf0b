import type { Graph, Resource } from "../graph.ts";
import { at, nameOf, numberAt, ofType, textAt, types } from "./declared.ts";
import { line, type CostLine } from "./line.ts";
import type { Load } from "./load.ts";
import { billedBytes } from "./messages.ts";
import { batches, transformLines, transformOf, type Transform } from "./transform.ts";
import { add, type StreamTraffic, type Traffic } from "./traffic.ts";

const gigabyte = 1024 ** 3;
const megabyte = 1024 ** 2;

/** Firehose's own, where the program says nothing. */
const defaultBuffer = { megabytes: 5, convertedMegabytes: 128, seconds: 300 };

/**
 * Bytes of what is stored, measured on generated readings: a row in JSON as the transform gives it, a row in Parquet, and an
 * object of Parquet without its rows; in the channel, a reading compressed with its topic and arrival.
 */
const stored = { jsonRow: 212, parquetRow: 16, parquetObject: 2048, channelElement: 13 };

/** A row of what is left out: its place, topic, client and reason; its payload in base64 comes on top. */
const leftOutRow = { bytes: 400, payload: 112 };

/** A transform packs rows of what is left out into records of this size (lambdas/delivery.ts). */
const packedBytes = 64 * 1024;

/** What a month leaves in a folder of the bucket. */
export interface Folder {
  prefix: string;
  bytes: number;
  /** Whether it holds rows that queries read. */
  rows: boolean;
}

export interface Delivered {
  lines: CostLine[];
  folders: Folder[];
}

/** Delivery streams, what transforms their records, and the objects that they write. */
export function deliveryLines(graph: Graph, traffic: Traffic, load: Load): Delivered {
  const streams = new Map(ofType(graph, types.stream).map((stream) => [nameOf(stream), stream]));
  const lines: CostLine[] = [];
  const folders: Folder[] = [];
  const leftOut: [string, StreamTraffic][] = [];
  const price = (name: string, its: StreamTraffic): void => {
    const stream = streams.get(name);
    if (stream === undefined) return;
    const transform = transformOf(graph, stream, its);
    lines.push(...streamLines(stream, its));
    if (transform !== undefined) {
      lines.push(...transformLines(graph, transform, load.monthsKept));
      for (const other of streamsOf(transform.resource, streams))
        leftOut.push([other, leftOutTraffic(transform, load.leftOut)]);
    }
    const objects = objectsOf(stream, its);
    lines.push(line("s3Put", stream, objects.count / 1000));
    folders.push(...objects.folders);
  };
  for (const [name, its] of traffic.streams) price(name, its);
  // what is left out comes from the streams before, and goes nowhere else
  for (const [name, its] of merged(leftOut)) price(name, its);
  return { lines, folders };
}

function streamLines(stream: Resource, { billedBytes: billed, elements }: StreamTraffic): CostLine[] {
  const configuration = at(stream.inputs, "extendedS3Configuration");
  const gigabytes = billed / gigabyte;
  const conversion = at(configuration, "dataFormatConversionConfiguration");
  const partitions = at(configuration, "dynamicPartitioningConfiguration", "enabled") === true;
  return [
    line("firehoseIngest", stream, gigabytes),
    ...(isOn(conversion) ? [line("firehoseConversion", stream, gigabytes)] : []),
    ...(partitions ? [line("firehosePartitions", stream, (elements * stored.jsonRow) / gigabyte)] : []),
  ];
}

/** The objects that a stream writes: its data, and the records as they came where it keeps them. */
function objectsOf(stream: Resource, its: StreamTraffic): { count: number; folders: Folder[] } {
  const data = at(stream.inputs, "extendedS3Configuration");
  const converted = isOn(at(data, "dataFormatConversionConfiguration"));
  const objects = (configuration: unknown, bytes: number): number => {
    const size = numberAt(configuration, "bufferingSize");
    const most = size ?? (converted ? defaultBuffer.convertedMegabytes : defaultBuffer.megabytes);
    const seconds = numberAt(configuration, "bufferingInterval") ?? defaultBuffer.seconds;
    return batches({ records: its.records, bytes }, most * megabyte, seconds);
  };
  const rowBytes = its.elements * stored.jsonRow;
  const dataObjects = objects(data, rowBytes);
  const folders: Folder[] = [
    {
      prefix: textAt(data, "prefix") ?? "",
      bytes: converted ? its.elements * stored.parquetRow + dataObjects * stored.parquetObject : rowBytes,
      rows: true,
    },
  ];
  if (textAt(data, "s3BackupMode") !== "Enabled") return { count: dataObjects, folders };
  const backup = at(data, "s3BackupConfiguration");
  const compressed = textAt(backup, "compressionFormat") === "GZIP";
  folders.push({
    prefix: textAt(backup, "prefix") ?? "",
    bytes: compressed ? its.elements * stored.channelElement : its.bytes,
    rows: false,
  });
  return { count: dataObjects + objects(backup, its.bytes), folders };
}

function isOn(configuration: unknown): boolean {
  return configuration !== undefined && at(configuration, "enabled") !== false;
}

/** The streams that a function is told of by its environment variables: where it puts what it leaves out. */
function streamsOf(lambda: Resource, streams: Map<string, Resource>): string[] {
  const variables = Object.values((at(lambda.inputs, "environment", "variables") as object | undefined) ?? {});
  return variables.filter((value): value is string => typeof value === "string" && streams.has(value));
}

/** A transform sends the rows of one invocation together. */
function leftOutTraffic({ invocations, elements }: Transform, share: number): StreamTraffic {
  const rows = elements * share;
  const bytes = rows * (leftOutRow.bytes + leftOutRow.payload);
  const records = Math.max(Math.min(rows, invocations), bytes / packedBytes);
  return { records, bytes, billedBytes: records === 0 ? 0 : records * billedBytes(bytes / records), elements: rows };
}

function merged(parts: [string, StreamTraffic][]): Map<string, StreamTraffic> {
  const sums = new Map<string, StreamTraffic>();
  for (const [name, part] of parts) add(sums, name, part);
  return sums;
}
