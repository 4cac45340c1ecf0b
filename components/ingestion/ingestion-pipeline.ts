import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../environments/index.ts";
import type { TransformConfig } from "../../lambdas/transform/config.ts";
import type { DataLake } from "../lake/data-lake.ts";
import type { GlueTable } from "../lake/glue-table.ts";
import { checkedName } from "../naming/names.ts";
import { ServiceRole } from "../policy/service-role.ts";
import { ActivityFunction } from "./activity-function.ts";
import { invokeFunctions, putRecordBatchTo, putRecordTo } from "./caller-permissions.ts";
import { DeliveryStream } from "./delivery-stream.ts";
import type { LeftOut } from "./left-out.ts";
import { activityFunctions } from "./pipeline-activities.ts";
import { longestTransformSeconds, TransformFunction } from "./transform-function.ts";

/** A topic rule as plain data. */
export interface RulePlan {
  /** Physical name of the rule. */
  name: string;
  /** What it does, for people. */
  description: string;
  /** AWS IoT SQL, version 2016-03-23. */
  sql: string;
}

export interface IngestionPipelineArgs {
  /** The environment. */
  environment: Environment;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Where the rows go. */
  lake: DataLake;
  /** Landing table of the pipeline. */
  table: GlueTable;
  /** Where goes what is not stored. */
  leftOut: LeftOut;
  /** The topic rules that feed it. */
  rules: readonly RulePlan[];
  /** What its transform is configured with: `pipeline` names the pipeline. */
  config: TransformConfig;
}

/** AWS IoT's SQL version; without one the API would take 2015-10-08. */
const sqlVersion = "2016-03-23";

/** One record, one line: the channel can be read line by line. */
const separator = "\n";

/**
 * From topic to table: topic rules, a delivery stream that keeps the raw messages, its transform, and the way out for
 * what is not stored.
 */
export class IngestionPipeline extends pulumi.ComponentResource {
  /** Name of the delivery stream. */
  readonly streamName: pulumi.Output<string>;

  constructor(name: string, args: IngestionPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    const { pipeline } = args.config;
    super("metercast:ingestion:IngestionPipeline", name, { environment: args.environment.name, pipeline }, opts);
    const { environment, accountId, lake, leftOut } = args;
    const child = { parent: this };

    const functions = createActivityFunctions();
    const transform = createTransform();
    for (const activity of functions) activity.allowInvocationBy(transform.roleArn, accountId);
    const stream = createStream();
    const ruleRole = createRuleRole();
    args.rules.forEach(createRule);

    this.streamName = stream.streamName;
    this.registerOutputs({ streamName: this.streamName });

    function createActivityFunctions() {
      return activityFunctions(environment, pipeline).map(
        (plan) =>
          new ActivityFunction(
            `${name}-${plan.part}`,
            {
              environment: environment.name,
              accountId,
              plan,
              logRetentionDays: environment.ingestion.logRetentionDays,
            },
            child,
          ),
      );
    }

    function createTransform() {
      const invokes = functions.length > 0;
      const functionArns = pulumi.all(functions.map(({ functionArn }) => functionArn));
      return new TransformFunction(
        `${name}-transform`,
        {
          environment: environment.name,
          accountId,
          part: `${pipeline}-transform`,
          bundle: invokes ? "transform-with-functions" : "transform",
          config: args.config,
          variables: { LEFT_OUT_STREAM: leftOut.streamName },
          statements: pulumi
            .all([leftOut.streamArn, functionArns])
            .apply(([stream, arns]) => [putRecordBatchTo(stream), ...(invokes ? [invokeFunctions(arns)] : [])]),
          logRetentionDays: environment.ingestion.logRetentionDays,
          // It waits for the functions, as long as Firehose waits for it.
          ...(invokes ? { timeoutSeconds: longestTransformSeconds } : {}),
        },
        child,
      );
    }

    function createStream() {
      return new DeliveryStream(
        `${name}-stream`,
        {
          environment,
          accountId,
          part: pipeline,
          lake,
          table: args.table,
          transform,
          keepRaw: true,
        },
        child,
      );
    }

    function createRuleRole() {
      return new ServiceRole(
        `${name}-rules-role`,
        {
          environment: environment.name,
          part: `${pipeline}-rules`,
          service: "iot",
          accountId,
          statements: stream.arn.apply((arn) => [putRecordTo(arn)]),
        },
        child,
      );
    }

    function createRule(rule: RulePlan) {
      new aws.iot.TopicRule(
        rule.name,
        {
          name: checkedName("aws:iot/topicRule:TopicRule", rule.name),
          description: rule.description,
          enabled: true,
          sql: rule.sql,
          sqlVersion,
          firehoses: [{ deliveryStreamName: stream.streamName, roleArn: ruleRole.arn, separator, batchMode: false }],
          errorAction: {
            firehose: {
              deliveryStreamName: leftOut.streamName,
              roleArn: leftOut.errorActionRole.arn,
              separator,
              batchMode: false,
            },
          },
        },
        { ...child, dependsOn: [ruleRole, leftOut.errorActionRole] },
      );
    }
  }
}
