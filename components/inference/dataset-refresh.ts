import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../environments/index.ts";
import type { DataLake } from "../lake/data-lake.ts";
import { keyedName } from "../naming/names.ts";
import { ServiceRole } from "../policy/service-role.ts";
import { executionAlarms, functionAlarms } from "./alarm-plans.ts";
import { Alarms } from "./alarms.ts";
import { planConfig, publishConfig } from "./configs.ts";
import { functionPlans } from "./functions.ts";
import { datasetsDefinition } from "./machine/definitions.ts";
import type { Notifications } from "./notifications.ts";
import type { LakePlace } from "./permissions.ts";
import {
  datasetVersions,
  invokePermissions,
  planPermissions,
  publishPermissions,
  publishTo,
  queryPermissions,
  startPermissions,
} from "./permissions.ts";
import { RunFunction } from "./run-function.ts";
import { ScheduledStart } from "./scheduled-start.ts";
import { StateMachine } from "./state-machine.ts";
import type { Timetable } from "./timetable.ts";

export interface DatasetRefreshArgs {
  /** The environment: its cities, activities and the team's own datasets. */
  environment: Environment;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** What the datasets are made of, and where they go. */
  lake: DataLake;
  /** Where failures are told. */
  notifications: Notifications;
  /** Where the schedules of the team's datasets stand. */
  timetable: Timetable;
  /** RMSLE that the model's card gives, by the meter type's code; empty without a model. */
  reference: Record<string, number>;
}

/** Makes datasets anew: a state machine, its functions, and the schedules of the team's own datasets. */
export class DatasetRefresh extends pulumi.ComponentResource {
  /** Name of the state machine. */
  readonly machineName: pulumi.Output<string>;
  /** ARN of the state machine. */
  readonly machineArn: pulumi.Output<string>;
  /** Says what a run has to do. */
  readonly plan: RunFunction;
  /** Makes what was queried current. */
  readonly publish: RunFunction;

  constructor(name: string, args: DatasetRefreshArgs, opts?: pulumi.ComponentResourceOptions) {
    super("metercast:inference:DatasetRefresh", name, { environment: args.environment.name }, opts);
    const { environment, accountId, lake, notifications, timetable } = args;
    const { logRetentionDays } = environment.ingestion;
    const shared = { environment: environment.name, accountId, logRetentionDays };
    const child = { parent: this };
    const place = lakePlace(environment, accountId, lake);

    const plan = createPlan();
    const publish = createPublish();
    const machine = createMachine();
    createSchedules();
    createAlarms();

    this.machineName = machine.machineName;
    this.machineArn = machine.arn;
    this.plan = plan;
    this.publish = publish;
    this.registerOutputs({ machineName: this.machineName, machineArn: this.machineArn });

    function createPlan() {
      return new RunFunction(
        `${name}-plan`,
        {
          ...shared,
          plan: functionPlans.plan,
          config: lake.bucketName.apply((bucket) => planConfig(environment, bucket, args.reference)),
          statements: place.apply(planPermissions),
        },
        child,
      );
    }

    function createPublish() {
      return new RunFunction(
        `${name}-publish`,
        {
          ...shared,
          plan: functionPlans.publish,
          config: lake.bucketName.apply((bucket) => publishConfig(environment, bucket)),
          statements: place.apply(publishPermissions),
        },
        child,
      );
    }

    function createMachine() {
      return new StateMachine(
        `${name}-machine`,
        {
          ...shared,
          part: "datasets",
          definition: pulumi
            .output({ plan: plan.step, publish: publish.step, place, topicArn: notifications.topicArn })
            .apply((parts) => datasetsDefinition({ ...parts, environment: environment.name })),
          statements: pulumi
            .all([place, plan.functionArn, publish.functionArn, notifications.topicArn])
            .apply(([where, planArn, publishArn, topicArn]) => [
              ...queryPermissions(where, [datasetVersions]),
              invokePermissions([planArn, publishArn]),
              publishTo(topicArn),
            ]),
        },
        child,
      );
    }

    function createSchedules() {
      const scheduled = environment.datasets.flatMap(({ schedule, ...dataset }) =>
        schedule === undefined ? [] : [{ ...dataset, schedule }],
      );
      if (scheduled.length === 0) return;
      const role = new ServiceRole(
        `${name}-schedule-role`,
        {
          environment: environment.name,
          part: "datasets-schedule",
          service: "scheduler",
          accountId,
          statements: pulumi
            .all([machine.arn, timetable.queueArn])
            .apply(([machineArn, queueArn]) => startPermissions([machineArn], queueArn)),
        },
        child,
      );
      for (const dataset of scheduled) {
        new ScheduledStart(
          `${name}-${dataset.name}`,
          {
            scheduleName: keyedName("aws:scheduler/schedule:Schedule", environment.name, dataset.name),
            description: `The dataset ${dataset.name} of the environment ${environment.name}`,
            expression: dataset.schedule,
            timeZone: dataset.timeZone,
            machineArn: machine.arn,
            input: { datasets: [dataset.name] },
            role,
            timetable,
          },
          child,
        );
      }
    }

    function createAlarms() {
      new Alarms(
        `${name}-alarms`,
        {
          environment: environment.name,
          topicArn: notifications.topicArn,
          plans: [
            ...executionAlarms<pulumi.Input<string>>("datasets", machine.arn),
            ...functionAlarms<pulumi.Input<string>>("plan", plan.functionName),
            ...functionAlarms<pulumi.Input<string>>("publish", publish.functionName),
          ],
        },
        child,
      );
    }
  }
}

/** What queries and functions need to know of the lake. */
export function lakePlace(
  { region }: Environment,
  accountId: pulumi.Input<string>,
  { bucketArn, databaseName, workgroupName }: DataLake,
): pulumi.Output<LakePlace> {
  return pulumi
    .output({ accountId, bucketArn, database: databaseName, workgroup: workgroupName })
    .apply((place) => ({ ...place, region }));
}
