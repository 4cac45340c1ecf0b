import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partName } from "../naming/names.ts";
import { notStartedAlarm } from "./alarm-plans.ts";
import { Alarms } from "./alarms.ts";
import type { Notifications } from "./notifications.ts";

export interface TimetableArgs {
  /** Name of the environment. */
  environment: string;
  /** Where it is told that something could not be started. */
  notifications: Notifications;
}

/** The schedules of an environment, and the queue that holds what the scheduler could not start. */
export class Timetable extends pulumi.ComponentResource {
  /** Name of the schedule group. */
  readonly groupName: pulumi.Output<string>;
  /** ARN of the queue of what could not be started. */
  readonly queueArn: pulumi.Output<string>;

  constructor(name: string, args: TimetableArgs, opts?: pulumi.ComponentResourceOptions) {
    const { environment } = args;
    super("metercast:inference:Timetable", name, { environment }, opts);
    const child = { parent: this };

    const group = new aws.scheduler.ScheduleGroup(
      name,
      { name: partName("aws:scheduler/scheduleGroup:ScheduleGroup", environment) },
      child,
    );
    const queue = new aws.sqs.Queue(
      name,
      {
        name: partName("aws:sqs/queue:Queue", environment, "not-started"),
        messageRetentionSeconds: 14 * 24 * 3600,
        sqsManagedSseEnabled: true,
      },
      child,
    );
    new Alarms(
      `${name}-alarms`,
      {
        environment,
        topicArn: args.notifications.topicArn,
        plans: [notStartedAlarm<pulumi.Input<string>>(queue.name)],
      },
      child,
    );

    this.groupName = group.name;
    this.queueArn = queue.arn;
    this.registerOutputs({ groupName: this.groupName, queueArn: this.queueArn });
  }
}
