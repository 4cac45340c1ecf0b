import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkedName, partName } from "../naming/names.ts";
import { stableJson } from "../naming/stable-json.ts";
import type { Statement } from "../policy/policy-document.ts";
import { ServiceRole } from "../policy/service-role.ts";
import type { Machine } from "./machine/asl.ts";

export interface StateMachineArgs {
  /** Name of the environment. */
  environment: string;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Part of the machine's name: "inference". */
  part: string;
  /** Its definition. */
  definition: pulumi.Input<Machine>;
  /** What its steps do, and what it may do for them. */
  statements: pulumi.Input<Statement[]>;
  /** Days that its log is kept. */
  logRetentionDays: number;
  /** What its executions need besides its role: they may begin as soon as it is there. */
  after?: pulumi.Resource[];
}

/** A state machine with its log, and a role of its own. */
export class StateMachine extends pulumi.ComponentResource {
  /** Name of the machine. */
  readonly machineName: pulumi.Output<string>;
  /** ARN of the machine. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: StateMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    const { environment, part } = args;
    super("metercast:inference:StateMachine", name, { environment, part }, opts);
    const child = { parent: this };
    const machineName = partName("aws:sfn/stateMachine:StateMachine", environment, part);

    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      {
        // Names that begin so have one resource policy for all of them: Step Functions developer guide, "Logging".
        name: checkedName("aws:cloudwatch/logGroup:LogGroup", `/aws/vendedlogs/states/${machineName}`),
        retentionInDays: args.logRetentionDays,
      },
      child,
    );
    const role = new ServiceRole(
      `${name}-role`,
      {
        environment,
        part: `${part}-machine`,
        service: "states",
        accountId: args.accountId,
        statements: pulumi.output(args.statements).apply((statements) => [deliverLogs, ...statements]),
      },
      child,
    );
    const machine = new aws.sfn.StateMachine(
      name,
      {
        name: machineName,
        type: "STANDARD",
        roleArn: role.arn,
        definition: pulumi.output(args.definition).apply(stableJson),
        loggingConfiguration: {
          // What failed, and where. The history of an execution has its data; the log would keep them for as long again.
          level: "ERROR",
          includeExecutionData: false,
          logDestination: pulumi.interpolate`${logGroup.arn}:*`,
        },
      },
      { parent: this, dependsOn: [role, ...(args.after ?? [])] },
    );

    this.machineName = machine.name;
    this.arn = machine.arn;
    this.registerOutputs({ machineName: this.machineName, arn: this.arn });
  }
}

/** Step Functions developer guide, "Using CloudWatch Logs to log execution history": IAM policies for logging. */
const deliverLogs: Statement = {
  sid: "DeliverLogs",
  actions: [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
  ],
  resources: { every: "log deliveries have no ARNs, and CloudWatch Logs knows these actions for every resource only" },
};
