import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

import { checkedText } from "./checked-text.ts";
import type { Inference, TeamDataset } from "./environment.ts";
import { timeZoneFault } from "./known-names.ts";
import { countWindowDays, windowPattern } from "./window.ts";

/** Processing instance types of SageMaker's general, compute and memory families: API reference, ProcessingClusterConfig. */
const instanceTypes = [
  ...["ml.t3.medium", "ml.t3.large", "ml.t3.xlarge", "ml.t3.2xlarge"],
  ...["ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge", "ml.m5.4xlarge", "ml.m5.12xlarge", "ml.m5.24xlarge"],
  ...["ml.c5.xlarge", "ml.c5.2xlarge", "ml.c5.4xlarge", "ml.c5.9xlarge", "ml.c5.18xlarge"],
  ...["ml.r5.large", "ml.r5.xlarge", "ml.r5.2xlarge", "ml.r5.4xlarge", "ml.r5.8xlarge", "ml.r5.12xlarge"],
] as const;

/** SNS sends to what has this form; whether somebody reads it, the confirmation that it sends first will show. */
const emailPattern = /^[^\s@<>"(),:;[\]\\]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$/;

const timeZone = checkedText(timeZoneFault)
  .default("UTC")
  .meta({
    title: "Time zone",
    description: "IANA name of the zone in which cron and at are meant, with its daylight saving time. Default: UTC.",
    examples: ["America/New_York"],
  });

const scheduleForms =
  "rate(1 hour), cron(minutes hours day-of-month month day-of-week year) or at(2026-01-31T06:00:00), as EventBridge Scheduler has it";
const scheduleExamples = ["rate(1 hour)", "cron(0/15 * * * ? *)"];

/** The section `inference`, where it is not `none`. */
export const inferenceSection = z
  .strictObject({
    schedule: z
      .string()
      .default("rate(1 hour)")
      .meta({
        title: "Schedule",
        description: `When it runs: ${scheduleForms}. Default: rate(1 hour).`,
        examples: scheduleExamples,
      }),
    timeZone,
    engine: z.enum(["lambda", "sagemaker"]).default("lambda").meta({
      title: "Engine",
      description:
        "What predicts: a Lambda function per city, or one SageMaker Processing job with our image for all of them. The rows are the same. Default: lambda.",
    }),
    instanceType: z.enum(instanceTypes).default("ml.m5.xlarge").meta({
      title: "Instance type",
      description: "Of the SageMaker Processing job; engine: lambda has none. Default: ml.m5.xlarge.",
    }),
    model: z
      .string()
      .min(1)
      .optional()
      .meta({
        title: "Model",
        description:
          "Folder of the model, with its card.json, relative to this file. Default: the model that comes with the project.",
        examples: ["../model/shipped"],
      }),
    horizonHours: z.int().min(1).max(168).default(24).meta({
      title: "Horizon",
      description: "Hours that a forecast reaches, 1 to 168. Default: 24.",
    }),
    historyDays: z.int().min(7).max(60).default(42).meta({
      title: "History",
      description: "Days before a forecast from which it knows a meter's own past, 7 to 60. Default: 42.",
    }),
    notify: z
      .array(
        z.string().regex(emailPattern, {
          error: ({ input }) => `must be an e-mail address, such as energy@example.com, not ${JSON.stringify(input)}`,
        }),
      )
      .default([])
      .meta({
        title: "Notify",
        description:
          "E-mail addresses that are told of failed runs, drift and alarms; each has to confirm once. Default: none.",
      }),
    drift: z
      .strictObject({
        threshold: z.number().min(0.01).max(10).default(0.25).meta({
          title: "Threshold",
          description:
            "How far the latest week's error may exceed the reference before it is told: 0.25 is 25 %. Default: 0.25.",
        }),
      })
      .prefault({})
      .meta({ title: "Drift", description: "When the model is said to have drifted." }),
    staleAfterHours: z.int().min(1).max(720).default(24).meta({
      title: "Stale after",
      description: "Hours after which the latest predictions are too old, by the wall clock, 1 to 720. Default: 24.",
    }),
  })
  .meta({ title: "Inference", description: "How predictions are made again and again." });

/** A SQL dataset of the team's own. */
export const teamDataset = z
  .strictObject({
    name: z
      .string()
      .max(64)
      .regex(/^[a-z][a-z0-9_]*$/, { error: "must be lower-case letters, digits and _, beginning with a letter" })
      .meta({
        title: "Name",
        description: "Key of the dataset; unique. Lower-case letters, digits and _, at most 64.",
      }),
    sql: z.string().min(1).optional().meta({
      title: "SQL",
      description: "Its SELECT in Athena's SQL; :from and :to are the window's dates. Either this or file.",
    }),
    file: z
      .string()
      .min(1)
      .optional()
      .meta({
        title: "File",
        description: "File with its SELECT, relative to this file. Either this or sql.",
        examples: ["datasets/daily-use.sql"],
      }),
    schedule: z
      .string()
      .optional()
      .meta({
        title: "Schedule",
        description: `When it runs: ${scheduleForms}. Default: on demand only.`,
        examples: scheduleExamples,
      }),
    timeZone,
    window: z
      .string()
      .regex(windowPattern, { error: "must be a number of days, such as 2 days" })
      .refine((text) => !windowPattern.test(text) || within(countWindowDays(text), 1, 60), {
        error: "must be 1 day to 60 days: a statement of Athena's writes 100 partitions at most",
      })
      .default("1 day")
      .meta({
        title: "Window",
        description: "Days up to now that a run asks for, as :from and :to. Default: 1 day.",
        examples: ["2 days"],
      }),
    deliver: z
      .string()
      .optional()
      .meta({
        title: "Deliver",
        description:
          "Key in the bucket under which each result is delivered, as CSV or Parquet by its ending; !{scheduleTime} and !{versionId} are filled in. Default: not delivered.",
        examples: ["dataset/daily_use/!{scheduleTime}/!{versionId}.csv"],
      }),
    keep: z
      .strictObject({
        versions: z.int().min(1).max(1000).optional().meta({
          title: "Versions",
          description: "How many versions are kept. Default: as many as the days give.",
        }),
        days: z.int().min(1).max(3650).default(90).meta({
          title: "Days",
          description: "Days that a version is kept. Default: 90.",
        }),
      })
      .prefault({})
      .meta({ title: "Keep", description: "How long versions are kept." }),
  })
  .meta({ title: "Dataset", description: "A SQL dataset of the team's own, on a schedule or on demand." });

function within(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

/** The model that comes with the project. */
const shippedModel = fileURLToPath(new URL("../model/shipped", import.meta.url));

/** The folder of the model that a section names, or of the one that comes with the project. */
export function modelFolder(model: string | undefined, folder: string): string {
  return model === undefined ? shippedModel : resolve(folder, model);
}

/** @param folder of the environment file */
export function toInference(section: z.output<typeof inferenceSection>, folder: string): Inference {
  return { ...section, model: modelFolder(section.model, folder) };
}

/** @param folder of the environment file */
export function toTeamDataset(entry: z.output<typeof teamDataset>, folder: string): TeamDataset {
  const { name, sql, file, schedule: when, timeZone: zone, window, deliver, keep } = entry;
  return {
    name,
    sql: sql ?? readFileSync(resolve(folder, file ?? ""), "utf8"),
    ...(when === undefined ? {} : { schedule: when }),
    timeZone: zone,
    windowDays: countWindowDays(window),
    ...(deliver === undefined ? {} : { deliver }),
    keep: { days: keep.days, ...(keep.versions === undefined ? {} : { versions: keep.versions }) },
  };
}
