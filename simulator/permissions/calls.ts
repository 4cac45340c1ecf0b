/** Where a program is deployed. */
export interface Place {
  region: string;
  accountId: string;
}

/** The services that act with the program's roles. */
export type ServicePrincipal = "firehose.amazonaws.com" | "iot.amazonaws.com" | "lambda.amazonaws.com";

/** Values of condition keys, by the key in lower case: IAM does not tell the cases apart. */
export type Context = Readonly<Record<string, string>>;

/** A call that one resource makes to another. */
export interface Call<Target> {
  /** The service that makes it, with the role of the resource that it works for. */
  by: ServicePrincipal;
  /** What the role must allow, all of it ... */
  actions: readonly string[];
  /** ... on all of these. */
  resources: (target: Target, place: Place) => readonly string[];
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

/** A log stream of CloudWatch Logs. */
export interface LogTarget {
  logGroup: string;
  logStream: string;
}

/** Every call between resources that the simulator knows. */
export const calls = {
  rulePutsRecord: call<{ stream: string }>({
    by: "iot.amazonaws.com",
    actions: ["firehose:PutRecord"],
    resources: ({ stream }, place) => [streamArn(stream, place)],
    purpose: "to put its records",
    source: "AWS IoT developer guide, Data Firehose rule action, Requirements",
  }),
  ruleReportsFailure: call<{ stream: string }>({
    by: "iot.amazonaws.com",
    actions: ["firehose:PutRecord"],
    resources: ({ stream }, place) => [streamArn(stream, place)],
    purpose: "for its error action",
    source: "AWS IoT developer guide, Error handling (error action): an action like any other",
  }),
  streamInvokesFunction: call<{ functionArn: string }>({
    by: "firehose.amazonaws.com",
    actions: ["lambda:InvokeFunction", "lambda:GetFunctionConfiguration"],
    resources: ({ functionArn }) => [functionArn],
    purpose: "to transform its records",
    source: "Firehose developer guide, Controlling access, Grant Firehose access to an Amazon S3 destination",
  }),
  streamReadsSchema: call<{ database: string; table: string }>({
    by: "firehose.amazonaws.com",
    actions: ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"],
    resources: ({ database, table }, place) =>
      ["catalog", `database/${database}`, `table/${database}/${table}`].map((one) => inPlace("glue", place, one)),
    purpose: "to convert its records",
    source:
      "Firehose developer guide, Controlling access, Grant Firehose access to AWS Glue for data format conversion; Glue developer guide, Specifying AWS Glue resource ARNs: what is done to a table takes its database and the catalog too",
  }),
  streamFindsBucket: call<{ bucket: string }>({
    by: "firehose.amazonaws.com",
    actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
    resources: ({ bucket }) => [`arn:aws:s3:::${bucket}`],
    purpose: "to write its objects",
    source: "Firehose developer guide, Controlling access, Grant Firehose access to an Amazon S3 destination",
  }),
  streamWritesObject: call<{ bucket: string; key: string }>({
    by: "firehose.amazonaws.com",
    actions: ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"],
    resources: ({ bucket, key }) => [`arn:aws:s3:::${bucket}/${key}`],
    purpose: "to write its objects",
    source: "Firehose developer guide, Controlling access, Grant Firehose access to an Amazon S3 destination",
  }),
  streamLogsError: call<LogTarget>({
    by: "firehose.amazonaws.com",
    actions: ["logs:PutLogEvents"],
    resources: (target, place) => [logStreamArn(target, place)],
    purpose: "to log its errors",
    source: "Firehose developer guide, Monitor Firehose using CloudWatch Logs",
  }),
  functionLogs: call<LogTarget>({
    by: "lambda.amazonaws.com",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: (target, place) => [logStreamArn(target, place)],
    purpose: "to write its log",
    source: "Lambda developer guide, Sending Lambda function logs to CloudWatch Logs, Required IAM permissions",
  }),
  functionPutsRecord: call<{ stream: string }>({
    by: "lambda.amazonaws.com",
    actions: ["firehose:PutRecord"],
    resources: ({ stream }, place) => [streamArn(stream, place)],
    purpose: "as its code asks",
    source: "Service authorization reference, Actions for Amazon Data Firehose",
  }),
  functionPutsRecordBatch: call<{ stream: string }>({
    by: "lambda.amazonaws.com",
    actions: ["firehose:PutRecordBatch"],
    resources: ({ stream }, place) => [streamArn(stream, place)],
    purpose: "as its code asks",
    source: "Service authorization reference, Actions for Amazon Data Firehose",
  }),
  functionInvokes: call<{ functionArn: string }>({
    by: "lambda.amazonaws.com",
    actions: ["lambda:InvokeFunction"],
    resources: ({ functionArn }) => [functionArn],
    purpose: "as its code asks",
    source: "Lambda API reference, Invoke: requires permission for the lambda:InvokeFunction action",
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
      case "lambda.amazonaws.com":
        // Lambda names no source: which function may have a role is decided when the role is passed to it
        return {};
    }
  },
  source:
    "Firehose developer guide, Controlling access, Allow Firehose to assume an IAM role; AWS IoT developer guide, Cross-service confused deputy prevention; Lambda developer guide, Defining function permissions with an execution role",
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

/** The condition keys whose values are known here, in lower case. */
export const contextKeys: ReadonlySet<string> = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:requestedregion",
  "aws:securetransport",
  "aws:sourceaccount",
  "aws:sourcearn",
  "sts:externalid",
]);
