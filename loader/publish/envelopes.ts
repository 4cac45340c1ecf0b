import type { Batch } from "../sources/source.ts";

/** One message to publish: a record, or an array of records of one topic. */
export interface OutgoingMessage {
  topic: string;
  payload: string;
  /** Records in it. */
  records: number;
  /** Of its first record, epoch milliseconds. */
  time: number;
}

/** The largest MQTT payload that IoT Core takes, in bytes (AWS IoT Core quotas, "Publish payload size"). */
export const largestPayload = 131_072;

/**
 * Puts a batch's records into messages: one each, or arrays of up to `size` records of one topic and no more than
 * {@link largestPayload} bytes, in the order in which they became full.
 */
export function envelopes(batch: Batch, size: number): OutgoingMessage[] {
  const { topics, times, texts } = batch;
  if (size <= 1) {
    return texts.map((payload, i) => ({ topic: topics[i] as string, payload, records: 1, time: times[i] as number }));
  }
  const messages: OutgoingMessage[] = [];
  const open = new Map<string, { texts: string[]; bytes: number; time: number }>();
  const close = (topic: string, envelope: { texts: string[]; time: number }): void => {
    messages.push({
      topic,
      payload: `[${envelope.texts.join(",")}]`,
      records: envelope.texts.length,
      time: envelope.time,
    });
    open.delete(topic);
  };
  texts.forEach((text, i) => {
    const topic = topics[i] as string;
    const bytes = Buffer.byteLength(text) + 1;
    let envelope = open.get(topic);
    if (envelope !== undefined && envelope.bytes + bytes > largestPayload) {
      close(topic, envelope);
      envelope = undefined;
    }
    if (envelope === undefined) {
      envelope = { texts: [], bytes: 1, time: times[i] as number };
      open.set(topic, envelope);
    }
    envelope.texts.push(text);
    envelope.bytes += bytes;
    if (envelope.texts.length === size) close(topic, envelope);
  });
  for (const [topic, envelope] of open) close(topic, envelope);
  return messages;
}
