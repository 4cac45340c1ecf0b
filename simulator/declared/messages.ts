import type { Resource } from "@metercast/graph";
import { z } from "zod";
import { read, withoutLocalMeaning } from "./read.ts";

const queue = z.strictObject({
  name: z.string().regex(/^[\w-]{1,80}$/),
  fifoQueue: z.literal(false).optional(),
  messageRetentionSeconds: withoutLocalMeaning, // what the folder holds stays until it is removed
  visibilityTimeoutSeconds: withoutLocalMeaning, // nothing receives messages on this machine
  receiveWaitTimeSeconds: withoutLocalMeaning, // as the timeout
  maxMessageSize: withoutLocalMeaning, // what is sent here is small
  sqsManagedSseEnabled: withoutLocalMeaning, // nothing is encrypted on this machine
  kmsMasterKeyId: withoutLocalMeaning, // nothing is encrypted on this machine
  kmsDataKeyReusePeriodSeconds: withoutLocalMeaning, // nothing is encrypted on this machine
  tags: withoutLocalMeaning, // for the bill
});

const topic = z.strictObject({
  name: z.string().regex(/^[\w-]{1,256}$/),
  displayName: z.string().optional(),
  fifoTopic: z.literal(false).optional(),
  kmsMasterKeyId: withoutLocalMeaning, // nothing is encrypted on this machine
  tags: withoutLocalMeaning, // for the bill
});

const subscription = z.strictObject({
  topic: z.string(),
  protocol: z.string(),
  endpoint: z.string(),
});

/** An SQS queue. */
export interface Queue {
  name: string;
  arn: string;
}

/** An SNS topic. */
export interface Topic {
  name: string;
  arn: string;
}

/** Where a topic's messages go: shown on this machine, sent on AWS. */
export interface Subscription {
  topicArn: string;
  /** "email" */
  protocol: string;
  endpoint: string;
}

export function queueOf(resource: Resource): Queue {
  return { name: read(queue, resource).name, arn: String(resource.outputs["arn"]) };
}

export function topicOf(resource: Resource): Topic {
  return { name: read(topic, resource).name, arn: String(resource.outputs["arn"]) };
}

export function subscriptionOf(resource: Resource): Subscription {
  const { topic: topicArn, protocol, endpoint } = read(subscription, resource);
  return { topicArn, protocol, endpoint };
}
