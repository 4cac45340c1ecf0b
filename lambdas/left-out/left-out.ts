import { createHash } from "node:crypto";
import type {
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResult,
} from "aws-lambda";
import { leftOutLine } from "../left-out-row.ts";
import type { LeftOutRow } from "../left-out-row.ts";
import { ResponseRoom } from "../response.ts";
import { cityOfTopic } from "../transform/city.ts";
import { decodeMessage, elementBytes } from "../transform/message.ts";
import { ruleActionFailed, unknownRecord } from "../transform/reasons.ts";
import type { LeftOutConfig } from "./config.ts";

/**
 * What a topic rule's error action gets
 * (https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html), as far as it is used here.
 */
interface RuleFailure {
  ruleName: string;
  topic?: string;
  clientId?: string;
  /** Differs from message to message. */
  cloudwatchTraceId?: string;
  base64OriginalPayload: string;
  failures: { failedAction?: string }[];
}

/**
 * The transform of the left_out stream: passes on the rows that a pipeline has put there, and makes rows of the
 * messages for which a topic rule's action failed, one per reading or observation. A message that as rows would not fit
 * in the response stays whole.
 */
export function compileLeftOut(
  config: LeftOutConfig,
): (event: FirehoseTransformationEvent) => FirehoseTransformationResult {
  const cityOf = cityOfTopic(config.environment, config.cities);

  /** The record's answer: base64 of at most `room` bytes where the message can be kept so short. */
  function dataOf(record: FirehoseTransformationEventRecord, room: number): string {
    const bytes = Buffer.from(record.data, "base64");
    const text = bytes.toString("utf8");
    if (text.startsWith('{"record_id":')) return record.data;
    const failure = ruleFailure(text);
    if (failure === undefined) return base64(unknownRow(record));
    const row = rowOf(failure, record, bytes);
    const message = decodeMessage(
      Buffer.from(failure.base64OriginalPayload, "base64"),
      row.topic,
      row.client,
      row.received,
    );
    const line = (payload: Uint8Array, position: number): string =>
      leftOutLine({ ...row, position, payload: Buffer.from(payload).toString("base64") });
    const payloads = elementBytes(message, [...message.elements.keys()]);
    const rows = base64(payloads.map(line).join(""));
    return rows === "" || rows.length > room ? base64(line(message.bytes, 0)) : rows;
  }

  function rowOf(
    failure: RuleFailure,
    record: FirehoseTransformationEventRecord,
    bytes: Buffer,
  ): Omit<LeftOutRow, "position" | "payload"> {
    const topic = failure.topic ?? null;
    return {
      record_id: messageId(failure, record, bytes),
      pipeline: config.rules[failure.ruleName] ?? null,
      ended: "rejected",
      by: null,
      reason: ruleActionFailed(failure.failures[0]?.failedAction ?? "unknown"),
      topic,
      client: failure.clientId ?? null,
      city: cityOf(topic)?.name ?? null,
      received: record.approximateArrivalTimestamp,
    };
  }

  return (event) => {
    const room = new ResponseRoom();
    return {
      records: event.records.map((record) => {
        const { recordId } = record;
        const data = dataOf(record, room.forData(recordId));
        room.take(recordId, data);
        return { recordId, result: "Ok", data };
      }),
    };
  };
}

/** What came to the stream by another way than a pipeline or a rule's error action. */
function unknownRow(record: FirehoseTransformationEventRecord): string {
  return leftOutLine({
    record_id: record.recordId,
    position: 0,
    pipeline: null,
    ended: "rejected",
    by: null,
    reason: unknownRecord,
    payload: record.data,
    topic: null,
    client: null,
    city: null,
    received: record.approximateArrivalTimestamp,
  });
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function ruleFailure(text: string): RuleFailure | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const isFailure =
    typeof value === "object" &&
    value !== null &&
    "ruleName" in value &&
    typeof value.ruleName === "string" &&
    "base64OriginalPayload" in value &&
    typeof value.base64OriginalPayload === "string" &&
    "failures" in value &&
    Array.isArray(value.failures);
  return isFailure ? (value as RuleFailure) : undefined;
}

/** The same for each delivery of one message; without a trace, two equal messages differ by their record only. */
function messageId(failure: RuleFailure, record: FirehoseTransformationEventRecord, bytes: Buffer): string {
  const hash = createHash("sha256").update(bytes);
  if (!failure.cloudwatchTraceId) hash.update(record.recordId);
  return `rule-${hash.digest("hex").slice(0, 40)}`;
}
