import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../environments/index.ts";
import type { DataLake } from "../lake/data-lake.ts";
import type { GlueTable } from "../lake/glue-table.ts";
import { checkedName, deliveryStreamName } from "../naming/names.ts";
import { ServiceRole } from "../policy/service-role.ts";
import { deliveryFolders } from "./delivery-folders.ts";
import { deliveryPermissions } from "./delivery-permissions.ts";
import type { TransformFunction } from "./transform-function.ts";

export interface DeliveryStreamArgs {
  /** The environment: its name, region, protection, buffering and log retention. */
  environment: Environment;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Part of the stream's name: "readings". */
  part: string;
  /** Where it writes. */
  lake: DataLake;
  /** The landing table: its schema, and its folder in the bucket. */
  table: GlueTable;
  /** What turns its records into rows of the table. */
  transform: TransformFunction;
  /** Whether the records are kept as they came, too: the channel. It can never be turned off again. */
  keepRaw: boolean;
}

/** Firehose developer guide, "Record format conversion": less than 64 MiB is refused, compression is the format's own. */
const leastConvertedMegabytes = 64;

/**
 * A delivery stream into a landing table: transforms its records, converts them to Parquet by the table's schema and
 * writes them by date of arrival; what fails goes to the error prefix.
 */
export class DeliveryStream extends pulumi.ComponentResource {
  /** Name of the stream. */
  readonly streamName: pulumi.Output<string>;
  /** ARN of the stream. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: DeliveryStreamArgs, opts?: pulumi.ComponentResourceOptions) {
    super("metercast:ingestion:DeliveryStream", name, { environment: args.environment.name, part: args.part }, opts);
    const { environment, lake, table, transform } = args;
    const { bufferMegabytes, bufferSeconds, logRetentionDays } = environment.ingestion;
    if (bufferMegabytes < leastConvertedMegabytes) {
      throw new pulumi.ResourceError(
        `ingestion.bufferMegabytes is ${bufferMegabytes}: Firehose converts to Parquet from ${leastConvertedMegabytes} on`,
        this,
      );
    }
    const streamName = deliveryStreamName(environment.name, args.part);
    const folders = deliveryFolders(table.plan.folder, args.keepRaw);
    const buffering = { bufferingSize: bufferMegabytes, bufferingInterval: bufferSeconds };
    const child = { parent: this };

    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      {
        name: checkedName("aws:cloudwatch/logGroup:LogGroup", `/aws/kinesisfirehose/${streamName}`),
        retentionInDays: logRetentionDays,
      },
      child,
    );
    const deliveryLog = createLogStream("delivery");
    const channelLog = args.keepRaw ? createLogStream("channel") : undefined;
    const role = createRole();
    const stream = createStream();

    this.streamName = stream.name;
    this.arn = stream.arn;
    this.registerOutputs({ streamName: this.streamName, arn: this.arn });

    function createLogStream(part: string) {
      return new aws.cloudwatch.LogStream(
        `${name}-${part}`,
        { name: checkedName("aws:cloudwatch/logStream:LogStream", part), logGroupName: logGroup.name },
        child,
      );
    }

    function logTo(logStream: aws.cloudwatch.LogStream) {
      return { enabled: true, logGroupName: logGroup.name, logStreamName: logStream.name };
    }

    function createRole() {
      return new ServiceRole(
        `${name}-role`,
        {
          environment: environment.name,
          part: `${args.part}-delivery`,
          service: "firehose",
          accountId: args.accountId,
          statements: pulumi
            .output({
              accountId: args.accountId,
              bucketArn: lake.bucketArn,
              database: table.databaseName,
              table: table.tableName,
              functionArn: transform.functionArn,
              logStreamArns: pulumi.all(
                [deliveryLog, ...(channelLog === undefined ? [] : [channelLog])].map((log) => log.arn),
              ),
            })
            .apply((resources) => deliveryPermissions({ ...resources, region: environment.region, folders })),
        },
        child,
      );
    }

    function createStream() {
      return new aws.kinesis.FirehoseDeliveryStream(
        name,
        {
          name: streamName,
          destination: "extended_s3",
          serverSideEncryption: { enabled: true, keyType: "AWS_OWNED_CMK" },
          extendedS3Configuration: {
            bucketArn: lake.bucketArn,
            roleArn: role.arn,
            prefix: folders.prefix,
            errorOutputPrefix: folders.errorPrefix,
            ...buffering,
            compressionFormat: "UNCOMPRESSED",
            cloudwatchLoggingOptions: logTo(deliveryLog),
            processingConfiguration: {
              enabled: true,
              // Parameters that equal Firehose's defaults are not kept in its answer, so that naming one of them would
              // show as a change for ever.
              processors: [
                {
                  type: "Lambda",
                  parameters: [{ parameterName: "LambdaArn", parameterValue: transform.versionArn }],
                },
              ],
            },
            dataFormatConversionConfiguration: {
              inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
              outputFormatConfiguration: { serializer: { parquetSerDe: { compression: "SNAPPY" } } },
              schemaConfiguration: {
                databaseName: table.databaseName,
                tableName: table.tableName,
                region: environment.region,
                roleArn: role.arn,
              },
            },
            ...(folders.channel === undefined || channelLog === undefined
              ? {}
              : {
                  s3BackupMode: "Enabled",
                  s3BackupConfiguration: {
                    bucketArn: lake.bucketArn,
                    roleArn: role.arn,
                    prefix: folders.channel.prefix,
                    errorOutputPrefix: folders.channel.errorPrefix,
                    ...buffering,
                    compressionFormat: "GZIP",
                    cloudwatchLoggingOptions: logTo(channelLog),
                  },
                }),
          },
        },
        // What a stream has taken and not yet written goes with it.
        { ...child, dependsOn: [role], protect: environment.protect },
      );
    }
  }
}
