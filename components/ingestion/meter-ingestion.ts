import type * as pulumi from "@pulumi/pulumi";
import { meterThings } from "../registry/things.ts";
import { Ingestion, type IngestionArgs, type IngestionKind } from "./ingestion.ts";

const kind: IngestionKind = {
  type: "metercast:ingestion:MeterIngestion",
  pipeline: "readings",
  rules: "meter",
  things: meterThings,
  describe: ({ meterType }) => `Readings of ${meterType ?? "all meter types"}`,
};

/** The way of a reading: things that may send it, topic rules that take it, and the pipeline into `readings_landing`. */
export class MeterIngestion extends Ingestion {
  constructor(name: string, args: IngestionArgs, opts?: pulumi.ComponentResourceOptions) {
    super(kind, name, args, opts);
  }
}
