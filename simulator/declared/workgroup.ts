import type { Resource } from "@metercast/graph";
import { z } from "zod";
import { DeclarationError, read, withoutLocalMeaning } from "./read.ts";

const workgroup = z.strictObject({
  name: z.string(),
  description: withoutLocalMeaning, // for people
  forceDestroy: withoutLocalMeaning, // nothing is destroyed here
  state: z.literal("ENABLED").optional(),
  configuration: z.strictObject({
    enforceWorkgroupConfiguration: z.boolean().default(true),
    publishCloudwatchMetricsEnabled: withoutLocalMeaning, // there are no metrics here
    bytesScannedCutoffPerQuery: withoutLocalMeaning, // DuckDB does not tell what Athena would have scanned
    requesterPaysEnabled: withoutLocalMeaning, // nobody pays
    engineVersion: z
      .strictObject({
        selectedEngineVersion: z.enum(["AUTO", "Athena engine version 3"]),
        effectiveEngineVersion: withoutLocalMeaning,
      })
      .optional(),
    resultConfiguration: z
      .strictObject({
        outputLocation: z.string().optional(),
        expectedBucketOwner: z.string().optional(),
        encryptionConfiguration: withoutLocalMeaning, // nothing is encrypted on this machine
      })
      .optional(),
  }),
  tags: withoutLocalMeaning, // for the bill
});

/** An Athena workgroup. */
export interface Workgroup {
  name: string;
  /** Whether its result location holds whatever a client asks for. */
  enforced: boolean;
  /** "s3://bucket/folder/". */
  outputLocation: string | undefined;
  /** Account id. */
  expectedBucketOwner: string | undefined;
}

export function workgroupOf(resource: Resource): Workgroup {
  const { name, configuration } = read(workgroup, resource);
  const { outputLocation, expectedBucketOwner } = configuration.resultConfiguration ?? {};
  if (outputLocation !== undefined && !/^s3:\/\/[^/]+\/.*$/.test(outputLocation)) {
    throw new DeclarationError(
      resource,
      `configuration.resultConfiguration.outputLocation is "${outputLocation}"; it must be s3://bucket/folder/`,
    );
  }
  return { name, enforced: configuration.enforceWorkgroupConfiguration, outputLocation, expectedBucketOwner };
}
