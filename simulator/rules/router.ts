import { basicIngestOf, type Message } from "@metercast/iot-sql";
import type { Declared, FirehoseAction, TopicRule } from "../declared/index.ts";
import { entryKinds, type PlacedEntry } from "../log/entry.ts";
import { calls, ruleCaller, type Decision, type Permissions } from "../permissions/index.ts";

/** A record that an action puts to a delivery stream. */
export interface Put {
  stream: string;
  /** The rule's name; undefined for a record that was put without one. */
  rule?: string;
  /** Unique in the log: the message's position and the number of the action. */
  recordId: string;
  data: Uint8Array;
}

/** Firehose takes a record of 1,000 KiB before base64 (Firehose quotas). */
const recordBytes = 1000 * 1024;

/** Topics, and names that templates make of messages, come from clients: what is remembered of them is bounded. */
const remembered = 10_000;

/** Sends each message through the rules that take it, as the AWS IoT rules engine does. */
export class Router {
  readonly #rules: TopicRule[];
  readonly #streams: Declared["streams"];
  readonly #region: string;
  readonly #accountId: string;
  readonly #permissions: Permissions;
  /** Decided when an action first names a stream, since each message asks. */
  readonly #refusals = new Map<FirehoseAction, Map<string, Decision | "allowed">>();
  #rulesByTopic = new Map<string, TopicRule[]>();

  constructor(declared: Declared, permissions: Permissions, region: string, accountId: string) {
    this.#permissions = permissions;
    this.#rules = declared.rules;
    this.#streams = declared.streams;
    this.#region = region;
    this.#accountId = accountId;
  }

  /** The records that a published message becomes; none when no rule takes it. */
  route(entry: PlacedEntry): Put[] {
    const ingest = basicIngestOf(entry.address);
    const topic = ingest ? ingest.topic : entry.address;
    const rules = ingest ? this.#ruleByName(ingest.rule, topic) : this.#rulesFor(topic);
    const puts: Put[] = [];
    for (const rule of rules) {
      const message = new RoutedMessage(entry, topic, this.#accountId, ingest?.rule);
      const result = rule.statement.evaluate(message);
      if (result === undefined) continue;
      for (const action of rule.actions) {
        const data = withSeparator(result, action.separator);
        const stream = action.stream.evaluate(message);
        const failure = this.#failureOf(rule, action, stream, data);
        const put = failure ? this.#errorAction(rule, message, stream, failure) : { stream, data };
        if (put) puts.push({ ...put, rule: rule.name, recordId: recordId(entry, puts.length) });
      }
    }
    return puts;
  }

  #rulesFor(topic: string): TopicRule[] {
    let rules = this.#rulesByTopic.get(topic);
    if (!rules) {
      rules = this.#rules.filter(({ statement }) => statement.matchesTopic(topic));
      if (this.#rulesByTopic.size >= remembered) this.#rulesByTopic.clear();
      this.#rulesByTopic.set(topic, rules);
    }
    return rules;
  }

  #ruleByName(name: string, topic: string): TopicRule[] {
    return this.#rules.filter(
      (rule) => rule.name === name && (rule.statement.topicFilter === undefined || rule.statement.matchesTopic(topic)),
    );
  }

  #refusalOf(rule: TopicRule, action: FirehoseAction, stream: string): Decision | undefined {
    let ofAction = this.#refusals.get(action);
    if (!ofAction) {
      ofAction = new Map<string, Decision | "allowed">();
      this.#refusals.set(action, ofAction);
    }
    let decided = ofAction.get(stream);
    if (!decided) {
      const caller = ruleCaller(rule.name, action.roleArn, { region: this.#region, accountId: this.#accountId });
      const call = action === rule.errorAction ? calls.ruleReportsFailure : calls.rulePutsRecord;
      decided = this.#permissions.refusal(call, caller, { stream }) ?? "allowed";
      if (ofAction.size >= remembered) ofAction.clear();
      ofAction.set(stream, decided);
    }
    return decided === "allowed" ? undefined : decided;
  }

  /** Why an action fails, in the words of the service; undefined when it does not. */
  #failureOf(rule: TopicRule, action: FirehoseAction, stream: string, data: Uint8Array): string | undefined {
    const refusal = this.#refusalOf(rule, action, stream);
    if (refusal) return `AccessDeniedException: ${refusal.message}`;
    if (!this.#streams.has(stream)) {
      return `ResourceNotFoundException: Firehose ${stream} under account ${this.#accountId} not found in ${this.#region}.`;
    }
    if (data.byteLength > recordBytes) {
      return `InvalidArgumentException: a record of ${data.byteLength} bytes; ${recordBytes} are allowed.`;
    }
    return undefined;
  }

  /** The message that a rule's error action gets (AWS IoT developer guide, "Error handling (error action)"). */
  #errorAction(rule: TopicRule, message: Message, failedResource: string, errorMessage: string) {
    const action = rule.errorAction;
    const stream = action?.stream.evaluate(message);
    if (!action || stream === undefined || !this.#streams.has(stream)) return undefined;
    if (this.#refusalOf(rule, action, stream)) return undefined;
    const text = JSON.stringify({
      ruleName: rule.name,
      topic: message.topic,
      cloudwatchTraceId: message.traceId,
      clientId: message.clientId ?? "N/A",
      base64OriginalPayload: Buffer.from(message.payload).toString("base64"),
      failures: [{ failedAction: "FirehoseAction", failedResource, errorMessage }],
    });
    return { stream, data: withSeparator(text, action.separator) };
  }
}

/** A message as a rule sees it; what few rules ask for is made when one does. */
class RoutedMessage implements Message {
  readonly payload: Uint8Array;
  readonly topic: string;
  readonly received: number;
  readonly protocol: "mqtt" | "http";
  readonly accountId: string;
  readonly clientId?: string;
  readonly basicIngestRule?: string;
  readonly #entry: PlacedEntry;

  constructor(entry: PlacedEntry, topic: string, accountId: string, basicIngestRule: string | undefined) {
    this.payload = entry.payload;
    this.topic = topic;
    this.received = entry.received;
    this.protocol = entry.kind === entryKinds.mqtt ? "mqtt" : "http";
    this.accountId = accountId;
    if (entry.client !== "") this.clientId = entry.client;
    if (basicIngestRule !== undefined) this.basicIngestRule = basicIngestRule;
    this.#entry = entry;
  }

  get traceId(): string {
    return traceId(this.#entry);
  }

  /** A message that is read from the log again gives the same result. */
  get seed(): string {
    return String(this.#entry.position);
  }
}

/** Fixed width, so that identities sort as the messages came. */
export function recordId(entry: PlacedEntry, index = 0): string {
  return `${String(entry.position).padStart(16, "0")}${String(index).padStart(2, "0")}`;
}

/** A trace id in the form of CloudWatch's, the same whenever the message is read. */
function traceId(entry: PlacedEntry): string {
  const digits = entry.position.toString(16).padStart(32, "0");
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    "-",
  );
}

/** The bytes of a record, of their own: a result may be a view of the message that it comes from. */
function withSeparator(result: string | Uint8Array, separator: string | undefined): Uint8Array {
  if (typeof result === "string") return Buffer.from(separator ? result + separator : result, "utf8");
  return Buffer.concat([result, Buffer.from(separator ?? "")]);
}
