import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Evaluation, Graph, Resource } from "@metercast/graph";

/** Small graphs for tests: a rule, a delivery stream, a function, as the program would declare them. */

const accountId = "123456789012";
const region = "us-east-1";

export const bucket = "lake";

/** The role of every resource that is not given one of its own; it allows all that the simulator asks for. */
const roomyRole = "roomy";
export const streamType = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";

/** A folder that is gone when the tests are. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "metercast-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// one listener for each folder
process.setMaxListeners(0);

export function resource(type: string, name: string, inputs: object, outputs: object = {}): Resource {
  return {
    id: `${type}::${name}`,
    type,
    name,
    parent: null,
    component: false,
    protect: false,
    inputs: inputs as Record<string, unknown>,
    outputs: { ...inputs, ...outputs },
    references: [],
  };
}

export function graphOf(resources: Resource[], stack = "test"): Graph {
  const all = [...resources, ...role(roomyRole)];
  return { format: 1, project: "metercast", stack, region, accountId, resources: all, outputs: {} };
}

export function roleArn(name: string): string {
  return `arn:aws:iam::${accountId}:role/${name}`;
}

interface RoleSettings {
  /** A statement's elements; all that the simulator asks for without one. */
  policy?: object[];
  /** Elements of the trust policy's statement beside those that any service needs. */
  trust?: object;
}

/** A role that every service may take, with its policy. */
export function role(name: string, settings: RoleSettings = {}): Resource[] {
  const document = (statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const services = ["firehose", "iot", "lambda", "quicksight", "sagemaker", "scheduler", "states"].map(
    (service) => `${service}.amazonaws.com`,
  );
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: services }, ...settings.trust };
  const allowed = "athena ecr events firehose glue iam lambda logs quicksight s3 sagemaker ses sns sqs states";
  const actions = allowed.split(" ").map((service) => `${service}:*`);
  const policy = settings.policy ?? [{ Effect: "Allow", Action: actions, Resource: "*" }];
  return [
    resource("aws:iam/role:Role", name, { name, assumeRolePolicy: document([trust]) }, { arn: roleArn(name) }),
    resource("aws:iam/rolePolicy:RolePolicy", name, { name, role: name, policy: document(policy) }),
  ];
}

export function evaluationOf(resources: Resource[], sources: string[] = [], stack = "test"): Evaluation {
  return {
    graph: graphOf(resources, stack),
    assets: new Map(sources.map((source) => [hashOf(source), Buffer.from(source)])),
  };
}

export function bucketResource(): Resource {
  return resource("aws:s3/bucket:Bucket", bucket, { bucket }, { arn: `arn:aws:s3:::${bucket}` });
}

export interface StreamSettings {
  functionName?: string;
  table?: string;
  backup?: boolean;
  retries?: number;
  role?: string;
  log?: string;
}

export function stream(name: string, settings: StreamSettings = {}): Resource {
  const { functionName, table, backup, retries, role: roleName = roomyRole, log } = settings;
  const common = {
    bucketArn: `arn:aws:s3:::${bucket}`,
    roleArn: roleArn(roleName),
    bufferingSize: 64,
    bufferingInterval: 60,
    ...(log && { cloudwatchLoggingOptions: { enabled: true, logGroupName: `/firehose/${name}`, logStreamName: log } }),
  };
  const parameters = [
    { parameterName: "LambdaArn", parameterValue: `${functionArn(functionName ?? "")}:$LATEST` },
    ...(retries === undefined ? [] : [{ parameterName: "NumberOfRetries", parameterValue: String(retries) }]),
  ];
  const configuration = {
    ...common,
    prefix: `${name}/dt=!{timestamp:yyyy-MM-dd}/`,
    errorOutputPrefix: `errors/${name}/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/`,
    ...(functionName && { processingConfiguration: { enabled: true, processors: [{ type: "Lambda", parameters }] } }),
    ...(table && {
      dataFormatConversionConfiguration: {
        inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
        outputFormatConfiguration: { serializer: { parquetSerDe: { compression: "SNAPPY" } } },
        schemaConfiguration: { databaseName: "db", tableName: table, roleArn: roleArn(roleName) },
      },
    }),
    ...(backup && {
      s3BackupMode: "Enabled",
      s3BackupConfiguration: { ...common, prefix: `channel/${name}/`, compressionFormat: "GZIP" },
    }),
  };
  const inputs = { name, destination: "extended_s3", extendedS3Configuration: configuration };
  return resource(streamType, name, inputs, { arn: `arn:aws:firehose:${region}:${accountId}:deliverystream/${name}` });
}

export function table(name: string, columns: Record<string, string>): Resource {
  return resource("aws:glue/catalogTable:CatalogTable", name, {
    name,
    databaseName: "db",
    storageDescriptor: { columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })) },
  });
}

export interface RuleSettings {
  sql: string;
  to: string;
  errorsTo?: string;
  role?: string;
  errorRole?: string;
}

export function rule(name: string, settings: RuleSettings): Resource {
  const { sql, to, errorsTo, role: roleName = roomyRole, errorRole = roomyRole } = settings;
  const action = (deliveryStreamName: string, actionRole: string) => ({
    deliveryStreamName,
    roleArn: roleArn(actionRole),
    separator: "\n",
    batchMode: false,
  });
  return resource("aws:iot/topicRule:TopicRule", name, {
    name,
    enabled: true,
    sql,
    sqlVersion: "2016-03-23",
    firehoses: [action(to, roleName)],
    ...(errorsTo && { errorAction: { firehose: action(errorsTo, errorRole) } }),
  });
}

/** A function of one file; its source goes into the evaluation's assets too. */
export function lambda(
  name: string,
  source: string,
  settings: { timeout?: number; variables?: Record<string, string>; role?: string } = {},
): Resource {
  const inputs = {
    name,
    role: roleArn(settings.role ?? roomyRole),
    runtime: "nodejs24.x",
    handler: "index.handler",
    architectures: ["arm64"],
    code: { $archive: { "index.mjs": { $asset: hashOf(source) } } },
    timeout: settings.timeout ?? 60,
    environment: { variables: settings.variables ?? {} },
  };
  return resource("aws:lambda/function:Function", name, inputs, { arn: functionArn(name) });
}

/** A state machine. */
export function machine(name: string, definition: object, settings: { role?: string; logs?: boolean } = {}): Resource {
  const inputs = {
    name,
    definition: JSON.stringify(definition),
    roleArn: roleArn(settings.role ?? roomyRole),
    type: "STANDARD",
    ...(settings.logs && {
      loggingConfiguration: { level: "ERROR", logDestination: `arn:aws:logs:${region}:${accountId}:log-group:/m:*` },
    }),
  };
  return resource("aws:sfn/stateMachine:StateMachine", name, inputs, { arn: machineArn(name) });
}

export function machineArn(name: string): string {
  return `arn:aws:states:${region}:${accountId}:stateMachine:${name}`;
}

export function functionArn(name: string): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}

function hashOf(source: string): string {
  return createHash("sha256").update(source).digest("hex");
}
