import { createHash } from "node:crypto";

/** A physical name that AWS would refuse, or a type of resource whose names nobody has decided about. */
export class NameError extends Error {
  override readonly name = "NameError";
  /** Pulumi type of the resource. */
  readonly type: string;
  /** The name in question. */
  readonly physicalName: string;

  constructor(type: string, physicalName: string, message: string) {
    super(message);
    this.type = type;
    this.physicalName = physicalName;
  }
}

interface Rule {
  /** Longest name, in characters. */
  longest: number;
  /** What the whole name must match. */
  pattern: RegExp;
  /** The pattern in words, for the message. */
  allowed: string;
}

const words: Pick<Rule, "pattern" | "allowed"> = {
  pattern: /^[A-Za-z0-9_.-]+$/,
  allowed: "letters, digits, _, . and -",
};
const identifier: Pick<Rule, "pattern" | "allowed"> = {
  pattern: /^[a-z0-9_]+$/,
  allowed: "lower-case letters, digits and _",
};
const registry: Rule = { longest: 128, pattern: /^[A-Za-z0-9:_-]+$/, allowed: "letters, digits, :, _ and -" };

const quickSight: Rule = { longest: 128, pattern: /^[A-Za-z0-9_-]+$/, allowed: "letters, digits, _ and -" };

/** Lengths and alphabets by the API reference of each service (the request that creates the resource). */
const rules: Record<string, Rule> = {
  // Amazon S3 user guide, "General purpose bucket naming rules".
  "aws:s3/bucket:Bucket": {
    longest: 63,
    pattern: /^[a-z0-9][a-z0-9-]+[a-z0-9]$/,
    allowed: "lower-case letters, digits and -, a letter or digit at both ends",
  },
  // Glue API, CreateDatabase and CreateTable; Athena takes lower case and _ without quoting.
  "aws:glue/catalogDatabase:CatalogDatabase": { longest: 255, ...identifier },
  "aws:glue/catalogTable:CatalogTable": { longest: 255, ...identifier },
  // Athena API, CreateWorkGroup.
  "aws:athena/workgroup:Workgroup": { longest: 128, ...words },
  // Firehose API, CreateDeliveryStream.
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": { longest: 64, ...words },
  // Lambda API, CreateFunction.
  "aws:lambda/function:Function": {
    longest: 64,
    pattern: /^[A-Za-z0-9_-]+$/,
    allowed: "letters, digits, _ and -",
  },
  // IAM API, CreateRole.
  "aws:iam/role:Role": { longest: 64, pattern: /^[\w+=,.@-]+$/, allowed: "letters, digits and _+=,.@-" },
  // IAM API, CreatePolicy.
  "aws:iam/policy:Policy": { longest: 128, pattern: /^[\w+=,.@-]+$/, allowed: "letters, digits and _+=,.@-" },
  // CloudWatch Logs API, CreateLogGroup and CreateLogStream.
  "aws:cloudwatch/logGroup:LogGroup": {
    longest: 512,
    pattern: /^[A-Za-z0-9_./#-]+$/,
    allowed: "letters, digits and _./#-",
  },
  "aws:cloudwatch/logStream:LogStream": { longest: 512, pattern: /^[^:*]+$/, allowed: "anything but : and *" },
  // CloudWatch API, PutMetricAlarm.
  "aws:cloudwatch/metricAlarm:MetricAlarm": { longest: 255, ...words },
  // Step Functions API, CreateStateMachine.
  "aws:sfn/stateMachine:StateMachine": {
    longest: 80,
    pattern: /^[A-Za-z0-9_-]+$/,
    allowed: "letters, digits, _ and -",
  },
  // EventBridge Scheduler API, CreateScheduleGroup and CreateSchedule.
  "aws:scheduler/scheduleGroup:ScheduleGroup": { longest: 64, ...words },
  "aws:scheduler/schedule:Schedule": { longest: 64, ...words },
  // Amazon SQS API, CreateQueue.
  "aws:sqs/queue:Queue": { longest: 80, pattern: /^[A-Za-z0-9_-]+$/, allowed: "letters, digits, _ and -" },
  // Amazon SNS API, CreateTopic.
  "aws:sns/topic:Topic": { longest: 256, pattern: /^[A-Za-z0-9_-]+$/, allowed: "letters, digits, _ and -" },
  // Amazon ECR API, CreateRepository.
  "awsx:ecr:Repository": {
    longest: 256,
    pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/,
    allowed: "lower-case letters, digits and single hyphens, a letter or digit at both ends",
  },
  // Amazon S3 user guide, "Naming Amazon S3 objects".
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    longest: 1024,
    pattern: /^[A-Za-z0-9!_.*'()/=-]+$/,
    allowed: "letters, digits and !_.*'()/=-",
  },
  // QuickSight API, CreateDataSource, CreateDataSet, CreateTheme and CreateDashboard, which Cloud Control calls for us.
  "aws:quicksight/dataSource:DataSource": quickSight,
  "aws:quicksight/dataSet:DataSet": quickSight,
  "aws:quicksight/theme:Theme": quickSight,
  "aws:cloudcontrol/resource:Resource": quickSight,
  // AWS IoT API, CreateTopicRule, CreateThing, CreateThingType, CreateThingGroup, CreatePolicy.
  "aws:iot/topicRule:TopicRule": { longest: 128, pattern: /^[A-Za-z0-9_]+$/, allowed: "letters, digits and _" },
  "aws:iot/thing:Thing": registry,
  "aws:iot/thingType:ThingType": registry,
  "aws:iot/thingGroup:ThingGroup": registry,
  "aws:iot/policy:Policy": { longest: 128, pattern: /^[\w+=,.@-]+$/, allowed: "letters, digits and _+=,.@-" },
};

/** Pulumi types whose physical names the guard knows. */
export const namedTypes: readonly string[] = Object.keys(rules);

/**
 * Gives back a physical name that AWS takes for a resource of this type.
 *
 * @throws NameError when the name is too long, has a character that the service refuses, or the type is unknown here.
 */
export function checkedName(type: string, physicalName: string): string {
  const rule = rules[type];
  if (rule === undefined) {
    throw new NameError(
      type,
      physicalName,
      `nobody has decided how ${type} may be named ("${physicalName}"): add its length and alphabet to components/naming/names.ts`,
    );
  }
  if (physicalName.length > rule.longest) {
    throw new NameError(
      type,
      physicalName,
      `"${physicalName}" has ${physicalName.length} characters, a ${type} may have ${rule.longest}: ` +
        `shorten the name of the environment or the city by ${physicalName.length - rule.longest}`,
    );
  }
  if (!rule.pattern.test(physicalName)) {
    throw new NameError(type, physicalName, `"${physicalName}" is no name for a ${type}: allowed are ${rule.allowed}`);
  }
  return physicalName;
}

/**
 * The environment's name where only lower case may stand. "Dev" and "dev" are two environments, so a name with capitals
 * takes a hash of its own along.
 */
export function lowerCaseKey(environment: string): string {
  const key = environment.toLowerCase();
  return key === environment ? key : `${key}-${createHash("sha256").update(environment).digest("hex").slice(0, 6)}`;
}

/** `metercast-<environment>-<part>`: most physical names. `part` is fixed by the program, never by a file. */
export function partName(type: string, environment: string, part?: string): string {
  return checkedName(type, ["metercast", environment, ...(part === undefined ? [] : [part])].join("-"));
}

/**
 * `metercast_<environment>_<...keys>`: names that carry a key of the environment's file. Environments and keys may
 * contain hyphens and no underscores, so that no two pairs of them give one name.
 */
export function keyedName(type: string, environment: string, ...keys: string[]): string {
  return checkedName(type, ["metercast", environment, ...keys].join("_"));
}

/** The delivery stream of a part of an environment: "readings", "weather", "left-out". */
export function deliveryStreamName(environment: string, part: string): string {
  return partName("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", environment, part);
}

/** Bucket names are global: the account and the region make it the team's own. */
export function bucketName(environment: string, accountId: string, region: string): string {
  return checkedName("aws:s3/bucket:Bucket", `metercast-${lowerCaseKey(environment)}-${accountId}-${region}`);
}

/** Glue folds names to lower case, and Athena wants no hyphens. */
export function databaseName(environment: string): string {
  return checkedName(
    "aws:glue/catalogDatabase:CatalogDatabase",
    `metercast_${lowerCaseKey(environment).replaceAll("-", "_")}`,
  );
}

/** Amazon SageMaker API, CreateProcessingJob: the whole name. */
const processingJobLength = 63;

/**
 * What the names of an environment's Processing jobs begin with. A job's name goes on with a hyphen, a hash of the
 * execution's name in 32 digits, a hyphen and the number of the attempt; where the environment's name leaves no room for
 * that, a hash of its own takes its end's place.
 */
export function processingJobPrefix(environment: string): string {
  const rest = "-0123456789abcdef0123456789abcdef-9".length;
  const prefix = `metercast-${environment}`;
  if (prefix.length + rest <= processingJobLength) return prefix;
  const hash = createHash("sha256").update(environment).digest("hex").slice(0, 6);
  return `${prefix.slice(0, processingJobLength - rest - hash.length - 1).replace(/-$/, "")}-${hash}`;
}
