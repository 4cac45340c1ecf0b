import { accountId, arn, physicalName, stableHash, stableUuid, text, type Declaration } from "./declaration.ts";
import { GraphError } from "./graph-error.ts";

type Form<T> = (declaration: Declaration) => T;

/** What AWS answers for a resource of a type, besides its inputs. */
interface Formation {
  id: Form<string>;
  outputs: Record<string, Form<unknown>>;
}

/** Most resources: the id is the physical name. */
function named(form: (name: string, declaration: Declaration) => string, more: Formation["outputs"] = {}): Formation {
  return {
    id: physicalName,
    outputs: {
      name: (declaration) => physicalName(declaration),
      arn: (declaration) => form(physicalName(declaration), declaration),
      ...more,
    },
  };
}

/** The same, where AWS's id is the ARN. */
function namedByArn(
  form: (name: string, declaration: Declaration) => string,
  more: Formation["outputs"] = {},
): Formation {
  const formation = named(form, more);
  return { ...formation, id: (declaration) => form(physicalName(declaration), declaration) };
}

/** A part of another resource, with no name of its own. */
function partOf(id: Form<string>, outputs: Formation["outputs"] = {}): Formation {
  return { id, outputs };
}

const bucketSetting = partOf((declaration) => text(declaration, "bucket"));
const catalogId: Form<string> = ({ inputs }) =>
  typeof inputs["catalogId"] === "string" ? inputs["catalogId"] : accountId;
const functionArn: Form<string> = (declaration) =>
  arn("lambda", declaration.region, `function:${physicalName(declaration)}`);
// A version is published only when it is asked for; without, AWS answers $LATEST.
const functionVersion: Form<string> = ({ inputs }) => (inputs["publish"] === true ? "1" : "$LATEST");
const statementId: Form<string> = (declaration) =>
  declaration.inputs["statementId"] === undefined
    ? `${declaration.name}-${stableHash(declaration, 7)}`
    : text(declaration, "statementId");
/** A function has one URL: its name tells it from others, under the real engine as well. */
const urlId: Form<string> = (declaration) =>
  stableHash({ ...declaration, path: text(declaration, "functionName") }, 32);
const subscriptionArn: Form<string> = (declaration) => `${text(declaration, "topic")}:${stableUuid(declaration)}`;
const scheduleGroup: Form<string> = (declaration) =>
  declaration.inputs["groupName"] === undefined ? "default" : text(declaration, "groupName");
const queueUrl: Form<string> = (declaration) =>
  `https://sqs.${declaration.region}.amazonaws.com/${accountId}/${physicalName(declaration)}`;

/** What QuickSight knows by an id that the program gives: the provider's id has the account before it. */
function quickSight(idKey: string, kind: string): Formation {
  return partOf((declaration) => `${accountId},${text(declaration, idKey)}`, {
    arn: (declaration) => arn("quicksight", declaration.region, `${kind}/${text(declaration, idKey)}`),
  });
}

/** The properties that make up a type's primary identifier: CloudFormation registry, `primaryIdentifier` of its schema. */
const primaryIdentifiers: Readonly<Record<string, readonly string[]>> = {
  "AWS::QuickSight::Dashboard": ["AwsAccountId", "DashboardId"],
};

function primaryIdentifier(declaration: Declaration): string {
  const type = text(declaration, "typeName");
  const names = primaryIdentifiers[type];
  if (names === undefined) {
    throw new GraphError(
      `${declaration.type} "${declaration.name}": nobody has decided what identifies a ${type}: add it to graph/outputs.ts`,
      { type: declaration.type, resource: declaration.name },
    );
  }
  const state = JSON.parse(text(declaration, "desiredState")) as Record<string, unknown>;
  return names.map((name) => String(state[name])).join("|");
}

/**
 * One entry per resource type that a program may declare. ARNs: the Service Authorization Reference's resource types; ids: as
 * the provider's import sections give them. What only AWS can know (dates, code sizes) is left out on purpose: reading it is
 * an error.
 */
const formations: Record<string, Formation> = {
  "pulumi:providers:aws": partOf(stableUuid),

  "aws:iot/thingType:ThingType": named((name, { region }) => arn("iot", region, `thingtype/${name}`)),
  "aws:iot/thing:Thing": named((name, { region }) => arn("iot", region, `thing/${name}`), {
    defaultClientId: (declaration) => physicalName(declaration),
  }),
  "aws:iot/thingGroup:ThingGroup": named((name, { region }) => arn("iot", region, `thinggroup/${name}`)),
  "aws:iot/thingGroupMembership:ThingGroupMembership": partOf(
    (declaration) => `${text(declaration, "thingGroupName")}/${text(declaration, "thingName")}`,
  ),
  "aws:iot/policy:Policy": named((name, { region }) => arn("iot", region, `policy/${name}`), {
    defaultVersionId: () => "1",
  }),
  "aws:iot/policyAttachment:PolicyAttachment": partOf(
    (declaration) => `${text(declaration, "policy")}|${text(declaration, "target")}`,
  ),
  "aws:iot/topicRule:TopicRule": named((name, { region }) => arn("iot", region, `rule/${name}`)),

  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": namedByArn((name, { region }) =>
    arn("firehose", region, `deliverystream/${name}`),
  ),

  "aws:lambda/function:Function": named((_, declaration) => functionArn(declaration), {
    version: functionVersion,
    qualifiedArn: (declaration) => `${functionArn(declaration)}:${functionVersion(declaration)}`,
    invokeArn: (declaration) =>
      `arn:aws:apigateway:${declaration.region}:lambda:path/2015-03-31/functions/${functionArn(declaration)}/invocations`,
  }),
  "aws:lambda/permission:Permission": partOf(statementId, { statementId }),

  "aws:lambda/functionUrl:FunctionUrl": partOf((declaration) => text(declaration, "functionName"), {
    urlId,
    functionUrl: (declaration) => `https://${urlId(declaration)}.lambda-url.${declaration.region}.on.aws/`,
    functionArn: (declaration) => arn("lambda", declaration.region, `function:${text(declaration, "functionName")}`),
  }),

  "aws:quicksight/dataSource:DataSource": quickSight("dataSourceId", "datasource"),
  "aws:quicksight/dataSet:DataSet": quickSight("dataSetId", "dataset"),
  "aws:quicksight/theme:Theme": quickSight("themeId", "theme"),
  // The id is the type's primary identifier, its parts joined by |; a dashboard's are account and dashboard id.
  "aws:cloudcontrol/resource:Resource": partOf(primaryIdentifier),

  "aws:sesv2/emailIdentity:EmailIdentity": partOf((declaration) => text(declaration, "emailIdentity"), {
    arn: (declaration) => arn("ses", declaration.region, `identity/${text(declaration, "emailIdentity")}`),
  }),

  "aws:cloudwatch/logGroup:LogGroup": named((name, { region }) => arn("logs", region, `log-group:${name}`)),
  "aws:cloudwatch/logStream:LogStream": named((name, declaration) =>
    arn("logs", declaration.region, `log-group:${text(declaration, "logGroupName")}:log-stream:${name}`),
  ),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named((name, { region }) => arn("cloudwatch", region, `alarm:${name}`)),

  "aws:iam/role:Role": named((name, { inputs }) => arn("iam", "", `role${pathOf(inputs)}${name}`)),
  "aws:iam/rolePolicy:RolePolicy": partOf(
    (declaration) => `${text(declaration, "role")}:${physicalName(declaration)}`,
    { name: (declaration) => physicalName(declaration) },
  ),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": partOf(
    (declaration) => `${text(declaration, "role")}/${text(declaration, "policyArn")}`,
  ),
  "aws:iam/policy:Policy": namedByArn((name, { inputs }) => arn("iam", "", `policy${pathOf(inputs)}${name}`)),

  "aws:s3/bucket:Bucket": {
    id: (declaration) => physicalName(declaration, "bucket"),
    outputs: {
      bucket: (declaration) => physicalName(declaration, "bucket"),
      arn: (declaration) => `arn:aws:s3:::${physicalName(declaration, "bucket")}`,
      bucketDomainName: (declaration) => `${physicalName(declaration, "bucket")}.s3.amazonaws.com`,
      bucketRegionalDomainName: (declaration) =>
        `${physicalName(declaration, "bucket")}.s3.${declaration.region}.amazonaws.com`,
      bucketRegion: ({ region }) => region,
    },
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketSetting,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucketSetting,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketSetting,
  "aws:s3/bucketVersioning:BucketVersioning": bucketSetting,
  "aws:s3/bucketPolicy:BucketPolicy": bucketSetting,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketSetting,
  "aws:s3/bucketLogging:BucketLogging": bucketSetting,
  "aws:s3/bucketNotification:BucketNotification": bucketSetting,
  "aws:s3/bucketObjectv2:BucketObjectv2": partOf(
    (declaration) => `${text(declaration, "bucket")}/${text(declaration, "key")}`,
    { arn: (declaration) => `arn:aws:s3:::${text(declaration, "bucket")}/${text(declaration, "key")}` },
  ),

  "aws:glue/catalogDatabase:CatalogDatabase": {
    id: (declaration) => `${catalogId(declaration)}:${physicalName(declaration)}`,
    outputs: {
      name: (declaration) => physicalName(declaration),
      arn: (declaration) => arn("glue", declaration.region, `database/${physicalName(declaration)}`),
      catalogId,
    },
  },
  "aws:glue/catalogTable:CatalogTable": {
    id: (declaration) => `${catalogId(declaration)}:${text(declaration, "databaseName")}:${physicalName(declaration)}`,
    outputs: {
      name: (declaration) => physicalName(declaration),
      arn: (declaration) =>
        arn("glue", declaration.region, `table/${text(declaration, "databaseName")}/${physicalName(declaration)}`),
      catalogId,
    },
  },

  "aws:athena/workgroup:Workgroup": named((name, { region }) => arn("athena", region, `workgroup/${name}`)),
  "aws:athena/namedQuery:NamedQuery": partOf(stableUuid, { name: (declaration) => physicalName(declaration) }),

  "aws:sfn/stateMachine:StateMachine": namedByArn((name, { region }) => arn("states", region, `stateMachine:${name}`)),
  "aws:scheduler/scheduleGroup:ScheduleGroup": named((name, { region }) =>
    arn("scheduler", region, `schedule-group/${name}`),
  ),
  "aws:scheduler/schedule:Schedule": {
    id: (declaration) => `${scheduleGroup(declaration)}/${physicalName(declaration)}`,
    outputs: {
      name: (declaration) => physicalName(declaration),
      arn: (declaration) =>
        arn("scheduler", declaration.region, `schedule/${scheduleGroup(declaration)}/${physicalName(declaration)}`),
      groupName: scheduleGroup,
    },
  },

  "aws:kms/key:Key": partOf(stableUuid, {
    keyId: stableUuid,
    arn: (declaration) => arn("kms", declaration.region, `key/${stableUuid(declaration)}`),
  }),
  "aws:kms/alias:Alias": named((name, { region }) => arn("kms", region, name)),

  "aws:sns/topic:Topic": namedByArn((name, { region }) => arn("sns", region, name), { owner: () => accountId }),
  "aws:sns/topicPolicy:TopicPolicy": partOf((declaration) => text(declaration, "arn"), { owner: () => accountId }),
  "aws:sns/topicSubscription:TopicSubscription": partOf(subscriptionArn, {
    arn: subscriptionArn,
    ownerId: () => accountId,
  }),
  "aws:sqs/queue:Queue": {
    id: queueUrl,
    outputs: {
      name: (declaration) => physicalName(declaration),
      arn: (declaration) => arn("sqs", declaration.region, physicalName(declaration)),
      url: queueUrl,
    },
  },
  "aws:sqs/queuePolicy:QueuePolicy": partOf((declaration) => text(declaration, "queueUrl")),
};

/** The types that have an entry. */
export const knownTypes: readonly string[] = Object.keys(formations);

/** Outputs that every resource has that declares them. */
const shared: Formation["outputs"] = {
  region: ({ region }) => region,
  tagsAll: ({ defaultTags, inputs }) => ({ ...(defaultTagsOf(inputs) ?? defaultTags), ...tagsOf(inputs) }),
};

/** The names of the outputs that are formed for a type; throws GraphError for a type that has no entry. */
export function formedOutputs(type: string, resource: string): ReadonlySet<string> {
  return new Set([...Object.keys(shared), ...Object.keys(formation(type, resource).outputs)]);
}

/** The id and the outputs that AWS would give; of the shared outputs those among `declared`. */
export function formOutputs(
  declaration: Declaration,
  declared: ReadonlySet<string>,
): { id: string; outputs: Record<string, unknown> } {
  const { id, outputs } = formation(declaration.type, declaration.name);
  const forms = Object.entries({ ...shared, ...outputs }).filter(([key]) => key in outputs || declared.has(key));
  return {
    id: id(declaration),
    outputs: Object.fromEntries(forms.map(([key, form]) => [key, form(declaration)])),
  };
}

function formation(type: string, resource: string): Formation {
  const found = formations[type];
  if (found !== undefined) return found;
  throw new GraphError(
    `${type} "${resource}": nobody has decided what AWS would answer for this type: ` +
      `add its id and outputs to graph/outputs.ts, so that what depends on it does not lose them`,
    { type, resource },
  );
}

function pathOf(inputs: Record<string, unknown>): string {
  return typeof inputs["path"] === "string" ? inputs["path"] : "/";
}

/** The default tags that a resource has in place of its provider's. */
function defaultTagsOf({ overrideProvider }: Record<string, unknown>): Record<string, unknown> | undefined {
  if (typeof overrideProvider !== "object" || overrideProvider === null) return undefined;
  const { defaultTags } = overrideProvider as { defaultTags?: Record<string, unknown> };
  return defaultTags === undefined ? undefined : tagsOf(defaultTags);
}

function tagsOf(inputs: Record<string, unknown>): Record<string, unknown> {
  const { tags } = inputs;
  return typeof tags === "object" && tags !== null && !Array.isArray(tags) ? { ...tags } : {};
}
