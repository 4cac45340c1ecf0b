import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partName } from "../naming/names.ts";
import type { AlarmPlan } from "./alarm-plans.ts";

export interface AlarmsArgs {
  /** Name of the environment. */
  environment: string;
  /** What is watched. */
  plans: readonly AlarmPlan<pulumi.Input<string>>[];
  /** Where an alarm that rings, and one that is over, is told. */
  topicArn: pulumi.Input<string>;
}

/** Alarms that tell the environment's topic. */
export class Alarms extends pulumi.ComponentResource {
  /** Names of the alarms. */
  readonly alarmNames: pulumi.Output<string[]>;

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("metercast:inference:Alarms", name, { environment: args.environment }, opts);

    const alarms = args.plans.map(
      (plan) =>
        new aws.cloudwatch.MetricAlarm(
          `${name}-${plan.part}`,
          {
            name: partName("aws:cloudwatch/metricAlarm:MetricAlarm", args.environment, plan.part),
            alarmDescription: plan.description,
            namespace: plan.namespace,
            metricName: plan.metric,
            dimensions: plan.dimensions,
            statistic: plan.statistic,
            period: plan.periodSeconds,
            evaluationPeriods: plan.periods,
            datapointsToAlarm: plan.periods,
            comparisonOperator: plan.comparison,
            threshold: plan.threshold,
            treatMissingData: plan.missing,
            alarmActions: [args.topicArn],
            okActions: [args.topicArn],
          },
          { parent: this },
        ),
    );

    this.alarmNames = pulumi.all(alarms.map((alarm) => alarm.name));
    this.registerOutputs({ alarmNames: this.alarmNames });
  }
}
