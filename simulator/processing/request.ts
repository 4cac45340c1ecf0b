import { z } from "zod";

const s3Uri = z.string().regex(/^s3:\/\/[^/]+\/.*$/, "it must be s3://bucket/prefix");
const localPath = z.string().regex(/^\/opt\/ml\/processing(?:\/.*)?$/, "it must be below /opt/ml/processing");
const withoutMeaning = z.unknown().optional();

const input = z.strictObject({
  InputName: z.string(),
  S3Input: z.strictObject({
    S3Uri: s3Uri,
    LocalPath: localPath,
    S3DataType: z.literal("S3Prefix"),
    S3InputMode: z.literal("File").default("File"),
    S3DataDistributionType: withoutMeaning, // there is one instance
    S3CompressionType: z.literal("None").optional(),
  }),
});

const output = z.strictObject({
  OutputName: z.string(),
  S3Output: z.strictObject({
    S3Uri: s3Uri,
    LocalPath: localPath,
    S3UploadMode: z.enum(["Continuous", "EndOfJob"]),
  }),
});

/** A request of CreateProcessingJob, of it what runs here (SageMaker API reference). */
export const processingJobRequest = z.strictObject({
  ProcessingJobName: z
    .string()
    .regex(
      /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/,
      "it has 63 letters, digits and hyphens at most, a letter or digit at its ends",
    ),
  RoleArn: z.string(),
  AppSpecification: z.strictObject({
    ImageUri: z.string(),
    ContainerEntrypoint: z.array(z.string()).min(1).max(100).optional(),
    ContainerArguments: z.array(z.string()).min(1).max(100).optional(),
  }),
  Environment: z.record(z.string(), z.string()).default({}),
  ProcessingInputs: z.array(input).max(10).default([]),
  ProcessingOutputConfig: z
    .strictObject({
      Outputs: z.array(output).max(10),
      KmsKeyId: withoutMeaning, // nothing is encrypted on this machine
    })
    .optional(),
  ProcessingResources: z.strictObject({
    ClusterConfig: z.strictObject({
      InstanceCount: z.literal(1),
      InstanceType: z.string(),
      VolumeSizeInGB: z.number().int().min(1),
      VolumeKmsKeyId: withoutMeaning, // nothing is encrypted on this machine
    }),
  }),
  StoppingCondition: z
    .strictObject({ MaxRuntimeInSeconds: z.number().int().min(1).max(777_600) })
    .default({ MaxRuntimeInSeconds: 86_400 }),
  NetworkConfig: withoutMeaning, // a program's network is this machine's
  Tags: withoutMeaning, // for the bill
});

export type ProcessingJobRequest = z.output<typeof processingJobRequest>;
