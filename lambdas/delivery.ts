import { PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import type { FirehoseClient } from "@aws-sdk/client-firehose";

/** PutRecordBatch takes at most 500 records and 4 MiB (https://docs.aws.amazon.com/firehose/latest/dev/limits.html). */
const batchRecords = 500;
const batchBytes = 4 * 1024 * 1024;

/**
 * Firehose bills a record as a multiple of 5 KB and takes several lines of JSON in one, so short lines travel together;
 * the limit of a record is 1,000 KiB.
 */
const packedBytes = 64 * 1024;

/** Waits before the second, third... attempt, in ms; a stream that throttles recovers within a second or two. */
const pauses = [100, 200, 400, 800, 1600];

/** Records that a delivery stream did not take, however often they were sent. */
export class DeliveryError extends Error {
  constructor(stream: string, failed: number, code: string) {
    super(
      `Delivery stream ${stream} refused ${failed} records ${pauses.length + 1} times (${code}). ` +
        `The invocation fails, so that Firehose repeats it; if this goes on, look at the stream's throttling metrics.`,
    );
    this.name = "DeliveryError";
  }
}

/**
 * Puts lines of JSON, each ended by a newline, to a delivery stream, and returns when the stream has them all.
 *
 * @param pause waits for some ms
 * @throws DeliveryError when the stream keeps refusing some
 */
export async function putLines(
  client: Pick<FirehoseClient, "send">,
  stream: string,
  lines: readonly string[],
  pause: (ms: number) => Promise<unknown>,
): Promise<void> {
  for (const batch of batches(pack(lines))) await putBatch(client, stream, batch, pause);
}

async function putBatch(
  client: Pick<FirehoseClient, "send">,
  stream: string,
  records: Uint8Array[],
  pause: (ms: number) => Promise<unknown>,
): Promise<void> {
  let left = records;
  for (const wait of [...pauses, undefined]) {
    const answer = await client.send(
      new PutRecordBatchCommand({ DeliveryStreamName: stream, Records: left.map((Data) => ({ Data })) }),
    );
    if (!answer.FailedPutCount) return;
    const codes = answer.RequestResponses?.map(({ ErrorCode }) => ErrorCode) ?? [];
    left = left.filter((_, index) => codes[index] !== undefined);
    if (wait === undefined) throw new DeliveryError(stream, left.length, codes.find(Boolean) ?? "no error code");
    await pause(wait);
  }
}

/** Joins lines to records, as they are asked for: a batch of hostile messages can give 100 MB of lines. */
function* pack(lines: readonly string[]): Generator<Uint8Array> {
  let record = "";
  for (const line of lines) {
    if (record !== "" && record.length + line.length > packedBytes) {
      yield Buffer.from(record, "utf8");
      record = "";
    }
    record += line;
  }
  if (record !== "") yield Buffer.from(record, "utf8");
}

function* batches(records: Iterable<Uint8Array>): Generator<Uint8Array[]> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for (const record of records) {
    if (batch.length === batchRecords || bytes + record.length > batchBytes) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += record.length;
  }
  if (batch.length > 0) yield batch;
}
