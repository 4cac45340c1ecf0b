import type { ResourceTransformation } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";

/**
 * Whether a resource of this type takes tags, decided type by type: a new type without a decision is an error rather
 * than a resource that nobody can find in the bill.
 */
const taggable: Readonly<Record<string, boolean>> = {
  "aws:athena/workgroup:Workgroup": true,
  // Its tags are a part of its desired state, as the type that it stands for has them.
  "aws:cloudcontrol/resource:Resource": false,
  "aws:cloudwatch/logGroup:LogGroup": true,
  "aws:cloudwatch/logStream:LogStream": false,
  "aws:cloudwatch/metricAlarm:MetricAlarm": true,
  "aws:glue/catalogDatabase:CatalogDatabase": true,
  "aws:glue/catalogTable:CatalogTable": false,
  "aws:iam/policy:Policy": true,
  "aws:iam/role:Role": true,
  "aws:iam/rolePolicy:RolePolicy": false,
  "aws:iot/policy:Policy": true,
  "aws:iot/policyAttachment:PolicyAttachment": false,
  "aws:iot/thing:Thing": false,
  "aws:iot/thingGroup:ThingGroup": true,
  "aws:iot/thingGroupMembership:ThingGroupMembership": false,
  "aws:iot/thingType:ThingType": true,
  "aws:iot/topicRule:TopicRule": true,
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": true,
  "aws:lambda/function:Function": true,
  "aws:lambda/functionUrl:FunctionUrl": false,
  "aws:lambda/permission:Permission": false,
  "aws:quicksight/dataSet:DataSet": true,
  "aws:quicksight/dataSource:DataSource": true,
  "aws:quicksight/theme:Theme": true,
  "aws:s3/bucket:Bucket": true,
  // An object takes ten tags, fewer than an environment may have.
  "aws:s3/bucketObjectv2:BucketObjectv2": false,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": false,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": false,
  "aws:s3/bucketPolicy:BucketPolicy": false,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": false,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": false,
  "aws:s3/bucketVersioning:BucketVersioning": false,
  "aws:scheduler/schedule:Schedule": false,
  "aws:scheduler/scheduleGroup:ScheduleGroup": true,
  "aws:sesv2/emailIdentity:EmailIdentity": true,
  "aws:sfn/stateMachine:StateMachine": true,
  "aws:sns/topic:Topic": true,
  "aws:sns/topicSubscription:TopicSubscription": false,
  "aws:sqs/queue:Queue": true,
  // A component that runs at the provider's side: it hands its tags on to the repository that it declares.
  "awsx:ecr:Image": false,
  "awsx:ecr:Repository": true,
};

/** A resource of a type for which nobody has decided whether it takes tags. */
export class TagDecisionError extends Error {
  override readonly name = "TagDecisionError";

  constructor(type: string, resource: string) {
    super(
      `"${resource}" is an ${type}, and nobody has decided whether that takes tags: ` +
        `look for "tags" among its arguments and add the type to components/naming/tags.ts`,
    );
  }
}

/** Whether a resource of a type takes tags; undefined for what is no resource of AWS (components, the provider, the stack). */
export function takesTags(type: string, resource: string): boolean | undefined {
  if (!/^awsx?:/.test(type)) {
    return undefined;
  }
  const decision = taggable[type];
  if (decision === undefined) {
    throw new TagDecisionError(type, resource);
  }
  return decision;
}

/** The tags of an environment: our own key, and the team's from its file. */
export function environmentTags(environment: { name: string; tags: Record<string, string> }): Record<string, string> {
  // IAM compares tag keys without regard to case, so that a plain "Environment" could meet the team's "environment".
  return { ...environment.tags, "metercast:environment": environment.name };
}

/**
 * Puts the tags on every resource that takes them; a tag that the resource has already stays as it is. The provider's
 * default tags do the same in the cloud, but whoever evaluates the program without an account does not see those.
 */
export function tagging(tags: Record<string, string>): ResourceTransformation {
  return ({ type, name, props, opts }) => {
    if (takesTags(type, name) !== true) {
      return undefined;
    }
    const own = (props as { tags?: pulumi.Input<Record<string, string>> }).tags;
    const all = own === undefined ? tags : pulumi.output(own).apply((resolved) => ({ ...tags, ...resolved }));
    return { props: { ...(props as object), tags: all }, opts };
  };
}
