import * as pulumi from "@pulumi/pulumi";
import type { Environment, TopicRule } from "../../environments/index.ts";
import type { Pipeline } from "../../lambdas/transform/config.ts";
import type { DataLake } from "../lake/data-lake.ts";
import { RegisteredThing, type DeviceRegistry } from "../registry/device-registry.ts";
import type { ThingPlan } from "../registry/things.ts";
import { IngestionPipeline } from "./ingestion-pipeline.ts";
import type { LeftOut } from "./left-out.ts";
import { transformConfig } from "./transform-config.ts";

export interface IngestionArgs {
  /** The environment: its cities with zone and country, meter types, activities and limits. */
  environment: Environment;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Where the rows go. */
  lake: DataLake;
  /** Where goes what is not stored. */
  leftOut: LeftOut;
  /** Type and groups of the things. */
  registry: DeviceRegistry;
  /** All topic rules of the environment; those of this kind are taken from it. */
  rules: readonly TopicRule[];
}

/** What tells the way of readings from that of weather. */
export interface IngestionKind {
  /** Type token of the component. */
  type: `metercast:ingestion:${string}`;
  /** The pipeline that the messages pass; its landing table has the same name. */
  pipeline: Pipeline;
  /** Which topic rules are its own. */
  rules: TopicRule["kind"];
  /** The things that may send its messages. */
  things: (environment: Environment, rules: readonly TopicRule[]) => readonly ThingPlan[];
  /** What one of its rules is for, for people. */
  describe: (rule: TopicRule) => string;
}

/** The way of one kind of message: things that may send it, topic rules that take it, and the pipeline into its table. */
export abstract class Ingestion extends pulumi.ComponentResource {
  /** Name of the delivery stream. */
  readonly streamName: pulumi.Output<string>;

  constructor(kind: IngestionKind, name: string, args: IngestionArgs, opts?: pulumi.ComponentResourceOptions) {
    super(kind.type, name, { environment: args.environment.name }, opts);
    const { environment, accountId, lake, leftOut, registry } = args;
    const table = lake.landing[kind.pipeline];
    const child = { parent: this };

    for (const thing of kind.things(environment, args.rules)) {
      new RegisteredThing(thing.name, { thing, registry }, child);
    }
    const rules = args.rules
      .filter((rule) => rule.kind === kind.rules)
      .map((rule) => ({
        name: rule.name,
        sql: rule.sql,
        description: `${kind.describe(rule)}, environment ${environment.name}`,
      }));
    const config = transformConfig(environment, kind.pipeline, table.plan);
    const pipeline = new IngestionPipeline(
      `${name}-pipeline`,
      { environment, accountId, lake, table, leftOut, rules, config },
      child,
    );

    this.streamName = pipeline.streamName;
    this.registerOutputs({ streamName: this.streamName });
  }
}
