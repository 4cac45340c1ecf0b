import * as pulumi from "@pulumi/pulumi";
import type { Environment, TopicRule } from "../../environments/index.ts";
import type { DataLake } from "../lake/data-lake.ts";
import type { DeviceRegistry } from "../registry/device-registry.ts";
import { RegisteredThing } from "../registry/device-registry.ts";
import { meterThings } from "../registry/things.ts";
import { IngestionPipeline } from "./ingestion-pipeline.ts";
import type { LeftOut } from "./left-out.ts";
import { transformConfig } from "./transform-config.ts";

export interface MeterIngestionArgs {
  /** The environment: its cities, meter types, activities and limits. */
  environment: Environment;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Where the readings go. */
  lake: DataLake;
  /** Where goes what is not stored. */
  leftOut: LeftOut;
  /** Type and groups of the things. */
  registry: DeviceRegistry;
  /** All topic rules of the environment; those of meters are taken from it. */
  rules: readonly TopicRule[];
}

/** The way of a reading: things that may send it, topic rules that take it, and the pipeline into `readings_landing`. */
export class MeterIngestion extends pulumi.ComponentResource {
  /** Name of the delivery stream. */
  readonly streamName: pulumi.Output<string>;

  constructor(name: string, args: MeterIngestionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("metercast:ingestion:MeterIngestion", name, { environment: args.environment.name }, opts);
    const { environment, lake, registry } = args;
    const table = lake.landing.readings;
    const child = { parent: this };

    for (const thing of meterThings(environment, args.rules)) {
      new RegisteredThing(thing.name, { thing, registry }, child);
    }
    const pipeline = new IngestionPipeline(
      `${name}-pipeline`,
      {
        environment,
        accountId: args.accountId,
        lake,
        table,
        leftOut: args.leftOut,
        rules: args.rules
          .filter(({ kind }) => kind === "meter")
          .map(({ name, sql, meterType }) => ({
            name,
            sql,
            description: `Readings of ${meterType ?? "all meter types"}, environment ${environment.name}`,
          })),
        config: transformConfig(environment, "readings", table.plan),
      },
      child,
    );

    this.streamName = pipeline.streamName;
    this.registerOutputs({ streamName: this.streamName });
  }
}
