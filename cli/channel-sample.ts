import { newestRecords, readGraph, type StreamRecord } from "@metercast/simulator";
import { isUtf8 } from "node:buffer";
import { deliveryStreamName } from "../components/naming/names.ts";
import type { Pipeline } from "../lambdas/transform/config.ts";
import { decodeRecord } from "../lambdas/transform/message.ts";
import { openFiles } from "./stored.ts";

/** A raw message of a channel. */
export interface RawMessage {
  pipeline: Pipeline;
  /** What its rows in the tables have as record_id. */
  recordId: string;
  /** ISO 8601. */
  arrived: string;
  topic: string | null;
  client: string | null;
  /** The message, where it is JSON ... */
  payload?: unknown;
  /** ... or text ... */
  payloadText?: string;
  /** ... or neither. */
  payloadBase64?: string;
}

/**
 * The newest raw messages of a pipeline's channel, of both where none is named; the newest first.
 *
 * @throws DataFolderError
 */
export async function sampleChannel(
  data: string,
  pipeline: Pipeline | undefined,
  count: number,
): Promise<RawMessage[]> {
  const { folder, graph } = await openFiles(data);
  const { streams } = readGraph(graph);
  const pipelines: Pipeline[] = pipeline === undefined ? ["readings", "weather"] : [pipeline];
  const found = await Promise.all(
    pipelines.map(async (name) => {
      const stream = streams.get(deliveryStreamName(graph.stack, name));
      if (!stream) throw new Error(`the environment ${graph.stack} has no delivery stream for ${name}`);
      return (await newestRecords(folder, stream, count)).map((record) => ({ pipeline: name, record }));
    }),
  );
  return found
    .flat()
    .sort((a, b) => b.record.arrival - a.record.arrival)
    .slice(0, count)
    .map(({ pipeline: name, record }) => rawMessage(name, record));
}

function rawMessage(pipeline: Pipeline, { recordId, arrival, data }: StreamRecord): RawMessage {
  const { topic, client, bytes, text, reason } = decodeRecord({
    recordId,
    approximateArrivalTimestamp: arrival,
    data: Buffer.from(data).toString("base64"),
  });
  const common = { pipeline, recordId, arrived: new Date(arrival).toISOString(), topic, client };
  if (reason === undefined || reason === "empty envelope") return { ...common, payload: JSON.parse(text) as unknown };
  return isUtf8(bytes)
    ? { ...common, payloadText: Buffer.from(bytes).toString("utf8") }
    : { ...common, payloadBase64: Buffer.from(bytes).toString("base64") };
}

/** Characters of a message that people are shown. */
const shownCharacters = 500;

/** The messages for people: two lines each. */
export function sampleText(messages: readonly RawMessage[]): string {
  if (messages.length === 0) return "The channel holds no message.\n";
  return messages
    .map(({ pipeline, arrived, topic, client, payload, payloadText, payloadBase64 }) => {
      const head = [
        arrived,
        topic ?? `${pipeline}, topic not kept by its rule`,
        ...(client === null ? [] : [`from ${client}`]),
      ];
      const text = payload === undefined ? (payloadText ?? `base64 ${payloadBase64}`) : JSON.stringify(payload);
      const cut =
        text.length > shownCharacters ? `${text.slice(0, shownCharacters)}... (${text.length} characters)` : text;
      return `${head.join("  ")}\n  ${cut}\n`;
    })
    .join("");
}
