import { createHash } from "node:crypto";
import type {
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResult,
} from "aws-lambda";
import { leftOutLine } from "../left-out-row.ts";
import type { LeftOutRow } from "../left-out-row.ts";
import { cityOfTopic } from "../transform/city.ts";
import { decodeMessage, elementBytes } from "../transform/message.ts";
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

/** A message that is longer than this as rows stays whole: the answer must stay below Lambda's 6 MB. */
const longestRows = 1_000_000;

/**
 * The transform of the left_out stream: passes on the rows that a pipeline has put there, and makes rows of the
 * messages for which a topic rule's action failed, one per reading or observation.
 */
export function compileLeftOut(
  config: LeftOutConfig,
): (event: FirehoseTransformationEvent) => FirehoseTransformationResult {
  const cityOf = cityOfTopic(config.environment, config.cities);

  function rowsOf(record: FirehoseTransformationEventRecord): string | undefined {
    const bytes = Buffer.from(record.data, "base64");
    const text = bytes.toString("utf8");
    if (text.startsWith('{"record_id":')) return undefined;
    const failure = ruleFailure(text);
    if (failure === undefined) {
      return leftOutLine({
        record_id: record.recordId,
        position: 0,
        pipeline: null,
        ended: "rejected",
        by: null,
        reason: "not a rule's error message",
        payload: record.data,
        topic: null,
        client: null,
        city: null,
        received: record.approximateArrivalTimestamp,
      });
    }
    return failedRows(failure, record, bytes);
  }

  function failedRows(failure: RuleFailure, record: FirehoseTransformationEventRecord, bytes: Buffer): string {
    const topic = failure.topic ?? null;
    const client = failure.clientId ?? null;
    const received = record.approximateArrivalTimestamp;
    const message = decodeMessage(Buffer.from(failure.base64OriginalPayload, "base64"), topic, client, received);
    const row: Omit<LeftOutRow, "position" | "payload"> = {
      record_id: messageId(failure, record, bytes),
      pipeline: config.rules[failure.ruleName] ?? null,
      ended: "rejected",
      by: null,
      reason: `rule action failed: ${failure.failures[0]?.failedAction ?? "unknown"}`,
      topic,
      client,
      city: cityOf(topic)?.name ?? null,
      received,
    };
    const line = (position: number, payload: Uint8Array): string =>
      leftOutLine({ ...row, position, payload: Buffer.from(payload).toString("base64") });
    const payloads = elementBytes(message, [...message.elements.keys()]);
    const rows = payloads.map((payload, position) => line(position, payload)).join("");
    return rows === "" || rows.length > longestRows ? line(0, message.bytes) : rows;
  }

  return (event) => ({
    records: event.records.map((record) => {
      const rows = rowsOf(record);
      const data = rows === undefined ? record.data : Buffer.from(rows, "utf8").toString("base64");
      return { recordId: record.recordId, result: "Ok", data };
    }),
  });
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
