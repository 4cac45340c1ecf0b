import { basename, resolve } from "node:path";

import { z } from "zod";

import { addedColumnTypes } from "./environment.ts";
import type { Activity } from "./environment.ts";

/** What the transform adds to every message of a pipeline; an activity cannot make an attribute of that name. */
export const pipelineColumns = {
  readings: ["city", "received", "record_id", "position", "dt"],
  weather: [
    ...["city", "received", "record_id", "position", "dt"],
    ...["hour", "weekday", "week", "month", "is_holiday"],
  ],
} as const;

/** What a message must keep through its pipeline to be stored. */
export const neededAttributes = {
  readings: ["building_id", "meter", "timestamp", "meter_reading"],
  weather: ["site_id", "timestamp"],
} as const;

/** What a weather message carries besides. */
export const weatherMeasurements = [
  "air_temperature",
  "cloud_coverage",
  "dew_temperature",
  "precip_depth_1_hr",
  "sea_level_pressure",
  "wind_direction",
  "wind_speed",
] as const;

const existing = z.string().min(1).meta({ description: "Name of an attribute that the message has." });

// Glue and Athena compare column names without case and Parquet with it: lower case only keeps them one.
const added = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,127}$/, {
    error:
      'must be a column name: a lower-case letter, then at most 127 lower-case letters, digits and _, such as "kbtu"',
  })
  .meta({ description: "Name of the new attribute: a column of the tables. Lower-case letters, digits and _." });

const attributeList = z.array(existing).min(1);

const name = z.string().min(1).max(128).optional().meta({
  title: "Name",
  description: "What the activity is called in counts and in the table left_out. Default: its kind and its text.",
});

const expression = (what: string) =>
  z
    .string()
    .min(1)
    .meta({ description: `${what} An expression of AWS IoT SQL over the attributes of one message.` });

const filter = z
  .strictObject({
    filter: expression("Messages for which this is true stay; the others are dropped and counted.").meta({
      title: "Filter",
      examples: ["building_id <> 1099", "meter_reading >= 0"],
    }),
    name,
  })
  .meta({ title: "filter", description: "Keeps the messages for which an expression is true." });

const math = z
  .strictObject({
    math: expression("The value of the attribute.").meta({ title: "Math", examples: ["meter_reading * 3.412"] }),
    attribute: added.meta({ title: "Attribute", description: "The attribute that gets the value: new or existing." }),
    name,
  })
  .meta({ title: "math", description: "Sets an attribute to the value of an expression." });

const addAttributes = z
  .strictObject({
    addAttributes: z
      .record(z.string(), added)
      .refine((map) => Object.keys(map).length > 0, { error: "must name at least one attribute: { existing: new }" })
      .meta({ title: "Add attributes", description: "Copies attributes: existing name to new name." }),
    name,
  })
  .meta({ title: "addAttributes", description: "Copies attributes under a new name." });

const removeAttributes = z
  .strictObject({
    removeAttributes: attributeList.meta({ title: "Remove attributes", description: "The attributes to remove." }),
    name,
  })
  .meta({ title: "removeAttributes", description: "Removes attributes from the message." });

const selectAttributes = z
  .strictObject({
    selectAttributes: attributeList.meta({ title: "Select attributes", description: "The only attributes to keep." }),
    name,
  })
  .meta({ title: "selectAttributes", description: "Keeps the named attributes only." });

const lambda = z
  .strictObject({
    lambda: z
      .strictObject({
        code: z
          .string()
          .min(1)
          .meta({
            title: "Code",
            description:
              "JavaScript or TypeScript module that exports `handler`, by its path from this file. What it imports is bundled with it.",
            examples: ["activities/calibrate.ts"],
          }),
        batchSize: z
          .int()
          .min(1)
          .max(1000)
          .meta({
            title: "Batch size",
            description: "Messages of one invocation at most, 1 to 1000; never more than 6 MB of them.",
            examples: [100],
          }),
        columns: z.record(added, z.enum(addedColumnTypes)).default({}).meta({
          title: "Columns",
          description:
            "Attributes that the function adds and that become columns of the tables, each with its type: double, int, string or timestamp (epoch ms). Default: none.",
        }),
      })
      .meta({
        title: "Lambda",
        description:
          "handler(messages) gets an array of messages and gives back, within 60 seconds, an array of the same number in the same order; else they are all rejected.",
      }),
    name,
  })
  .meta({ title: "lambda", description: "Sends the messages in batches through a function of your own." });

/** One activity as an environment file has it. */
export const activityEntry = z.union([filter, math, addAttributes, removeAttributes, selectAttributes, lambda]).meta({
  title: "Activity",
  description: "A step of the pipeline: filter, math, addAttributes, removeAttributes, selectAttributes or lambda.",
});

type ActivityEntry = z.output<typeof activityEntry>;

/**
 * The ten activities of an IoT Analytics pipeline and their place here: an activity of ours with its schema, or what
 * does its work instead.
 */
export const activityKinds: Record<string, { schema: z.ZodType } | { instead: string }> = {
  channel: {
    instead:
      "the channel is the pipeline's fixed beginning, kept as the delivery stream's raw backup; remove this entry and set ingestion.rawRetentionDays for how long",
  },
  lambda: { schema: lambda },
  addAttributes: { schema: addAttributes },
  removeAttributes: { schema: removeAttributes },
  selectAttributes: { schema: selectAttributes },
  filter: { schema: filter },
  math: { schema: math },
  datastore: {
    instead: "the datastore is the pipeline's fixed end, the landing table that it writes; remove this entry",
  },
  deviceRegistryEnrich: {
    instead:
      "enriching from the device registry is not available; join the table buildings in a dataset, or publish the attribute with the message",
  },
  deviceShadowEnrich: {
    instead: "enriching from a device shadow is not available; publish the attribute with the message",
  },
};

/** The kinds that a pipeline can have. */
export const availableActivities = Object.keys(activityKinds).filter((kind) => "schema" in (activityKinds[kind] ?? {}));

/**
 * An activity as the pipeline runs it, with its name filled in.
 *
 * @param folder of the environment file, from which the paths of modules are meant
 */
export function toActivity(entry: ActivityEntry, folder: string): Activity {
  if ("filter" in entry) {
    return { name: entry.name ?? `filter: ${entry.filter}`, kind: "filter", filter: entry.filter };
  }
  if ("math" in entry) {
    const { attribute, math: text } = entry;
    return { name: entry.name ?? `math: ${attribute} = ${text}`, kind: "math", attribute, math: text };
  }
  if ("addAttributes" in entry) {
    const attributes = entry.addAttributes;
    const copies = Object.entries(attributes).map(([from, to]) => `${from} as ${to}`);
    return { name: entry.name ?? `addAttributes: ${copies.join(", ")}`, kind: "addAttributes", attributes };
  }
  if ("lambda" in entry) {
    const { code, batchSize, columns } = entry.lambda;
    const name = entry.name ?? `lambda: ${basename(code)}`;
    return { name, kind: "lambda", code: resolve(folder, code), batchSize, columns };
  }
  if ("removeAttributes" in entry) {
    const attributes = entry.removeAttributes;
    return { name: entry.name ?? `removeAttributes: ${attributes.join(", ")}`, kind: "removeAttributes", attributes };
  }
  const attributes = entry.selectAttributes;
  return { name: entry.name ?? `selectAttributes: ${attributes.join(", ")}`, kind: "selectAttributes", attributes };
}
