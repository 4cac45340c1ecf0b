import type * as pulumi from "@pulumi/pulumi";
import { weatherThings } from "../registry/things.ts";
import { Ingestion, type IngestionArgs, type IngestionKind } from "./ingestion.ts";

const kind: IngestionKind = {
  type: "metercast:ingestion:WeatherIngestion",
  pipeline: "weather",
  rules: "weather",
  things: weatherThings,
  describe: () => "Weather",
};

/** The way of a weather observation: stations, topic rule, and the pipeline into `weather_landing`. */
export class WeatherIngestion extends Ingestion {
  constructor(name: string, args: IngestionArgs, opts?: pulumi.ComponentResourceOptions) {
    super(kind, name, args, opts);
  }
}
