import type { Resource } from "@metercast/graph";
import { z } from "zod";
import { DeclarationError, read, withoutLocalMeaning } from "./read.ts";

/** Interval in seconds and size in MiB, in the ranges that Firehose takes (Firehose quotas). */
const buffering = {
  bufferingSize: z.number().int().min(1).max(128).optional(),
  bufferingInterval: z.number().int().min(0).max(900).optional(),
};

const destination = {
  bucketArn: z.string().startsWith("arn:aws:s3:::"),
  roleArn: z.string(),
  prefix: z.string().optional(),
  errorOutputPrefix: z.string().optional(),
  ...buffering,
  kmsKeyArn: withoutLocalMeaning, // nothing is encrypted on this machine
  cloudwatchLoggingOptions: z
    .strictObject({ enabled: z.boolean(), logGroupName: z.string().optional(), logStreamName: z.string().optional() })
    .optional(),
};

const processor = z.strictObject({
  type: z.literal("Lambda"),
  parameters: z.array(
    z.strictObject({
      parameterName: z.enum(["LambdaArn", "BufferSizeInMBs", "BufferIntervalInSeconds", "NumberOfRetries"]),
      parameterValue: z.string(),
    }),
  ),
});

const conversion = z.strictObject({
  enabled: z.boolean().optional(),
  inputFormatConfiguration: z.strictObject({
    deserializer: z.strictObject({
      openXJsonSerDe: z.strictObject({ caseInsensitive: z.literal(true).optional() }),
    }),
  }),
  outputFormatConfiguration: z.strictObject({
    serializer: z.strictObject({
      parquetSerDe: z.strictObject({ compression: z.enum(["SNAPPY", "UNCOMPRESSED"]).optional() }),
    }),
  }),
  schemaConfiguration: z.strictObject({
    databaseName: z.string(),
    tableName: z.string(),
    roleArn: z.string(),
    region: withoutLocalMeaning, // there is one catalog
    versionId: z.literal("LATEST").optional(),
  }),
});

const deliveryStream = z.strictObject({
  name: z.string(),
  destination: z.literal("extended_s3"),
  extendedS3Configuration: z.strictObject({
    ...destination,
    compressionFormat: z.literal("UNCOMPRESSED").optional(),
    customTimeZone: z.literal("UTC").optional(),
    fileExtension: z.string().optional(),
    processingConfiguration: z
      .strictObject({ enabled: z.boolean(), processors: z.array(processor).max(1).optional() })
      .optional(),
    dataFormatConversionConfiguration: conversion.optional(),
    s3BackupMode: z.enum(["Enabled", "Disabled"]).optional(),
    s3BackupConfiguration: z
      .strictObject({ ...destination, compressionFormat: z.enum(["UNCOMPRESSED", "GZIP"]).optional() })
      .optional(),
  }),
  serverSideEncryption: withoutLocalMeaning, // nothing is encrypted on this machine
  tags: withoutLocalMeaning, // for the bill
});

/** Buffer hints when nothing is declared (Firehose API, BufferingHints); 128 MiB with format conversion. */
const defaultSizeMiB = 5;
const defaultConvertedSizeMiB = 128;
const defaultIntervalSeconds = 300;

export interface Destination {
  bucket: string;
  prefix: string;
  errorPrefix: string | undefined;
  roleArn: string;
  /** Where delivery errors are logged. */
  log: { logGroup: string; logStream: string } | undefined;
}

export interface DeliveryStream {
  name: string;
  arn: string;
  destination: Destination;
  fileExtension: string | undefined;
  bufferBytes: number;
  bufferSeconds: number;
  transform: { functionArn: string; bufferBytes: number; retries: number } | undefined;
  conversion: { database: string; table: string; compression: "SNAPPY" | "UNCOMPRESSED"; roleArn: string } | undefined;
  backup: (Destination & { gzip: boolean }) | undefined;
}

export function deliveryStreamOf(resource: Resource): DeliveryStream {
  const { name, extendedS3Configuration: s3 } = read(deliveryStream, resource);
  const converted = s3.dataFormatConversionConfiguration;
  if (converted && (s3.bufferingSize ?? defaultConvertedSizeMiB) < 64) {
    throw new DeclarationError(
      resource,
      `extendedS3Configuration.bufferingSize is ${s3.bufferingSize} MiB; Firehose takes 64 to 128 with format conversion`,
    );
  }
  if (s3.s3BackupMode === "Enabled" && !s3.s3BackupConfiguration) {
    throw new DeclarationError(resource, "extendedS3Configuration.s3BackupMode needs an s3BackupConfiguration");
  }
  return {
    name,
    arn: String(resource.outputs["arn"]),
    destination: destinationOf(s3),
    fileExtension: s3.fileExtension,
    bufferBytes: (s3.bufferingSize ?? (converted ? defaultConvertedSizeMiB : defaultSizeMiB)) * 1024 * 1024,
    bufferSeconds: s3.bufferingInterval ?? defaultIntervalSeconds,
    transform: s3.processingConfiguration?.enabled
      ? transformOf(resource, s3.processingConfiguration.processors?.[0]?.parameters ?? [])
      : undefined,
    conversion:
      converted && converted.enabled !== false
        ? {
            database: converted.schemaConfiguration.databaseName,
            table: converted.schemaConfiguration.tableName,
            compression: converted.outputFormatConfiguration.serializer.parquetSerDe.compression ?? "SNAPPY",
            roleArn: converted.schemaConfiguration.roleArn,
          }
        : undefined,
    backup:
      s3.s3BackupMode === "Enabled" && s3.s3BackupConfiguration
        ? { ...destinationOf(s3.s3BackupConfiguration), gzip: s3.s3BackupConfiguration.compressionFormat === "GZIP" }
        : undefined,
  };
}

function destinationOf(declared: {
  bucketArn: string;
  roleArn: string;
  prefix?: string | undefined;
  errorOutputPrefix?: string | undefined;
  cloudwatchLoggingOptions?:
    { enabled: boolean; logGroupName?: string | undefined; logStreamName?: string | undefined } | undefined;
}): Destination {
  const { enabled, logGroupName, logStreamName } = declared.cloudwatchLoggingOptions ?? { enabled: false };
  return {
    bucket: declared.bucketArn.slice("arn:aws:s3:::".length),
    prefix: declared.prefix ?? "",
    errorPrefix: declared.errorOutputPrefix,
    roleArn: declared.roleArn,
    log: enabled && logGroupName && logStreamName ? { logGroup: logGroupName, logStream: logStreamName } : undefined,
  };
}

/** Defaults of the Lambda processor's parameters: 1 MB, 60 s, 3 retries (Firehose API, ProcessorParameter). */
function transformOf(resource: Resource, parameters: { parameterName: string; parameterValue: string }[]) {
  const values = new Map(parameters.map(({ parameterName, parameterValue }) => [parameterName, parameterValue]));
  const functionArn = values.get("LambdaArn");
  if (!functionArn) throw new DeclarationError(resource, "its Lambda processor has no LambdaArn");
  return {
    functionArn,
    bufferBytes: Number(values.get("BufferSizeInMBs") ?? 1) * 1024 * 1024,
    retries: Number(values.get("NumberOfRetries") ?? 3),
  };
}
