import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundleActivity } from "../../environments/index.ts";
import { functionTimeoutSeconds } from "../../lambdas/transform/config.ts";
import { loggedFunction } from "./logged-function.ts";
import type { ActivityFunctionPlan } from "./pipeline-activities.ts";

export interface ActivityFunctionArgs {
  /** Name of the environment. */
  environment: string;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Its names and its module. */
  plan: ActivityFunctionPlan;
  /** Days that its log is kept. */
  logRetentionDays: number;
  /**
   * Memory in MB; a function's share of a processor goes with it.
   *
   * @default 512
   */
  memoryMegabytes?: number;
}

const defaultMemoryMegabytes = 512;

/**
 * A function of the team's that a lambda activity sends messages through. It may write its log and nothing else, and one
 * caller is let in: see {@link ActivityFunction.allowInvocationBy}.
 */
export class ActivityFunction extends pulumi.ComponentResource {
  /** ARN of the function. */
  readonly functionArn: pulumi.Output<string>;
  readonly #name: string;
  readonly #lambda: aws.lambda.Function;

  constructor(name: string, args: ActivityFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    const { environment, plan } = args;
    super("metercast:ingestion:ActivityFunction", name, { environment, part: plan.part }, opts);
    this.#name = name;
    this.#lambda = loggedFunction(this, name, {
      environment,
      accountId: args.accountId,
      part: plan.part,
      description: `Lambda activity of the environment ${environment}`,
      files: { "index.mjs": bundleActivity(plan.code) },
      logRetentionDays: args.logRetentionDays,
      memoryMegabytes: args.memoryMegabytes ?? defaultMemoryMegabytes,
      timeoutSeconds: functionTimeoutSeconds,
    }).lambda;

    this.functionArn = this.#lambda.arn;
    this.registerOutputs({ functionArn: this.functionArn });
  }

  /**
   * The function's policy: the transform's role, of our account.
   *
   * Within one account either policy would do, that of the caller's role or this one. aws:SourceAccount is in a request
   * only where a service makes it for a resource (IAM user guide, "AWS global condition context keys"), not in a role's
   * own call: so what lets the transform in is its role's policy, which names this function and no other, and this one
   * never lets in more than that.
   */
  allowInvocationBy(roleArn: pulumi.Input<string>, accountId: pulumi.Input<string>): void {
    new aws.lambda.Permission(
      this.#name,
      {
        statementId: "InvokeByTransform",
        action: "lambda:InvokeFunction",
        function: this.#lambda.name,
        principal: roleArn,
        sourceAccount: accountId,
      },
      { parent: this },
    );
  }
}
