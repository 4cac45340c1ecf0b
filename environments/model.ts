import { z } from "zod";

import { activityEntry, toActivity } from "./activities.ts";
import { defaultBuildings } from "./buildings.ts";
import { checkedText } from "./checked-text.ts";
import { countryFault, instantFault, regions, timeZoneFault } from "./known-names.ts";
import { durationMilliseconds, durationPattern } from "./duration.ts";
import { meterTypeCodes } from "./environment.ts";
import type { Environment, MeterTypeName } from "./environment.ts";
import { dashboardSection, toDashboard } from "./dashboard.ts";
import { inferenceSection, teamDataset, toInference, toTeamDataset } from "./inference.ts";

const meterTypeNames = Object.keys(meterTypeCodes) as MeterTypeName[];
const meterTypeName = z.enum(meterTypeNames);

/** Retentions that CloudWatch Logs takes: API reference of PutRetentionPolicy, `retentionInDays`. */
export const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const sql = z.string().min(1).meta({
  title: "SQL",
  description:
    "Statement of the topic rule in AWS IoT SQL 2016-03-23. A SELECT of columns takes single messages only; SELECT * takes envelopes (arrays) too.",
});

const activities = z
  .array(activityEntry)
  .default([])
  .meta({ title: "Activities", description: "Steps that each message passes, in order. Default: none." });

const meterType = z
  .strictObject({
    type: meterTypeName.meta({
      title: "Type",
      description: "Name of the meter type; messages carry its code, 0 to 3.",
    }),
    unit: z
      .string()
      .min(1)
      .max(32)
      .meta({ title: "Unit", description: "Unit of meter_reading, for people.", examples: ["kWh"] }),
    sql: sql.optional().meta({
      title: "SQL",
      description:
        "SQL of this meter type's topic rule. Default: keeps each message whole, with topic, client and arrival.",
    }),
    activities,
  })
  .meta({ title: "Meter type", description: "A meter type that the environment takes readings of." });

const buildings = z
  .strictObject({
    firstId: z
      .int()
      .min(0)
      .max(2_000_000_000)
      .meta({ title: "First id", description: "The lowest building_id of the city." }),
    count: z
      .int()
      .min(1)
      .max(100_000)
      .meta({ title: "Count", description: "Number of buildings; their ids follow one another." }),
  })
  .meta({
    title: "Buildings",
    description:
      "Which buildings the city is expected to have: the sample data and the cost are made from it; readings of others are stored too. Default: those of the ASHRAE site (0 to 15), else 20 from id siteId * 1000.",
  });

const city = z
  .strictObject({
    siteId: z
      .int()
      .min(0)
      .max(1_000_000)
      .meta({ title: "Site id", description: "site_id of the city's weather messages; unique." }),
    name: z
      .string()
      .max(64)
      .regex(/^[A-Za-z0-9-]+$/, {
        error: "must be letters, digits and hyphens only: it is a part of topics and thing names",
      })
      .meta({
        title: "Name",
        description:
          "Key of the city in topics, thing names and tables; unique. Letters, digits and hyphens, at most 64.",
        examples: ["Jacksonville", "Philadelphia-6"],
      }),
    label: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .meta({ title: "Label", description: "Name for people. Default: the name.", examples: ["Jacksonville, FL"] }),
    country: checkedText(countryFault).meta({
      title: "Country",
      description: "ISO 3166-1 alpha-2 code: whose public holidays count.",
      examples: ["US", "GB", "IE", "CA"],
    }),
    subdivision: z
      .string()
      .regex(/^[A-Z0-9]{1,3}$/, { error: 'must be the part after the hyphen of an ISO 3166-2 code, such as "ENG"' })
      .optional()
      .meta({
        title: "Subdivision",
        description:
          "Part of the country, where its holidays differ: the second half of an ISO 3166-2 code. Default: none.",
        examples: ["ENG"],
      }),
    latitude: z.number().min(-90).max(90).meta({ title: "Latitude", description: "Degrees north, -90 to 90." }),
    longitude: z.number().min(-180).max(180).meta({ title: "Longitude", description: "Degrees east, -180 to 180." }),
    timeZone: checkedText(timeZoneFault).meta({
      title: "Time zone",
      description: "IANA name of the zone whose wall clock gives hour, weekday, week, month and holidays.",
      examples: ["America/New_York"],
    }),
    meterClock: z.enum(["local", "UTC"]).default("local").meta({
      title: "Meter clock",
      description: "Clock of the stamps in this site's meter files; messages always carry UTC. Default: local.",
    }),
    meterTypes: z.array(meterTypeName).min(1).optional().meta({
      title: "Meter types",
      description: "What the city's things register. Default: all meter types of the environment.",
    }),
    buildings: buildings.optional(),
  })
  .meta({ title: "City", description: "A place with a weather station, a time zone and a holiday calendar." });

const rule = z
  .strictObject({
    name: z
      .string()
      .max(64)
      .regex(/^[a-zA-Z0-9_]+$/, { error: "must be letters, digits and _ only, as AWS IoT has it for topic rules" })
      .meta({
        title: "Name",
        description: "The rule is deployed as metercast_<environment>_<name>. Letters, digits and _, at most 64.",
      }),
    sql,
  })
  .meta({ title: "Topic rule" });

const ingestion = z
  .strictObject({
    rawRetentionDays: z
      .int()
      .min(1)
      .max(3650)
      .default(14)
      .meta({ title: "Raw retention", description: "Days that the raw messages (the channel) are kept. Default: 14." }),
    bufferSeconds: z.int().min(60).max(900).default(60).meta({
      title: "Buffer interval",
      description: "Seconds that a delivery stream collects before it writes, 60 to 900. Default: 60.",
    }),
    bufferMegabytes: z.int().min(64).max(128).default(64).meta({
      title: "Buffer size",
      description:
        "MiB that a delivery stream collects before it writes, 64 to 128 (conversion to Parquet needs 64). Default: 64.",
    }),
    logRetentionDays: z.literal(logRetentions).default(30).meta({
      title: "Log retention",
      description: "Days that logs are kept, one of the periods that CloudWatch Logs has. Default: 30.",
    }),
    acceptFrom: checkedText(instantFault).default("2000-01-01T00:00Z").meta({
      title: "Accept from",
      description: "Earliest accepted timestamp, ISO 8601 with a zone. Default: 2000-01-01T00:00Z.",
    }),
    acceptAhead: z
      .string()
      .regex(durationPattern, { error: "must be a duration: a whole number and s, m, h or d, such as 24h or 90m" })
      .refine((text) => !durationPattern.test(text) || durationMilliseconds(text) <= durationMilliseconds("3650d"), {
        error: "must be at most 3650d",
      })
      .default("24h")
      .meta({
        title: "Accept ahead",
        description: "How far a timestamp may lie after its message's arrival, such as 24h, 90m or 2d. Default: 24h.",
      }),
    rules: z.array(rule).min(1).optional().meta({
      title: "Rules",
      description:
        "Topic rules in place of one per meter type; the reading's meter then says its type. Default: a rule per meter type.",
    }),
  })
  .meta({ title: "Ingestion", description: "How messages are taken in and kept." });

const tag = z.string().max(256);

/** The longest name for which the bucket's, metercast-<name>-<12 digits>-<region, at most 14>, keeps to S3's 63. */
const nameLength = 63 - "metercast-".length - "-123456789012".length - "-ap-northeast-1".length;

/** An environment file, as it is written. */
export const environmentFile = z
  .strictObject({
    name: z
      .string()
      .max(nameLength)
      .regex(/^[a-z](-?[a-z0-9])*$/, {
        error:
          "must be lower-case letters, digits and single hyphens, beginning with a letter: it is a part of bucket names",
      })
      .meta({
        title: "Name",
        description: `Name of the environment, a part of every physical name. Lower-case letters, digits and hyphens, at most ${nameLength}.`,
        examples: ["dev", "prod"],
      }),
    region: z
      .enum(regions)
      .meta({ title: "Region", description: "AWS region of everything in the environment.", examples: ["us-east-1"] }),
    protect: z.boolean().default(false).meta({
      title: "Protect",
      description: "true: data and what holds it cannot be deleted with the stack. Default: false.",
    }),
    tags: z
      .record(
        z.string().regex(/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu, {
          error: "must be a tag key: 1 to 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:",
        }),
        tag.regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, {
          error: "must be a tag value: at most 256 letters, digits, spaces and _.:/=+-@",
        }),
      )
      .refine((tags) => Object.keys(tags).length <= 40, {
        error: "must be at most 40 tags: AWS allows 50, some are ours",
      })
      .default({})
      .meta({ title: "Tags", description: "Put on every resource that takes tags. Default: none." }),
    meterTypes: z.array(meterType).min(1).meta({
      title: "Meter types",
      description: "The meter types of the environment, each with its rule and activities.",
    }),
    cities: z.array(city).min(1).meta({ title: "Cities", description: "The cities of the environment." }),
    weather: z
      .strictObject({
        sql: sql.optional().meta({
          title: "SQL",
          description:
            "SQL of the weather topic rule. Default: keeps each message whole, with topic, client and arrival.",
        }),
        activities,
      })
      .prefault({})
      .meta({
        title: "Weather",
        description: "The pipeline of weather messages. Default: the default rule, no activities.",
      }),
    ingestion: ingestion.prefault({}),
    inference: z
      .union([z.literal("none"), inferenceSection])
      .prefault({})
      .meta({
        title: "Inference",
        description: "How predictions are made; none makes no predictions. Default: every hour, by a Lambda function.",
      }),
    datasets: z.array(teamDataset).default([]).meta({
      title: "Datasets",
      description: "SQL datasets of the team's own, besides those that come with the project. Default: none.",
    }),
    dashboard: z
      .union([z.literal("none"), dashboardSection])
      .default("none")
      .meta({
        title: "Dashboard",
        description: "The dashboard in QuickSight; none declares nothing of QuickSight. Default: none.",
      }),
  })
  .meta({ title: "metercast environment", description: "One environment: all that differs between environments." });

/**
 * The environment that a valid file describes, with every default filled in.
 *
 * @param folder of the file
 */
export function toEnvironment(file: z.output<typeof environmentFile>, folder: string): Environment {
  const allTypes = file.meterTypes.map(({ type }) => type);
  const toActivities = (entries: (typeof file.weather)["activities"]) =>
    entries.map((entry) => toActivity(entry, folder));
  const { inference, datasets, dashboard, ...rest } = file;
  const timeZone = file.cities[0]?.timeZone ?? "UTC";
  return {
    ...rest,
    ...(inference === "none" ? {} : { inference: toInference(inference, folder) }),
    datasets: datasets.map((entry) => toTeamDataset(entry, folder)),
    ...(dashboard === "none" ? {} : { dashboard: toDashboard(dashboard, timeZone) }),
    meterTypes: file.meterTypes.map((entry) => ({ ...entry, activities: toActivities(entry.activities) })),
    cities: file.cities.map((entry) => ({
      ...entry,
      label: entry.label ?? entry.name,
      meterTypes: entry.meterTypes ?? allTypes,
      buildings: entry.buildings ?? defaultBuildings(entry.siteId),
    })),
    weather: { ...file.weather, activities: toActivities(file.weather.activities) },
  };
}
