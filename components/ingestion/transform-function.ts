import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundleLambda } from "../../lambdas/bundle.ts";
import { checkedName, partName } from "../naming/names.ts";
import { stableJson } from "../naming/stable-json.ts";
import type { Statement } from "../policy/policy-document.ts";
import { ServiceRole } from "../policy/service-role.ts";

export interface TransformFunctionArgs {
  /** Name of the environment. */
  environment: string;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Part of the function's name: "readings-transform". */
  part: string;
  /** Which of our handlers it runs. */
  bundle: "transform" | "left-out";
  /** What the handler reads from `config.json` beside itself: Lambda's environment variables end at 4 KB. */
  config?: object;
  /** Environment variables. */
  variables?: Record<string, pulumi.Input<string>>;
  /** What the handler may do besides writing its log. */
  statements?: pulumi.Input<Statement[]>;
  /** Days that its log is kept. */
  logRetentionDays: number;
  /**
   * Memory in MB; a function's share of a processor goes with it.
   *
   * @default 512
   */
  memoryMegabytes?: number;
  /**
   * Seconds that one batch may take, at most 300: Firehose waits five minutes.
   *
   * @default 120
   */
  timeoutSeconds?: number;
}

const defaultMemoryMegabytes = 512;
const defaultTimeoutSeconds = 120;

/** Firehose developer guide, "Data transformation and Lambda invocation": a longer invocation is given up. */
const longestTimeoutSeconds = 300;

/**
 * The Lambda function through which a delivery stream sends its records. A version is published with each change, and
 * the stream names it: so a stream takes up the new code and, with a new column, the new schema in one update, which
 * Firehose does not do for a changed table alone.
 */
export class TransformFunction extends pulumi.ComponentResource {
  /** ARN of the published version. */
  readonly versionArn: pulumi.Output<string>;
  /** ARN of the function, for permissions: those hold for the versions before and after an update. */
  readonly functionArn: pulumi.Output<string>;

  constructor(name: string, args: TransformFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    const { environment, part, bundle } = args;
    super("metercast:ingestion:TransformFunction", name, { environment, part, bundle }, opts);
    const timeout = args.timeoutSeconds ?? defaultTimeoutSeconds;
    if (timeout > longestTimeoutSeconds) {
      throw new pulumi.ResourceError(
        `timeoutSeconds is ${timeout}: Firehose waits ${longestTimeoutSeconds} seconds for a transform, set that or less`,
        this,
      );
    }
    const functionName = partName("aws:lambda/function:Function", environment, part);
    const child = { parent: this };

    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      {
        name: checkedName("aws:cloudwatch/logGroup:LogGroup", `/aws/lambda/${functionName}`),
        retentionInDays: args.logRetentionDays,
      },
      child,
    );
    const role = new ServiceRole(
      `${name}-role`,
      {
        environment,
        part,
        service: "lambda",
        accountId: args.accountId,
        statements: pulumi
          .all([logGroup.arn, args.statements ?? []])
          .apply(([logs, statements]) => [writeLog(logs), ...statements]),
      },
      child,
    );
    const lambda = new aws.lambda.Function(
      name,
      {
        name: functionName,
        description: `${bundle} of the environment ${environment}`,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        memorySize: args.memoryMegabytes ?? defaultMemoryMegabytes,
        timeout,
        role: role.arn,
        code: new pulumi.asset.AssetArchive({
          "index.mjs": new pulumi.asset.StringAsset(bundleLambda(bundle)),
          ...(args.config === undefined
            ? {}
            : { "config.json": new pulumi.asset.StringAsset(stableJson(args.config)) }),
        }),
        publish: true,
        ...(args.variables === undefined ? {} : { environment: { variables: args.variables } }),
        loggingConfig: {
          logFormat: "JSON",
          logGroup: logGroup.name,
          applicationLogLevel: "INFO",
          systemLogLevel: "WARN",
        },
      },
      { parent: this, dependsOn: [role] },
    );

    this.versionArn = lambda.qualifiedArn;
    this.functionArn = lambda.arn;
    this.registerOutputs({ versionArn: this.versionArn, functionArn: this.functionArn });
  }
}

/** Lambda API, execution role: what a function needs to write into a log group that is there already. */
function writeLog(logGroupArn: string): Statement {
  return {
    sid: "WriteLog",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [`${logGroupArn}:*`],
  };
}
