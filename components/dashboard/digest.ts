import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Dashboard, Environment } from "../../environments/index.ts";
import { meterTypeCodes } from "../../environments/index.ts";
import { bundleLambda } from "../../lambdas/bundle.ts";
import { bucketVariable, type DigestConfig } from "../../lambdas/digest/config.ts";
import { functionAlarms } from "../inference/alarm-plans.ts";
import { Alarms } from "../inference/alarms.ts";
import type { Notifications } from "../inference/notifications.ts";
import type { Timetable } from "../inference/timetable.ts";
import { loggedFunction } from "../ingestion/logged-function.ts";
import type { DataLake } from "../lake/data-lake.ts";
import { partName } from "../naming/names.ts";
import { stableJson } from "../naming/stable-json.ts";
import { ServiceRole } from "../policy/service-role.ts";
import { digestPermissions } from "./permissions.ts";

type Letter = NonNullable<Dashboard["digest"]>;

export interface DigestArgs {
  /** The environment: its cities and meter types, by the names that people know. */
  environment: Environment;
  /** To whom, from whom, and when. */
  digest: Letter;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Where the figures are. */
  lake: DataLake;
  /** Where it is told that a digest could not be sent. */
  notifications: Notifications;
  /** Where its schedule stands. */
  timetable: Timetable;
}

/** What the function reads from `config.json`. */
export function digestConfig({ name, cities, meterTypes }: Environment, digest: Letter): DigestConfig {
  return {
    environment: name,
    from: digest.from,
    recipients: digest.recipients,
    timeZone: digest.timeZone,
    cities: cities.map((city) => ({ name: city.name, label: city.label, timeZone: city.timeZone })),
    meterTypes: meterTypes.map(({ type, unit }) => ({ code: meterTypeCodes[type], name: type, unit })),
  };
}

/** Every day at the digest's time: "07:30" is cron(30 7 * * ? *). */
export function dailyAt(time: string): string {
  const [hours = "", minutes = ""] = time.split(":");
  return `cron(${Number(minutes)} ${Number(hours)} * * ? *)`;
}

/** A letter that is late by an hour is not worth sending a second one: the scheduler's default is 24 hours. */
const retryPolicy = { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 3600 };

/**
 * The digest: a function that reads the latest datasets and sends them as a letter, and its schedule. SES sends a letter to
 * the sender's address first, which somebody has to confirm.
 */
export class Digest extends pulumi.ComponentResource {
  /** Name of the function. */
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: DigestArgs, opts?: pulumi.ComponentResourceOptions) {
    const { environment, digest, accountId, lake, notifications, timetable } = args;
    super("metercast:dashboard:Digest", name, { environment: environment.name }, opts);
    const child = { parent: this };

    new aws.sesv2.EmailIdentity(name, { emailIdentity: digest.from }, child);
    const { lambda } = createFunction(this);
    createSchedule();
    new Alarms(
      `${name}-alarms`,
      {
        environment: environment.name,
        topicArn: notifications.topicArn,
        plans: functionAlarms<pulumi.Input<string>>("digest", lambda.name),
      },
      child,
    );

    this.functionName = lambda.name;
    this.registerOutputs({ functionName: this.functionName });

    function createFunction(parent: Digest) {
      return loggedFunction(parent, name, {
        environment: environment.name,
        accountId,
        part: "digest",
        description: `Sends yesterday's use by e-mail, environment ${environment.name}`,
        files: {
          "index.mjs": bundleLambda("digest"),
          "config.json": stableJson(digestConfig(environment, digest)),
        },
        variables: { [bucketVariable]: lake.bucketName },
        statements: pulumi
          .all([accountId, lake.bucketArn])
          .apply(([id, bucketArn]) =>
            digestPermissions({ region: environment.region, accountId: id, bucketArn }, digest),
          ),
        logRetentionDays: environment.ingestion.logRetentionDays,
        memoryMegabytes: 1024,
        timeoutSeconds: 300,
      });
    }

    function createSchedule() {
      const role = new ServiceRole(
        `${name}-schedule-role`,
        {
          environment: environment.name,
          part: "digest-schedule",
          service: "scheduler",
          accountId,
          statements: pulumi.all([lambda.arn, timetable.queueArn]).apply(([functionArn, queueArn]) => [
            { sid: "Invoke", actions: ["lambda:InvokeFunction"], resources: [functionArn] },
            { sid: "KeepWhatFailed", actions: ["sqs:SendMessage"], resources: [queueArn] },
          ]),
        },
        child,
      );
      new aws.scheduler.Schedule(
        name,
        {
          name: partName("aws:scheduler/schedule:Schedule", environment.name, "digest"),
          groupName: timetable.groupName,
          description: `Digest of the environment ${environment.name}`,
          scheduleExpression: dailyAt(digest.time),
          scheduleExpressionTimezone: digest.timeZone,
          flexibleTimeWindow: { mode: "OFF" },
          target: {
            arn: lambda.arn,
            roleArn: role.arn,
            input: "{}",
            retryPolicy,
            deadLetterConfig: { arn: timetable.queueArn },
          },
        },
        { ...child, dependsOn: [role] },
      );
    }
  }
}
