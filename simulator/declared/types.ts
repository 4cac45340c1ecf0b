/** Types that a part of the simulator reads from the graph by itself. */
export const typesRunElsewhere: ReadonlyMap<string, string> = new Map([
  ["aws:glue/catalogDatabase:CatalogDatabase", "athena/: a schema"],
  ["aws:iam/policy:Policy", "permissions/: what the roles that it is attached to may do"],
  ["aws:iam/role:Role", "permissions/: who may take it, and what it may do"],
  ["aws:iam/rolePolicy:RolePolicy", "permissions/: what its role may do"],
  ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "permissions/: what its role may do"],
  ["aws:lambda/permission:Permission", "permissions/: who may invoke its function"],
  ["aws:s3/bucketPolicy:BucketPolicy", "permissions/: what may be done to its bucket"],
  ["aws:sns/topicPolicy:TopicPolicy", "permissions/: who may publish to its topic"],
  ["aws:iot/thing:Thing", "broker/: whom a device policy is for"],
  ["aws:iot/policy:Policy", "broker/: what a thing may do"],
  ["aws:iot/policyAttachment:PolicyAttachment", "broker/: which groups a policy is for"],
  ["aws:iot/thingGroup:ThingGroup", "broker/: the things that a policy is for"],
  ["aws:iot/thingGroupMembership:ThingGroupMembership", "broker/: the things that a policy is for"],
]);

/** Types that need nothing on this machine, each with the reason. */
export const typesWithoutLocalMeaning: ReadonlyMap<string, string> = new Map([
  ["pulumi:providers:aws", "says in which region resources are made"],
  ["aws:cloudwatch/logGroup:LogGroup", "retention of logs"],
  [
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "judges metrics over minutes and hours, and there are none here: runs and their outcomes are listed instead",
  ],
  ["aws:cloudwatch/logStream:LogStream", "place of Firehose's own log"],
  ["aws:iot/thingType:ThingType", "describes things"],
  [
    "aws:lambda/functionUrl:FunctionUrl",
    "the address at which a server asks for a user's URL in QuickSight, which is not here: the dashboard is the page",
  ],
  ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "expiry after days"],
  ["aws:s3/bucketOwnershipControls:BucketOwnershipControls", "access lists between accounts"],
  ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "access from outside"],
  [
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "nothing is encrypted on this machine",
  ],
  ["aws:s3/bucketVersioning:BucketVersioning", "old versions of objects"],
]);
