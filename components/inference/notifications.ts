import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partName } from "../naming/names.ts";

export interface NotificationsArgs {
  /** Name of the environment. */
  environment: string;
  /** E-mail addresses that get what is told; each has to confirm once. */
  addresses: readonly string[];
}

/** Where failures, drift and alarms of an environment are told. Messages hold names, times and causes, no readings. */
export class Notifications extends pulumi.ComponentResource {
  /** ARN of the topic. */
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: NotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("metercast:inference:Notifications", name, { environment: args.environment }, opts);
    const child = { parent: this };

    const topic = new aws.sns.Topic(
      name,
      {
        name: partName("aws:sns/topic:Topic", args.environment, "notifications"),
        displayName: `metercast ${args.environment}`,
      },
      child,
    );
    for (const address of args.addresses) {
      new aws.sns.TopicSubscription(
        `${name}-${address}`,
        { topic: topic.arn, protocol: "email", endpoint: address },
        child,
      );
    }

    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}
