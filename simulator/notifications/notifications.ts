import { randomUUID } from "node:crypto";
import type { Subscription, Topic } from "../declared/index.ts";
import { appendLine, readLines } from "./kept-lines.ts";

/** A message that was published to a topic. */
export interface Notification {
  id: string;
  /** Epoch milliseconds. */
  at: number;
  /** The topic's name. */
  topic: string;
  subject?: string;
  message: string;
  /** Who would get it: nothing is sent from this machine. */
  subscribers: { protocol: string; endpoint: string }[];
}

/** What SNS refuses, by its exception's name. */
export class NotificationRefusal extends Error {
  override readonly name = "NotificationRefusal";
  readonly type: "InvalidParameterException" | "NotFoundException";

  constructor(type: NotificationRefusal["type"], message: string) {
    super(message);
    this.type = type;
  }
}

/** Bytes of a message at most (Amazon SNS quotas). */
const messageBytes = 262_144;

/** SNS API reference, Publish: fewer than 100 characters without line breaks, the first no space. */
const validSubject = /^[\x21-\x7e][\x20-\x7e]{0,98}$/;

/** What is published to the declared topics: kept in the data folder, an entry a line, and told. */
export class Notifications {
  readonly #file: string;
  readonly #topics: ReadonlyMap<string, Topic>;
  readonly #subscriptions: readonly Subscription[];
  readonly #notified: (notification: Notification) => void;

  /** @param notified called with each, when it is in the folder */
  constructor(
    file: string,
    topics: readonly Topic[],
    subscriptions: readonly Subscription[],
    notified: (notification: Notification) => void,
  ) {
    this.#file = file;
    this.#topics = new Map(topics.map((topic) => [topic.arn, topic]));
    this.#subscriptions = subscriptions;
    this.#notified = notified;
  }

  /** @throws NotificationRefusal */
  publish(topicArn: string, message: string, subject: string | undefined): Notification {
    const topic = this.#topics.get(topicArn);
    if (!topic) throw new NotificationRefusal("NotFoundException", "Topic does not exist");
    if (message === "") throw new NotificationRefusal("InvalidParameterException", "Invalid parameter: Empty message");
    if (Buffer.byteLength(message) > messageBytes) {
      throw new NotificationRefusal("InvalidParameterException", "Invalid parameter: Message too long");
    }
    if (subject !== undefined && !validSubject.test(subject)) {
      throw new NotificationRefusal("InvalidParameterException", "Invalid parameter: Subject");
    }
    const notification: Notification = {
      id: randomUUID(),
      at: Date.now(),
      topic: topic.name,
      ...(subject !== undefined && { subject }),
      message,
      subscribers: this.#subscriptions
        .filter((subscription) => subscription.topicArn === topicArn)
        .map(({ protocol, endpoint }) => ({ protocol, endpoint })),
    };
    appendLine(this.#file, notification);
    this.#notified(notification);
    return notification;
  }

  /** The oldest first. */
  list(): Notification[] {
    return readLines(this.#file);
  }
}
