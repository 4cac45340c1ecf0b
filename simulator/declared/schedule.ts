import type { Resource } from "@metercast/graph";
import { z } from "zod";
import { DeclarationError, read, withoutLocalMeaning } from "./read.ts";

const time = z.string().transform((text, context) => {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) context.addIssue(`${text} is no time`);
  return milliseconds;
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const schedule = z.strictObject({
  name: z.string(),
  description: withoutLocalMeaning, // for people
  groupName: z.string().optional(),
  scheduleExpression: z.string(),
  scheduleExpressionTimezone: z.string().optional(),
  state: z.enum(["ENABLED", "DISABLED"]).optional(),
  startDate: time.optional(),
  endDate: time.optional(),
  flexibleTimeWindow: z.strictObject({
    mode: z.enum(["OFF", "FLEXIBLE"]),
    // any time in the window is allowed, and its start is one
    maximumWindowInMinutes: z.number().int().min(1).max(1440).optional(),
  }),
  target: z.strictObject({
    arn: z.string(),
    roleArn: z.string(),
    // AWS has a notification of its own in the place of none
    input: z.string().refine(isJson, "the input of a state machine or a function is well-formed JSON"),
    retryPolicy: z
      .strictObject({
        maximumRetryAttempts: z.number().int().min(0).max(185).optional(),
        maximumEventAgeInSeconds: z.number().int().min(60).max(86_400).optional(),
      })
      .optional(),
    deadLetterConfig: z.strictObject({ arn: z.string() }).optional(),
  }),
  actionAfterCompletion: withoutLocalMeaning, // a graph keeps what is declared
  kmsKeyArn: withoutLocalMeaning, // nothing is encrypted on this machine
});

const group = z.strictObject({
  name: z.string(),
  tags: withoutLocalMeaning, // for the bill
});

export interface Schedule {
  name: string;
  arn: string;
  group: string;
  /** rate(), cron() or at(). */
  expression: string;
  /** Of the tz database. */
  timeZone: string;
  enabled: boolean;
  /** Epoch milliseconds; undefined where there is no bound. */
  start: number | undefined;
  end: number | undefined;
  target: {
    /** Of a state machine, or of a function with or without a version. */
    arn: string;
    roleArn: string;
    /** Text, in which `<aws.scheduler.scheduled-time>` and its like are replaced. */
    input: string;
    maximumRetries: number;
    maximumAgeSeconds: number;
    deadLetterQueueArn: string | undefined;
  };
  resource: Resource;
}

/** Retries of a day, and the group, where nothing is declared (EventBridge Scheduler API, RetryPolicy, CreateSchedule). */
const defaults = { retries: 185, ageSeconds: 86_400, group: "default", timeZone: "UTC" };

export function scheduleOf(resource: Resource): Schedule {
  const declared = read(schedule, resource);
  const { retryPolicy, deadLetterConfig, ...target } = declared.target;
  return {
    name: declared.name,
    arn: String(resource.outputs["arn"]),
    group: declared.groupName ?? defaults.group,
    expression: declared.scheduleExpression,
    timeZone: declared.scheduleExpressionTimezone ?? defaults.timeZone,
    enabled: declared.state !== "DISABLED",
    start: declared.startDate,
    end: declared.endDate,
    target: {
      arn: target.arn,
      roleArn: target.roleArn,
      input: target.input,
      maximumRetries: retryPolicy?.maximumRetryAttempts ?? defaults.retries,
      maximumAgeSeconds: retryPolicy?.maximumEventAgeInSeconds ?? defaults.ageSeconds,
      deadLetterQueueArn: deadLetterConfig?.arn,
    },
    resource,
  };
}

/** The group's name, by which its schedules are told apart. */
export function scheduleGroupOf(resource: Resource): string {
  const { name } = read(group, resource);
  if (name === defaults.group) throw new DeclarationError(resource, "every account has the group default already");
  return name;
}
