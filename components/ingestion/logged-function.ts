import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkedName, partName } from "../naming/names.ts";
import type { Statement } from "../policy/policy-document.ts";
import { ServiceRole } from "../policy/service-role.ts";

export interface LoggedFunctionArgs {
  /** Name of the environment. */
  environment: string;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Part of the function's name: "readings-transform". */
  part: string;
  /** What it is for, for people. */
  description: string;
  /** Files of its archive, by name; `index.mjs` exports `handler`. */
  files: Record<string, pulumi.Input<string>>;
  /** Environment variables. */
  variables?: Record<string, pulumi.Input<string>>;
  /** What it may do besides writing its log. */
  statements?: pulumi.Input<Statement[]>;
  /** Days that its log is kept. */
  logRetentionDays: number;
  /** Memory in MB; a function's share of a processor goes with it. */
  memoryMegabytes: number;
  /** Seconds that one invocation may take. */
  timeoutSeconds: number;
}

/**
 * Declares a Lambda function for Node 24 with what every function of ours has: a log group whose retention is set, a role
 * of its own, and a version published with each change.
 *
 * @param parent The component that it belongs to, which is called `name`, too.
 */
export function loggedFunction(
  parent: pulumi.ComponentResource,
  name: string,
  args: LoggedFunctionArgs,
): { lambda: aws.lambda.Function; role: ServiceRole } {
  const { environment, part } = args;
  const functionName = partName("aws:lambda/function:Function", environment, part);
  const child = { parent };
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
      description: args.description,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      memorySize: args.memoryMegabytes,
      timeout: args.timeoutSeconds,
      role: role.arn,
      code: pulumi
        .output(args.files)
        .apply(
          (files) =>
            new pulumi.asset.AssetArchive(
              Object.fromEntries(
                Object.entries(files).map(([file, text]) => [file, new pulumi.asset.StringAsset(text)]),
              ),
            ),
        ),
      publish: true,
      ...(args.variables === undefined ? {} : { environment: { variables: args.variables } }),
      loggingConfig: {
        logFormat: "JSON",
        logGroup: logGroup.name,
        applicationLogLevel: "INFO",
        systemLogLevel: "WARN",
      },
    },
    { parent, dependsOn: [role] },
  );
  return { lambda, role };
}

/** Lambda API, execution role: what a function needs to write into a log group that is there already. */
function writeLog(logGroupArn: string): Statement {
  return {
    sid: "WriteLog",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [`${logGroupArn}:*`],
  };
}
