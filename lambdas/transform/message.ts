import { isUtf8 } from "node:buffer";
import type { FirehoseTransformationEventRecord } from "aws-lambda";
import type { MessageReason } from "./reasons.ts";

/** One message as it was published, and what the topic rule knew of it. */
export interface Message {
  /** What the publisher sent; of a rule with its own SELECT, what the rule made of it. */
  bytes: Uint8Array;
  /** The JSON of `bytes`, without a byte order mark. */
  text: string;
  /** The readings or observations; empty when `reason` says why there are none. */
  elements: readonly unknown[];
  /** True when the message is an array of its elements. */
  envelope: boolean;
  /** Why the message as a whole cannot be used. */
  reason: MessageReason | undefined;
  topic: string | null;
  client: string | null;
  /** Arrival at the topic rule, or at the delivery stream when the rule does not say; epoch ms. */
  received: number;
}

/** What the default topic rule makes of a message. */
interface Wrapper {
  payload: string;
  topic?: unknown;
  client?: unknown;
  received: number;
}

interface Json {
  text: string;
  value: unknown;
  reason: MessageReason | undefined;
}

const none: readonly unknown[] = [];

/**
 * Takes apart a record of the delivery stream: a line of JSON from a topic rule. The default rule wraps the message as
 * `{"payload": base64, "topic", "client", "received"}`; a rule with a SELECT of its own gives the message itself.
 */
export function decodeRecord(record: FirehoseTransformationEventRecord): Message {
  const line = withoutSeparator(Buffer.from(record.data, "base64"));
  const json = parse(line);
  const wrapper = json.value;
  if (isWrapper(wrapper)) {
    const payload = Buffer.from(wrapper.payload, "base64");
    if (payload.length === decodedLength(wrapper.payload)) {
      const topic = typeof wrapper.topic === "string" ? wrapper.topic : null;
      const client = typeof wrapper.client === "string" ? wrapper.client : null;
      return message(payload, parse(payload), topic, client, wrapper.received);
    }
  }
  return message(line, json, null, null, record.approximateArrivalTimestamp);
}

/** Takes apart the bytes of a message that no rule has wrapped. */
export function decodeMessage(bytes: Buffer, topic: string | null, client: string | null, received: number): Message {
  return message(bytes, parse(bytes), topic, client, received);
}

/** The original bytes of the element at a position of the message. */
export function elementBytes(message: Message, positions: readonly number[]): Uint8Array[] {
  if (!message.envelope || message.reason !== undefined) return positions.map(() => message.bytes);
  return elementTexts(message.text, positions).map((text) => Buffer.from(text, "utf8"));
}

function message(
  bytes: Uint8Array,
  json: Json,
  topic: string | null,
  client: string | null,
  received: number,
): Message {
  const { text, value } = json;
  let { reason } = json;
  const envelope = Array.isArray(value);
  if (envelope && value.length === 0) reason = "empty envelope";
  const elements = reason !== undefined ? none : envelope ? (value as unknown[]) : [value];
  return { bytes, text, elements, envelope, reason, topic, client, received };
}

function parse(bytes: Buffer): Json {
  if (bytes.length === 0) return { text: "", value: undefined, reason: "empty message" };
  if (!isUtf8(bytes)) return { text: "", value: undefined, reason: "not UTF-8" };
  let text = bytes.toString("utf8");
  // RFC 8259 section 8.1 lets a parser ignore a byte order mark; JSON.parse does not.
  if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
  try {
    return { text, value: JSON.parse(text), reason: undefined };
  } catch (error) {
    if (error instanceof SyntaxError) return { text, value: undefined, reason: "not JSON" };
    if (error instanceof RangeError) return { text, value: undefined, reason: "nested too deep" };
    throw error;
  }
}

/** The topic rule's Firehose action ends each record with a newline. */
function withoutSeparator(line: Buffer): Buffer {
  return line[line.length - 1] === 0x0a ? line.subarray(0, -1) : line;
}

function isWrapper(value: unknown): value is Wrapper {
  return (
    typeof value === "object" &&
    value !== null &&
    "payload" in value &&
    typeof value.payload === "string" &&
    "received" in value &&
    Number.isSafeInteger(value.received)
  );
}

/** Bytes that well-formed base64 stands for; Buffer skips what is not base64 and so gives fewer. */
function decodedLength(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return base64.length % 4 === 0 ? (base64.length / 4) * 3 - padding : -1;
}

/** The JSON texts of some elements of an array, whose JSON is known to be valid; positions ascend. */
function elementTexts(text: string, positions: readonly number[]): string[] {
  const texts: string[] = [];
  let depth = 0;
  let position = 0;
  let start = text.indexOf("[") + 1;
  for (let at = start; texts.length < positions.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = closingQuote(text, at);
    } else if (code === openBracket || code === openBrace) {
      depth++;
    } else if (depth > 0 && (code === closeBracket || code === closeBrace)) {
      depth--;
    } else if (depth === 0 && (code === comma || code === closeBracket)) {
      if (position === positions[texts.length]) texts.push(text.slice(start, at).trim());
      position++;
      start = at + 1;
    }
  }
  return texts;
}

function closingQuote(text: string, opening: number): number {
  let at = opening;
  do {
    at = text.indexOf('"', at + 1);
  } while (isEscaped(text, at));
  return at;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === backslash) backslashes++;
  return backslashes % 2 === 1;
}

const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
