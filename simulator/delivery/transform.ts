import type {
  FirehoseTransformationEvent,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
} from "aws-lambda";
import type { DeliveryStream } from "../declared/index.ts";
import { checkPayload, InvocationError } from "../lambda/function-host.ts";

/** A record of a delivery stream. */
export interface StreamRecord {
  recordId: string;
  /** Epoch milliseconds of arrival. */
  arrival: number;
  data: Uint8Array;
}

/** Code of a record that the function itself gave up: it tells of that in its own log, and Firehose does not. */
export const processingFailed = "Lambda.ProcessingFailedStatus";

/** What became of a record in the transform. */
export type Transformed =
  | { record: StreamRecord; result: "Ok"; base64: string }
  | { record: StreamRecord; result: "Dropped" }
  | { record: StreamRecord; result: "ProcessingFailed"; errorCode: string; errorMessage: string; attempts: number };

/**
 * Sends a batch through the stream's function with Firehose's event and takes its answer (Firehose developer guide,
 * "Transform source data"): each record comes back once, as Ok, Dropped or ProcessingFailed. An invocation that fails
 * is repeated; after the last attempt its records have failed.
 *
 * @param invoke Fails with an InvocationError.
 */
export async function transformBatch(
  stream: DeliveryStream,
  invoke: (event: FirehoseTransformationEvent) => Promise<unknown>,
  batch: StreamRecord[],
  region: string,
): Promise<Transformed[]> {
  const retries = stream.transform?.retries ?? 0;
  const event: FirehoseTransformationEvent = {
    invocationId: crypto.randomUUID(),
    deliveryStreamArn: stream.arn,
    region,
    records: batch.map(({ recordId, arrival, data }) => ({
      recordId,
      approximateArrivalTimestamp: arrival,
      data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64"),
    })),
  };
  for (let attempt = 1; ; attempt++) {
    try {
      return takeAnswer(batch, await invoke(event), attempt);
    } catch (error) {
      if (!(error instanceof InvocationError)) throw error;
      if (attempt <= retries) continue;
      return batch.map((record) => failed(record, error.code, error.message, attempt));
    }
  }
}

function takeAnswer(batch: StreamRecord[], answer: unknown, attempts: number): Transformed[] {
  const records = (answer as FirehoseTransformationResult | undefined)?.records;
  if (!Array.isArray(records)) {
    throw new InvocationError("Lambda.FunctionError", "The function's answer has no list of records");
  }
  checkPayload(records.reduce((sum, record) => sum + (record.data?.length ?? 0) + 100, 0));
  let byId: Map<string, FirehoseTransformationResultRecord> | undefined;
  return batch.map((record, index) => {
    let answered = records[index];
    // most functions answer in the order of the event, and with all records
    if (records.length !== batch.length || answered?.recordId !== record.recordId) {
      byId ??= new Map(records.map((one) => [one.recordId, one]));
      answered = byId.get(record.recordId);
    }
    switch (answered?.result) {
      case "Ok":
        return { record, result: "Ok", base64: answered.data ?? "" };
      case "Dropped":
        return { record, result: "Dropped" };
      case "ProcessingFailed":
        return failed(record, processingFailed, "ProcessingFailed status set for record", attempts);
      default:
        return failed(record, "Lambda.MissingRecordId", "The function's answer does not have this record", attempts);
    }
  });
}

function failed(record: StreamRecord, errorCode: string, errorMessage: string, attempts: number): Transformed {
  return { record, result: "ProcessingFailed", errorCode, errorMessage, attempts };
}
