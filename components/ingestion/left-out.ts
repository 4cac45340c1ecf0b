import * as pulumi from "@pulumi/pulumi";
import type { Environment, TopicRule } from "../../environments/index.ts";
import type { DataLake } from "../lake/data-lake.ts";
import { ServiceRole } from "../policy/service-role.ts";
import { DeliveryStream } from "./delivery-stream.ts";
import { putRecordTo } from "./caller-permissions.ts";
import { leftOutConfig } from "./transform-config.ts";
import { TransformFunction } from "./transform-function.ts";

export interface LeftOutArgs {
  /** The environment. */
  environment: Environment;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Where what was left out is kept. */
  lake: DataLake;
  /** All topic rules of the environment: a failed one is known by its name. */
  rules: readonly TopicRule[];
}

/**
 * Where all pipelines send what they do not store: elements that an activity dropped, elements that were rejected, and
 * messages whose topic rule failed. It keeps no channel of its own, since each row carries its original bytes.
 */
export class LeftOut extends pulumi.ComponentResource {
  /** Name of the delivery stream. */
  readonly streamName: pulumi.Output<string>;
  /** ARN of the delivery stream. */
  readonly streamArn: pulumi.Output<string>;
  /** The role with which a topic rule's error action writes to the stream. */
  readonly errorActionRole: ServiceRole;

  constructor(name: string, args: LeftOutArgs, opts?: pulumi.ComponentResourceOptions) {
    super("metercast:ingestion:LeftOut", name, { environment: args.environment.name }, opts);
    const { environment, accountId, lake } = args;
    const child = { parent: this };

    const transform = new TransformFunction(
      `${name}-transform`,
      {
        environment: environment.name,
        accountId,
        part: "left-out-transform",
        bundle: "left-out",
        config: leftOutConfig(environment, args.rules),
        logRetentionDays: environment.ingestion.logRetentionDays,
      },
      child,
    );
    const stream = new DeliveryStream(
      `${name}-stream`,
      {
        environment,
        accountId,
        part: "left-out",
        lake,
        table: lake.landing.leftOut,
        transform,
        keepRaw: false,
      },
      child,
    );
    const errorActionRole = new ServiceRole(
      `${name}-rules-role`,
      {
        environment: environment.name,
        part: "left-out-rules",
        service: "iot",
        accountId,
        statements: stream.arn.apply((arn) => [putRecordTo(arn)]),
      },
      child,
    );

    this.streamName = stream.streamName;
    this.streamArn = stream.arn;
    this.errorActionRole = errorActionRole;
    this.registerOutputs({ streamName: this.streamName, streamArn: this.streamArn });
  }
}
