import { accountId } from "../../graph/index.ts";
import { capital, capitals, tags } from "./capitals.ts";
import { dashboardCounterparts } from "./dashboard-counterparts.ts";
import { converted, type Counterpart, type Fields } from "./mapping.ts";

const s3Destination: Fields = {
  ...capitals("prefix", "errorOutputPrefix", "compressionFormat"),
  bucketArn: { to: "BucketARN" },
  roleArn: { to: "RoleARN" },
  bufferingSize: { to: "BufferingHints.SizeInMBs" },
  bufferingInterval: { to: "BufferingHints.IntervalInSeconds" },
  cloudwatchLoggingOptions: {
    to: "CloudWatchLoggingOptions",
    fields: capitals("enabled", "logGroupName", "logStreamName"),
  },
};

const stream: Counterpart = {
  type: "AWS::KinesisFirehose::DeliveryStream",
  also: { DeliveryStreamType: "DirectPut" },
  fields: {
    tags,
    name: { to: "DeliveryStreamName" },
    // The name of the configuration says it.
    destination: "none",
    serverSideEncryption: {
      to: "DeliveryStreamEncryptionConfigurationInput",
      fields: { ...capitals("keyType"), keyArn: { to: "KeyARN" }, enabled: "none" },
    },
    extendedS3Configuration: {
      to: "ExtendedS3DestinationConfiguration",
      fields: {
        ...s3Destination,
        ...capitals("s3BackupMode", "customTimeZone", "fileExtension"),
        s3BackupConfiguration: { to: "S3BackupConfiguration", fields: s3Destination },
        processingConfiguration: {
          to: "ProcessingConfiguration",
          fields: {
            ...capitals("enabled"),
            processors: {
              to: "Processors",
              fields: {
                ...capitals("type"),
                parameters: { to: "Parameters", fields: capitals("parameterName", "parameterValue") },
              },
            },
          },
        },
        dataFormatConversionConfiguration: {
          to: "DataFormatConversionConfiguration",
          fields: {
            ...capitals("enabled"),
            inputFormatConfiguration: {
              to: "InputFormatConfiguration",
              fields: {
                deserializer: {
                  to: "Deserializer",
                  fields: {
                    openXJsonSerDe: {
                      to: "OpenXJsonSerDe",
                      fields: capitals(
                        "caseInsensitive",
                        "columnToJsonKeyMappings",
                        "convertDotsInJsonKeysToUnderscores",
                      ),
                    },
                  },
                },
              },
            },
            outputFormatConfiguration: {
              to: "OutputFormatConfiguration",
              fields: {
                serializer: {
                  to: "Serializer",
                  fields: {
                    parquetSerDe: {
                      to: "ParquetSerDe",
                      fields: capitals("compression", "blockSizeBytes", "pageSizeBytes", "writerVersion"),
                    },
                  },
                },
              },
            },
            schemaConfiguration: {
              to: "SchemaConfiguration",
              fields: {
                ...capitals("catalogId", "databaseName", "tableName", "region", "versionId"),
                roleArn: { to: "RoleARN" },
              },
            },
          },
        },
      },
    },
  },
};

const firehoseAction = capitals("deliveryStreamName", "roleArn", "separator", "batchMode");

const rule: Counterpart = {
  type: "AWS::IoT::TopicRule",
  fields: {
    tags,
    name: { to: "RuleName" },
    description: { to: "TopicRulePayload.Description" },
    sql: { to: "TopicRulePayload.Sql" },
    sqlVersion: { to: "TopicRulePayload.AwsIotSqlVersion" },
    enabled: { to: "TopicRulePayload.RuleDisabled", convert: (value) => value !== true },
    firehoses: {
      to: "TopicRulePayload.Actions",
      convert: (value) => (value as object[]).map((one) => ({ Firehose: converted(firehoseAction, "firehoses")(one) })),
    },
    errorAction: {
      to: "TopicRulePayload.ErrorAction",
      fields: { firehose: { to: "Firehose", fields: firehoseAction } },
    },
  },
};

const columns = capitals("name", "type", "comment");

const table: Counterpart = {
  type: "AWS::Glue::Table",
  also: { CatalogId: accountId },
  fields: {
    databaseName: { to: "DatabaseName" },
    ...Object.fromEntries(
      ["name", "description", "tableType", "parameters", "viewOriginalText", "viewExpandedText"].map((name) => [
        name,
        { to: `TableInput.${capital(name)}` },
      ]),
    ),
    partitionKeys: { to: "TableInput.PartitionKeys", fields: columns },
    storageDescriptor: {
      to: "TableInput.StorageDescriptor",
      fields: {
        ...capitals("location", "inputFormat", "outputFormat", "parameters"),
        columns: { to: "Columns", fields: columns },
        serDeInfo: { to: "SerdeInfo", fields: capitals("name", "parameters", "serializationLibrary") },
      },
    },
  },
};

const lambda: Counterpart = {
  type: "AWS::Lambda::Function",
  fields: {
    tags,
    ...capitals("description", "runtime", "architectures", "handler", "memorySize", "timeout", "role"),
    ...capitals("reservedConcurrentExecutions"),
    name: { to: "FunctionName" },
    // The bytes are with the program; CloudFormation would fetch them from a bucket.
    code: { to: "Code", convert: () => ({ S3Bucket: "archives", S3Key: "function.zip" }) },
    publish: "none",
    environment: { to: "Environment", fields: capitals("variables") },
    loggingConfig: {
      to: "LoggingConfig",
      fields: capitals("logFormat", "logGroup", "applicationLogLevel", "systemLogLevel"),
    },
  },
};

const stateMachine: Counterpart = {
  type: "AWS::StepFunctions::StateMachine",
  fields: {
    tags,
    ...capitals("roleArn"),
    name: { to: "StateMachineName" },
    type: { to: "StateMachineType" },
    definition: { to: "DefinitionString" },
    loggingConfiguration: {
      to: "LoggingConfiguration",
      fields: {
        ...capitals("level", "includeExecutionData"),
        logDestination: {
          to: "Destinations",
          convert: (value) => [{ CloudWatchLogsLogGroup: { LogGroupArn: value } }],
        },
      },
    },
  },
};

const schedule: Counterpart = {
  type: "AWS::Scheduler::Schedule",
  fields: {
    ...capitals("name", "groupName", "description", "scheduleExpression", "scheduleExpressionTimezone", "state"),
    flexibleTimeWindow: { to: "FlexibleTimeWindow", fields: capitals("mode", "maximumWindowInMinutes") },
    target: {
      to: "Target",
      fields: {
        ...capitals("arn", "roleArn", "input"),
        retryPolicy: { to: "RetryPolicy", fields: capitals("maximumRetryAttempts", "maximumEventAgeInSeconds") },
        deadLetterConfig: { to: "DeadLetterConfig", fields: capitals("arn") },
      },
    },
  },
};

const alarm: Counterpart = {
  type: "AWS::CloudWatch::Alarm",
  fields: {
    tags,
    ...capitals("alarmDescription", "namespace", "metricName", "statistic", "period", "evaluationPeriods"),
    ...capitals("datapointsToAlarm", "comparisonOperator", "threshold", "treatMissingData", "alarmActions"),
    name: { to: "AlarmName" },
    okActions: { to: "OKActions" },
    dimensions: {
      to: "Dimensions",
      convert: (value) => Object.entries(value as Record<string, string>).map(([Name, Value]) => ({ Name, Value })),
    },
  },
};

/** The types that are worth a mapping: those whose ranges, choices and patterns AWS would only refuse when they are made. */
export const counterparts: Readonly<Record<string, Counterpart>> = {
  ...dashboardCounterparts,
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": stream,
  "aws:iot/topicRule:TopicRule": rule,
  "aws:glue/catalogTable:CatalogTable": table,
  "aws:lambda/function:Function": lambda,
  "aws:sfn/stateMachine:StateMachine": stateMachine,
  "aws:scheduler/schedule:Schedule": schedule,
  "aws:scheduler/scheduleGroup:ScheduleGroup": {
    type: "AWS::Scheduler::ScheduleGroup",
    fields: { tags, ...capitals("name") },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
  "aws:sqs/queue:Queue": {
    type: "AWS::SQS::Queue",
    fields: {
      tags,
      ...capitals("sqsManagedSseEnabled"),
      name: { to: "QueueName" },
      messageRetentionSeconds: { to: "MessageRetentionPeriod" },
    },
  },
  "aws:sns/topic:Topic": {
    type: "AWS::SNS::Topic",
    fields: { tags, ...capitals("displayName"), name: { to: "TopicName" } },
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    type: "AWS::SNS::Subscription",
    fields: { ...capitals("protocol", "endpoint"), topic: { to: "TopicArn" } },
  },
  "aws:lambda/permission:Permission": {
    type: "AWS::Lambda::Permission",
    fields: {
      ...capitals("action", "principal", "sourceArn", "sourceAccount"),
      function: { to: "FunctionName" },
      qualifier: "none",
      statementId: "none",
    },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    type: "AWS::Logs::LogGroup",
    fields: { tags, name: { to: "LogGroupName" }, retentionInDays: { to: "RetentionInDays" } },
  },
  "aws:iot/thing:Thing": {
    type: "AWS::IoT::Thing",
    // CloudFormation's thing has no type.
    fields: { name: { to: "ThingName" }, attributes: { to: "AttributePayload.Attributes" }, thingTypeName: "none" },
  },
  "aws:iot/thingGroup:ThingGroup": {
    type: "AWS::IoT::ThingGroup",
    fields: {
      tags,
      name: { to: "ThingGroupName" },
      properties: { to: "ThingGroupProperties", fields: { description: { to: "ThingGroupDescription" } } },
    },
  },
  "aws:iot/thingType:ThingType": {
    type: "AWS::IoT::ThingType",
    fields: {
      tags,
      name: { to: "ThingTypeName" },
      properties: {
        to: "ThingTypeProperties",
        fields: { description: { to: "ThingTypeDescription" }, ...capitals("searchableAttributes") },
      },
    },
  },
};
