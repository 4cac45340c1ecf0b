import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundleLambda } from "../../lambdas/bundle.ts";
import { loggedFunction } from "../ingestion/logged-function.ts";
import { stableJson } from "../naming/stable-json.ts";
import type { Statement } from "../policy/policy-document.ts";
import type { FunctionPlan } from "./functions.ts";
import type { FunctionStep } from "./machine/tasks.ts";

export interface RunFunctionArgs {
  /** Name of the environment. */
  environment: string;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Which of our handlers it runs, and what that takes. */
  plan: FunctionPlan;
  /** What the handler reads from `config.json` beside itself. */
  config: pulumi.Input<object>;
  /** What the handler may do besides writing its log. */
  statements: pulumi.Input<Statement[]>;
  /** Days that its log is kept. */
  logRetentionDays: number;
}

/**
 * A Lambda function that is a step of a state machine. A version is published with each change, and the machine names it:
 * an execution that is under way when the stack is updated ends with the functions that it began with.
 */
export class RunFunction extends pulumi.ComponentResource {
  /** Name of the function. */
  readonly functionName: pulumi.Output<string>;
  /** ARN of the function, for permissions. */
  readonly functionArn: pulumi.Output<string>;
  /** What a machine's step needs to know of it. */
  readonly step: pulumi.Output<FunctionStep>;

  constructor(name: string, args: RunFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    const { environment, plan } = args;
    super("metercast:inference:RunFunction", name, { environment, bundle: plan.bundle }, opts);
    const lambda = createFunction(this);

    this.functionName = lambda.name;
    this.functionArn = lambda.arn;
    this.step = lambda.qualifiedArn.apply((arn) => ({ arn, timeoutSeconds: plan.timeoutSeconds }));
    this.registerOutputs({ functionName: this.functionName, functionArn: this.functionArn });

    function createFunction(parent: RunFunction): aws.lambda.Function {
      const { lambda } = loggedFunction(parent, name, {
        ...plan,
        environment,
        accountId: args.accountId,
        part: plan.bundle,
        description: `${plan.description}, environment ${environment}`,
        files: {
          "index.mjs": bundleLambda(plan.bundle),
          "config.json": pulumi.output(args.config).apply(stableJson),
        },
        statements: args.statements,
        logRetentionDays: args.logRetentionDays,
      });
      return lambda;
    }
  }
}
