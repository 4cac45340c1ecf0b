import * as pulumi from "@pulumi/pulumi";
import type { Environment, TopicRule } from "../../environments/index.ts";
import type { DataLake } from "../lake/data-lake.ts";
import type { DeviceRegistry } from "../registry/device-registry.ts";
import { RegisteredThing } from "../registry/device-registry.ts";
import { weatherThings } from "../registry/things.ts";
import { IngestionPipeline } from "./ingestion-pipeline.ts";
import type { LeftOut } from "./left-out.ts";
import { transformConfig } from "./transform-config.ts";

export interface WeatherIngestionArgs {
  /** The environment: its cities with zone and country, activities and limits. */
  environment: Environment;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Where the observations go. */
  lake: DataLake;
  /** Where goes what is not stored. */
  leftOut: LeftOut;
  /** Type and groups of the things. */
  registry: DeviceRegistry;
  /** All topic rules of the environment; weather's is taken from it. */
  rules: readonly TopicRule[];
}

/** The way of a weather observation: stations, topic rule, and the pipeline into `weather_landing`. */
export class WeatherIngestion extends pulumi.ComponentResource {
  /** Name of the delivery stream. */
  readonly streamName: pulumi.Output<string>;

  constructor(name: string, args: WeatherIngestionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("metercast:ingestion:WeatherIngestion", name, { environment: args.environment.name }, opts);
    const { environment, lake, registry } = args;
    const table = lake.landing.weather;
    const child = { parent: this };

    for (const thing of weatherThings(environment, args.rules)) {
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
          .filter(({ kind }) => kind === "weather")
          .map(({ name, sql }) => ({ name, sql, description: `Weather, environment ${environment.name}` })),
        config: transformConfig(environment, "weather", table.plan),
      },
      child,
    );

    this.streamName = pipeline.streamName;
    this.registerOutputs({ streamName: this.streamName });
  }
}
