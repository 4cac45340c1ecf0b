import * as pulumi from "@pulumi/pulumi";
import { bundleLambda } from "../../lambdas/bundle.ts";
import type { LambdaName } from "../../lambdas/bundle.ts";
import { stableJson } from "../naming/stable-json.ts";
import type { Statement } from "../policy/policy-document.ts";
import { loggedFunction } from "./logged-function.ts";

export interface TransformFunctionArgs {
  /** Name of the environment. */
  environment: string;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Part of the function's name: "readings-transform". */
  part: string;
  /** Which of our handlers it runs. */
  bundle: LambdaName;
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
export const longestTransformSeconds = 300;

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
  /** ARN of its role. */
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: TransformFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    const { environment, part, bundle } = args;
    super("metercast:ingestion:TransformFunction", name, { environment, part, bundle }, opts);
    const timeoutSeconds = args.timeoutSeconds ?? defaultTimeoutSeconds;
    if (timeoutSeconds > longestTransformSeconds) {
      throw new pulumi.ResourceError(
        `timeoutSeconds is ${timeoutSeconds}: Firehose waits ${longestTransformSeconds} seconds for a transform, set that or less`,
        this,
      );
    }
    const { lambda, role } = loggedFunction(this, name, {
      ...args,
      description: `${bundle} of the environment ${environment}`,
      files: {
        "index.mjs": bundleLambda(bundle),
        ...(args.config === undefined ? {} : { "config.json": stableJson(args.config) }),
      },
      memoryMegabytes: args.memoryMegabytes ?? defaultMemoryMegabytes,
      timeoutSeconds,
    });

    this.versionArn = lambda.qualifiedArn;
    this.functionArn = lambda.arn;
    this.roleArn = role.arn;
    this.registerOutputs({ versionArn: this.versionArn, functionArn: this.functionArn, roleArn: this.roleArn });
  }
}
