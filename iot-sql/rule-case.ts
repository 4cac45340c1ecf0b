import { base64Pattern } from "./functions-encoding.ts";
import { decodeUtf8 } from "./json.ts";

/** A statement and the message to try it on. */
export interface RuleCase {
  sql: string;
  /** As it is published to: with `$aws/rules/<rule>/` in front for Basic Ingest. */
  topic: string;
  payload: Uint8Array;
  clientId?: string | undefined;
  /** Default: mqtt. */
  protocol?: "mqtt" | "http" | undefined;
  /** The rule's name, which Basic Ingest addresses; without it the rule is the one that the topic addresses. */
  rule?: string | undefined;
  /** A field of an action with substitution templates, to resolve on the message in place of SELECT. */
  template?: string | undefined;
}

/** A line that is not a case; the message says what is allowed. */
export class RuleCaseError extends Error {
  override readonly name = "RuleCaseError";
}

/** All texts; what else an object has, such as a name of the case, is for others. */
const known = ["sql", "topic", "payload", "payloadBase64", "clientId", "protocol", "rule", "template"];

/**
 * Reads a case of a file of cases: a line of JSON such as
 * `{"sql":"SELECT a FROM 't/#'","topic":"t/1","payload":"{\"a\":1}"}`, with `payloadBase64` in place of `payload` for
 * bytes that are no text, and optionally `clientId`, `protocol`, `rule` and `template`.
 *
 * @throws {RuleCaseError} where the line is not a case
 */
export function readRuleCase(line: Uint8Array): RuleCase {
  const { payload, payloadBase64, protocol, ...fields } = fieldsOf(line);
  const { sql, topic } = fields;
  if (sql === undefined || topic === undefined) {
    throw new RuleCaseError(
      `"${sql === undefined ? "sql" : "topic"}" is missing; a case has "sql", "topic" and "payload"`,
    );
  }
  if ((payload === undefined) === (payloadBase64 === undefined)) {
    throw new RuleCaseError('a case has either "payload", a text, or "payloadBase64"');
  }
  if (payloadBase64 !== undefined && !base64Pattern.test(payloadBase64)) {
    throw new RuleCaseError('"payloadBase64" is not base64 (RFC 4648, section 4)');
  }
  if (protocol !== undefined && protocol !== "mqtt" && protocol !== "http") {
    throw new RuleCaseError(`"protocol" is "mqtt" or "http", not ${JSON.stringify(protocol)}`);
  }
  const bytes = payload === undefined ? Buffer.from(payloadBase64 ?? "", "base64") : Buffer.from(payload, "utf8");
  return { ...fields, sql, topic, protocol, payload: bytes };
}

function fieldsOf(line: Uint8Array): Record<string, string | undefined> {
  const text = decodeUtf8(line);
  if (text === undefined) throw new RuleCaseError("not UTF-8");
  const value = parsed(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RuleCaseError('a case is a JSON object with "sql", "topic" and "payload"');
  }
  const fields: Record<string, string> = {};
  for (const key of known) {
    const field = (value as Record<string, unknown>)[key];
    if (field === undefined || field === null) continue;
    if (typeof field !== "string") {
      const hint = key === "payload" ? ', also where it is JSON: "{\\"a\\":1}"' : "";
      throw new RuleCaseError(`"${key}" is a text${hint}`);
    }
    fields[key] = field;
  }
  return fields;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RuleCaseError(`not JSON: ${(error as Error).message}`);
  }
}
