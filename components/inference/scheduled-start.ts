import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stableJson } from "../naming/stable-json.ts";
import type { ServiceRole } from "../policy/service-role.ts";
import type { Timetable } from "./timetable.ts";

export interface ScheduledStartArgs {
  /** Physical name of the schedule. */
  scheduleName: string;
  /** What it starts, for people. */
  description: string;
  /** rate(...), cron(...) or at(...). */
  expression: string;
  /** IANA name of the zone in which cron and at are meant. */
  timeZone: string;
  /** ARN of the state machine. */
  machineArn: pulumi.Input<string>;
  /** Input of an execution, besides the time for which it was scheduled. */
  input: object;
  /** The role with which the scheduler starts it. */
  role: ServiceRole;
  /** Where it stands, and where a start that failed goes. */
  timetable: Timetable;
}

/**
 * A start that fails is tried again for a quarter of an hour, and then told of. The scheduler's own defaults, 185 times in
 * 24 hours, would start yesterday's runs beside today's.
 */
const retryPolicy = { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 900 };

/** The scheduler puts the time for which it starts in its place: EventBridge Scheduler user guide, "Adding context attributes". */
const scheduledTime = "<aws.scheduler.scheduled-time>";

/** Starts a state machine again and again. */
export class ScheduledStart extends pulumi.ComponentResource {
  /** Name of the schedule. */
  readonly scheduleName: pulumi.Output<string>;

  constructor(name: string, args: ScheduledStartArgs, opts?: pulumi.ComponentResourceOptions) {
    const { timetable, role } = args;
    super("metercast:inference:ScheduledStart", name, { expression: args.expression, timeZone: args.timeZone }, opts);

    const schedule = new aws.scheduler.Schedule(
      name,
      {
        name: args.scheduleName,
        groupName: timetable.groupName,
        description: args.description,
        scheduleExpression: args.expression,
        scheduleExpressionTimezone: args.timeZone,
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: args.machineArn,
          roleArn: role.arn,
          input: stableJson({ ...args.input, scheduleTime: scheduledTime }),
          retryPolicy,
          deadLetterConfig: { arn: timetable.queueArn },
        },
      },
      { parent: this, dependsOn: [role] },
    );

    this.scheduleName = schedule.name;
    this.registerOutputs({ scheduleName: this.scheduleName });
  }
}
