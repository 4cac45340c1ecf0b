/** Where a program is deployed. */
export interface Place {
  region: string;
  accountId: string;
}

/** The services that act with the program's roles. */
export type ServicePrincipal =
  | "firehose.amazonaws.com"
  | "iot.amazonaws.com"
  | "lambda.amazonaws.com"
  | "quicksight.amazonaws.com"
  | "sagemaker.amazonaws.com"
  | "scheduler.amazonaws.com"
  | "states.amazonaws.com";

/** Values of condition keys, by the key in lower case: IAM does not tell the cases apart. */
export type Context = Readonly<Record<string, string>>;

/** A call that one resource makes to another. */
export interface Call<Target> {
  /** What the caller's role must allow, all of it ... */
  actions: readonly string[];
  /** ... on all of these. */
  resources: (target: Target, place: Place) => readonly string[];
  /** Condition keys that this call has beside those that every call has. */
  context?: (target: Target) => Context;
  /**
   * Actions that AWS's guides ask for and that nothing on this machine can need, each with the reason. A role without one
   * is told about, and what it does goes on.
   */
  unneeded?: Readonly<Record<string, string>>;
  /** What the caller wants of it, for a sentence. */
  purpose: string;
  /** Where AWS says so. */
  source: string;
}

function call<Target>(row: Call<Target>): Call<Target> {
  return row;
}

const inPlace = (service: string, { region, accountId }: Place, resource: string) =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;
const streamArn = (stream: string, place: Place) => inPlace("firehose", place, `deliverystream/${stream}`);
const logStreamArn = ({ logGroup, logStream }: LogTarget, place: Place) =>
  inPlace("logs", place, `log-group:${logGroup}:log-stream:${logStream}`);

const bucketArn = (bucket: string) => `arn:aws:s3:::${bucket}`;
const objectArn = (bucket: string, key: string) => `${bucketArn(bucket)}/${key}`;
const glueArns = ({ database, table }: GlueTarget, place: Place) =>
  ["catalog", `database/${database}`, ...(table === undefined ? [] : [`table/${database}/${table}`])].map((one) =>
    inPlace("glue", place, one),
  );
const workgroupArn = (workgroup: string, place: Place) => inPlace("athena", place, `workgroup/${workgroup}`);
const ingestionArn = ({ dataSet, ingestion }: IngestionTarget, place: Place) =>
  inPlace("quicksight", place, `dataset/${dataSet}/ingestion/${ingestion}`);
const jobArn = (job: string, place: Place) => inPlace("sagemaker", place, `processing-job/${job}`);

/** Actions on uploads in parts. */
const withoutParts = {
  "s3:AbortMultipartUpload": "an object is written in one piece, so no upload in parts is ever given up",
  "s3:ListBucketMultipartUploads": "an object is written in one piece, so there are no uploads in parts to look for",
  "s3:ListMultipartUploadParts": "an object is written in one piece, so there are no parts to look for",
};

const onlyDeclared = "nobody makes data sets by hand here";

/** An object of a bucket. */
export interface ObjectTarget {
  bucket: string;
  key: string;
}

/** Objects of a bucket by the start of their keys; undefined where the request does not name one. */
export interface ListTarget {
  bucket: string;
  prefix: string | undefined;
}

/** A database of the Glue catalog, or a table of it. */
export interface GlueTarget {
  database: string;
  table?: string;
}

const prefixOf = ({ prefix }: ListTarget): Context => (prefix === undefined ? {} : { "s3:prefix": prefix });

/** An ingestion of a data set of QuickSight. */
export interface IngestionTarget {
  /** Their ids. */
  dataSet: string;
  ingestion: string;
}

/** A log stream of CloudWatch Logs. */
export interface LogTarget {
  logGroup: string;
  logStream: string;
}

/** Every call between resources that the simulator knows. */
export const calls = {
  rulePutsRecord: call<{ stream: string }>({
    actions: ["firehose:PutRecord"],
    resources: ({ stream }, place) => [streamArn(stream, place)],
    purpose: "to put its records",
    source: "AWS IoT developer guide, Data Firehose rule action, Requirements",
  }),
  ruleReportsFailure: call<{ stream: string }>({
    actions: ["firehose:PutRecord"],
    resources: ({ stream }, place) => [streamArn(stream, place)],
    purpose: "for its error action",
    source: "AWS IoT developer guide, Error handling (error action): an action like any other",
  }),
  streamInvokesFunction: call<{ functionArn: string }>({
    actions: ["lambda:InvokeFunction", "lambda:GetFunctionConfiguration"],
    resources: ({ functionArn }) => [functionArn],
    unneeded: {
      "lambda:GetFunctionConfiguration": "a function's timeout is read from its declaration, not asked of Lambda",
    },
    purpose: "to transform its records",
    source: "Firehose developer guide, Controlling access, Grant Firehose access to an Amazon S3 destination",
  }),
  streamReadsSchema: call<{ database: string; table: string }>({
    actions: ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"],
    resources: glueArns,
    purpose: "to convert its records",
    source:
      "Firehose developer guide, Controlling access, Grant Firehose access to AWS Glue for data format conversion; Glue developer guide, Specifying AWS Glue resource ARNs: what is done to a table takes its database and the catalog too",
  }),
  streamFindsBucket: call<{ bucket: string }>({
    actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
    resources: ({ bucket }) => [bucketArn(bucket)],
    unneeded: withoutParts,
    purpose: "to write its objects",
    source: "Firehose developer guide, Controlling access, Grant Firehose access to an Amazon S3 destination",
  }),
  streamWritesObject: call<{ bucket: string; key: string }>({
    actions: ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"],
    resources: ({ bucket, key }) => [objectArn(bucket, key)],
    unneeded: { ...withoutParts, "s3:GetObject": "no delivery reads an object back" },
    purpose: "to write its objects",
    source: "Firehose developer guide, Controlling access, Grant Firehose access to an Amazon S3 destination",
  }),
  streamLogsError: call<LogTarget>({
    actions: ["logs:PutLogEvents"],
    resources: (target, place) => [logStreamArn(target, place)],
    purpose: "to log its errors",
    source: "Firehose developer guide, Monitor Firehose using CloudWatch Logs",
  }),
  functionLogs: call<LogTarget>({
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: (target, place) => [logStreamArn(target, place)],
    purpose: "to write its log",
    source: "Lambda developer guide, Sending Lambda function logs to CloudWatch Logs, Required IAM permissions",
  }),
  functionPutsRecord: call<{ stream: string }>({
    actions: ["firehose:PutRecord"],
    resources: ({ stream }, place) => [streamArn(stream, place)],
    purpose: "as its code asks",
    source: "Service authorization reference, Actions for Amazon Data Firehose",
  }),
  functionPutsRecordBatch: call<{ stream: string }>({
    actions: ["firehose:PutRecordBatch"],
    resources: ({ stream }, place) => [streamArn(stream, place)],
    purpose: "as its code asks",
    source: "Service authorization reference, Actions for Amazon Data Firehose",
  }),
  functionInvokes: call<{ functionArn: string }>({
    actions: ["lambda:InvokeFunction"],
    resources: ({ functionArn }) => [functionArn],
    purpose: "as its code asks",
    source: "Lambda API reference, Invoke: requires permission for the lambda:InvokeFunction action",
  }),
  machineInvokesFunction: call<{ functionArn: string }>({
    actions: ["lambda:InvokeFunction"],
    resources: ({ functionArn }) => [functionArn],
    purpose: "for a task",
    source: "Step Functions developer guide, Invoke an AWS Lambda function with Step Functions, IAM permissions",
  }),
  machineLogs: call<object>({
    actions: [
      "logs:CreateLogDelivery",
      "logs:GetLogDelivery",
      "logs:UpdateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:DescribeResourcePolicies",
      "logs:DescribeLogGroups",
    ],
    resources: () => ["*"],
    purpose: "to log its executions",
    source: "Step Functions developer guide, Using CloudWatch Logs to log execution history, IAM policies for logging",
  }),
  scheduleStartsExecution: call<{ machineArn: string }>({
    actions: ["states:StartExecution"],
    resources: ({ machineArn }) => [machineArn],
    purpose: "to start its executions",
    source: "EventBridge Scheduler user guide, Using templated targets, Step Functions StartExecution",
  }),
  scheduleInvokesFunction: call<{ functionArn: string }>({
    actions: ["lambda:InvokeFunction"],
    resources: ({ functionArn }) => [functionArn],
    purpose: "to invoke its function",
    source:
      "EventBridge Scheduler user guide, Using templated targets, Lambda Invoke; Lambda developer guide, Invoke a Lambda function on a schedule: it invokes asynchronously",
  }),
  scheduleSendsDeadLetter: call<{ queueArn: string }>({
    actions: ["sqs:SendMessage"],
    resources: ({ queueArn }) => [queueArn],
    purpose: "to keep what it could not start",
    source: "EventBridge Scheduler user guide, Configuring a dead-letter queue, Set up execution role permissions",
  }),
  readsObject: call<ObjectTarget>({
    actions: ["s3:GetObject"],
    resources: ({ bucket, key }) => [objectArn(bucket, key)],
    purpose: "to read an object",
    source: "S3 API reference, GetObject, HeadObject, Permissions; CopyObject, Permissions, of its source",
  }),
  writesObject: call<ObjectTarget>({
    actions: ["s3:PutObject"],
    resources: ({ bucket, key }) => [objectArn(bucket, key)],
    purpose: "to write an object",
    source: "S3 API reference, PutObject, CopyObject, Permissions",
  }),
  deletesObject: call<ObjectTarget>({
    actions: ["s3:DeleteObject"],
    resources: ({ bucket, key }) => [objectArn(bucket, key)],
    purpose: "to delete an object",
    source: "S3 API reference, DeleteObject, DeleteObjects, Permissions",
  }),
  listsObjects: call<ListTarget>({
    actions: ["s3:ListBucket"],
    resources: ({ bucket }) => [bucketArn(bucket)],
    context: prefixOf,
    purpose: "to list objects",
    source: "S3 API reference, ListObjectsV2, Permissions; S3 user guide, Bucket policy examples using condition keys",
  }),
  missesObject: call<ObjectTarget>({
    actions: ["s3:ListBucket"],
    resources: ({ bucket }) => [bucketArn(bucket)],
    purpose: "to be told that an object is not there",
    source:
      "S3 API reference, GetObject, Permissions: who may not list is answered 403 for an object that is not there",
  }),
  startsQuery: call<{ workgroup: string }>({
    actions: ["athena:StartQueryExecution"],
    resources: ({ workgroup }, place) => [workgroupArn(workgroup, place)],
    purpose: "to start a query",
    source: "Service authorization reference, Actions for Amazon Athena",
  }),
  followsQuery: call<{ workgroup: string }>({
    actions: ["athena:GetQueryExecution"],
    resources: ({ workgroup }, place) => [workgroupArn(workgroup, place)],
    purpose: "to follow a query",
    source: "Service authorization reference, Actions for Amazon Athena",
  }),
  readsQueryResults: call<{ workgroup: string }>({
    actions: ["athena:GetQueryResults"],
    resources: ({ workgroup }, place) => [workgroupArn(workgroup, place)],
    purpose: "to read a query's results",
    source: "Service authorization reference, Actions for Amazon Athena",
  }),
  stopsQuery: call<{ workgroup: string }>({
    actions: ["athena:StopQueryExecution"],
    resources: ({ workgroup }, place) => [workgroupArn(workgroup, place)],
    purpose: "to stop a query",
    source: "Service authorization reference, Actions for Amazon Athena",
  }),
  queryFindsCatalog: call<object>({
    actions: ["athena:GetDataCatalog"],
    resources: (_, place) => [inPlace("athena", place, "datacatalog/AwsDataCatalog")],
    purpose: "to run a query",
    source: "Step Functions developer guide, Run Athena queries with Step Functions, IAM policies",
  }),
  queryFindsDefaultDatabase: call<object>({
    actions: ["glue:GetDatabase"],
    resources: (_, place) => glueArns({ database: "default" }, place),
    purpose: "to run a query",
    source:
      "Athena user guide, Configure access to databases and tables in the AWS Glue Data Catalog: the database default is asked for by every caller",
  }),
  queryReadsDatabase: call<{ database: string }>({
    actions: ["glue:GetDatabase"],
    resources: ({ database }, place) => glueArns({ database }, place),
    purpose: "to run a query",
    source: "Athena user guide, Configure access to databases and tables in the AWS Glue Data Catalog",
  }),
  queryReadsTable: call<Required<GlueTarget>>({
    actions: ["glue:GetTable", "glue:GetTables", "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition"],
    resources: glueArns,
    unneeded: {
      "glue:GetTables": "a query names its tables",
      "glue:GetPartition": "a table's partitions are projected, not registered",
      "glue:GetPartitions": "a table's partitions are projected, not registered",
      "glue:BatchGetPartition": "a table's partitions are projected, not registered",
    },
    purpose: "to run a query",
    source: "Athena user guide, Configure access to databases and tables in the AWS Glue Data Catalog",
  }),
  queryListsData: call<ListTarget>({
    actions: ["s3:ListBucket"],
    resources: ({ bucket }) => [bucketArn(bucket)],
    context: prefixOf,
    purpose: "to read a table",
    source: "Athena user guide, Control access to Amazon S3 from Athena: Athena reads with the caller's permissions",
  }),
  queryReadsData: call<ObjectTarget>({
    actions: ["s3:GetObject"],
    resources: ({ bucket, key }) => [objectArn(bucket, key)],
    purpose: "to read a table",
    source: "Athena user guide, Control access to Amazon S3 from Athena: Athena reads with the caller's permissions",
  }),
  queryFindsResultBucket: call<{ bucket: string }>({
    actions: ["s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
    resources: ({ bucket }) => [bucketArn(bucket)],
    unneeded: withoutParts,
    purpose: "to write its results",
    source: "Athena user guide, Specify a query result location; AWS managed policy AmazonAthenaFullAccess",
  }),
  queryWritesResult: call<ObjectTarget>({
    actions: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
    resources: ({ bucket, key }) => [objectArn(bucket, key)],
    unneeded: withoutParts,
    purpose: "to write its results",
    source: "Athena user guide, Specify a query result location; AWS managed policy AmazonAthenaFullAccess",
  }),
  queryResultsAreRead: call<ObjectTarget>({
    actions: ["s3:GetObject"],
    resources: ({ bucket, key }) => [objectArn(bucket, key)],
    purpose: "to read a query's results",
    source: "Athena API reference, GetQueryResults: takes s3:GetObject on the query results location",
  }),
  createsProcessingJob: call<{ job: string }>({
    actions: ["sagemaker:CreateProcessingJob", "sagemaker:AddTags", "sagemaker:ListTags"],
    resources: ({ job }, place) => [jobArn(job, place)],
    unneeded: { "sagemaker:ListTags": "nobody reads a job's tags here" },
    purpose: "to start a processing job",
    source:
      "Service authorization reference, Actions for Amazon SageMaker; Step Functions tags what it starts (MANAGED_BY_AWS), which takes sagemaker:AddTags",
  }),
  followsProcessingJob: call<{ job: string }>({
    actions: ["sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob"],
    resources: ({ job }, place) => [jobArn(job, place)],
    purpose: "to wait for a processing job",
    source:
      "Step Functions developer guide, Create and manage Amazon SageMaker AI jobs, IAM policies, Run a Job (.sync)",
  }),
  listensToProcessingJobs: call<object>({
    actions: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
    resources: (_, place) => [inPlace("events", place, "rule/StepFunctionsGetEventsForSageMakerProcessingJobsRule")],
    purpose: "to wait for a processing job",
    source:
      "Step Functions developer guide, Create and manage Amazon SageMaker AI jobs, IAM policies, Run a Job (.sync)",
  }),
  passesRole: call<{ passedRoleArn: string; to: ServicePrincipal }>({
    actions: ["iam:PassRole"],
    resources: ({ passedRoleArn }) => [passedRoleArn],
    context: ({ to }) => ({ "iam:passedtoservice": to }),
    purpose: "to give a processing job its role",
    source: "IAM user guide, Grant a user permissions to pass a role to an AWS service",
  }),
  jobLogs: call<LogTarget>({
    actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
    resources: (target, place) => [logStreamArn(target, place)],
    unneeded: {
      "logs:CreateLogGroup": "every log group is there",
      "logs:DescribeLogStreams": "a job's log is one of its own",
    },
    purpose: "to write its log",
    source: "SageMaker developer guide, How to use SageMaker AI execution roles, CreateProcessingJob API",
  }),
  jobMeasures: call<object>({
    actions: ["cloudwatch:PutMetricData"],
    resources: () => ["*"],
    context: () => ({ "cloudwatch:namespace": "/aws/sagemaker/ProcessingJobs" }),
    unneeded: { "cloudwatch:PutMetricData": "there are no metrics here" },
    purpose: "to tell its figures",
    source: "SageMaker developer guide, How to use SageMaker AI execution roles, CreateProcessingJob API",
  }),
  jobListsInput: call<ListTarget>({
    actions: ["s3:ListBucket"],
    resources: ({ bucket }) => [bucketArn(bucket)],
    context: prefixOf,
    purpose: "to read its inputs",
    source: "SageMaker developer guide, How to use SageMaker AI execution roles, CreateProcessingJob API",
  }),
  jobPullsImage: call<{ repository: string }>({
    actions: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
    resources: ({ repository }, place) => [inPlace("ecr", place, `repository/${repository}`)],
    purpose: "to get its image",
    source: "SageMaker developer guide, How to use SageMaker AI execution roles, CreateProcessingJob API",
  }),
  jobSignsInToRegistry: call<object>({
    actions: ["ecr:GetAuthorizationToken"],
    resources: () => ["*"],
    purpose: "to get its image",
    source: "SageMaker developer guide, How to use SageMaker AI execution roles, CreateProcessingJob API",
  }),
  publishesMessage: call<{ topicArn: string }>({
    actions: ["sns:Publish"],
    resources: ({ topicArn }) => [topicArn],
    purpose: "to publish a message",
    source: "Step Functions developer guide, Publish messages to an Amazon SNS topic with Step Functions, IAM policies",
  }),
  sendsEmail: call<{ identity: string; from: string }>({
    actions: ["ses:SendEmail"],
    resources: ({ identity }, place) => [inPlace("ses", place, `identity/${identity}`)],
    context: ({ from }) => ({ "ses:fromaddress": from }),
    purpose: "to send an e-mail",
    source:
      "Service authorization reference, Actions for Amazon SES v2, SendEmail: on the sender's identity, with the condition key ses:FromAddress",
  }),
  dataSourceReadsResults: call<{ workgroup: string }>({
    actions: ["athena:GetQueryResultsStream", "athena:GetWorkGroup", "athena:StopQueryExecution"],
    resources: ({ workgroup }, place) => [workgroupArn(workgroup, place)],
    unneeded: {
      "athena:GetQueryResultsStream": "the rows go from hand to hand",
      "athena:GetWorkGroup": "the workgroup is read from its declaration",
      "athena:StopQueryExecution": "no import is given up",
    },
    purpose: "to take in the rows of a data set",
    source: "QuickSight user guide, AWS managed policies, AWSQuicksightAthenaAccess",
  }),
  dataSourceLooksThroughCatalog: call<object>({
    actions: ["athena:GetDatabase", "athena:GetTableMetadata", "athena:ListDatabases", "athena:ListTableMetadata"],
    resources: (_, place) => [inPlace("athena", place, "datacatalog/AwsDataCatalog")],
    unneeded: {
      "athena:GetDatabase": onlyDeclared,
      "athena:GetTableMetadata": onlyDeclared,
      "athena:ListDatabases": onlyDeclared,
      "athena:ListTableMetadata": onlyDeclared,
    },
    purpose: "for authors of data sets to choose tables",
    source: "QuickSight user guide, AWS managed policies, AWSQuicksightAthenaAccess",
  }),
  createsIngestion: call<IngestionTarget>({
    actions: ["quicksight:CreateIngestion"],
    resources: (target, place) => [ingestionArn(target, place)],
    purpose: "to refresh a data set",
    source:
      "Service authorization reference, Actions for Amazon QuickSight: CreateIngestion is of the resource ingestion",
  }),
  describesIngestion: call<IngestionTarget>({
    actions: ["quicksight:DescribeIngestion"],
    resources: (target, place) => [ingestionArn(target, place)],
    purpose: "to follow the refresh of a data set",
    source:
      "Service authorization reference, Actions for Amazon QuickSight: DescribeIngestion is of the resource ingestion",
  }),
};

/** Taking a role, which precedes every call (IAM user guide, "The confused deputy problem", of both guides). */
export const assumeRole = {
  action: "sts:AssumeRole",
  /** @param callerArn the resource that the service works for */
  context: (by: ServicePrincipal, callerArn: string, { accountId }: Place): Context => {
    switch (by) {
      case "iot.amazonaws.com":
        return { "aws:sourceaccount": accountId, "aws:sourcearn": callerArn };
      case "firehose.amazonaws.com":
        return { "aws:sourceaccount": accountId, "aws:sourcearn": callerArn, "sts:externalid": accountId };
      case "quicksight.amazonaws.com":
      case "sagemaker.amazonaws.com":
      case "scheduler.amazonaws.com":
      case "states.amazonaws.com":
        return { "aws:sourceaccount": accountId, "aws:sourcearn": callerArn };
      case "lambda.amazonaws.com":
        // Lambda names no source: which function may have a role is decided when the role is passed to it
        return {};
    }
  },
  source:
    "Firehose developer guide, Controlling access, Allow Firehose to assume an IAM role; AWS IoT developer guide, Cross-service confused deputy prevention; Lambda developer guide, Defining function permissions with an execution role; Step Functions developer guide, Cross-service confused deputy prevention; EventBridge Scheduler user guide, Cross-service confused deputy prevention: its source is the schedule's group; QuickSight user guide, Cross-service confused deputy prevention",
};

/** Condition keys of a call that is made with a role (IAM user guide, "AWS global condition context keys"). */
export function contextOf(roleArn: string, { region, accountId }: Place): Context {
  return {
    "aws:principalaccount": accountId,
    "aws:principalarn": roleArn,
    "aws:requestedregion": region,
    // the services call each other by TLS
    "aws:securetransport": "true",
  };
}

/** The condition keys whose values are known here, in lower case; those of a service with it. */
export const contextKeys: ReadonlySet<string> = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:requestedregion",
  "aws:securetransport",
  "aws:sourceaccount",
  "aws:sourcearn",
  "cloudwatch:namespace",
  "iam:passedtoservice",
  "s3:prefix",
  "ses:fromaddress",
  "sts:externalid",
]);
