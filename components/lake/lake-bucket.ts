import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketName } from "../naming/names.ts";
import { tlsOnlyPolicy } from "../policy/policy-document.ts";
import { lifecycleRules } from "./lifecycle.ts";

export interface LakeBucketArgs {
  /** Name of the environment. */
  environment: string;
  /** Region, for the bucket's name. */
  region: string;
  /** Our account, for the bucket's name. */
  accountId: pulumi.Input<string>;
  /**
   * Whether the data are kept whatever happens to the stack: the bucket cannot be deleted or replaced, stays when it
   * leaves the stack, and keeps overwritten and deleted objects for a while. Without it, deleting the stack deletes the data.
   */
  protect: boolean;
  /** Days that raw messages are kept. */
  rawRetentionDays: number;
  /** Whether runs of state machines leave here what only they need. */
  makesDatasets: boolean;
}

/** The bucket of an environment: encrypted, by TLS only, never public, with a lifecycle. */
export class LakeBucket extends pulumi.ComponentResource {
  /** Name of the bucket. */
  readonly bucketName: pulumi.Output<string>;
  /** ARN of the bucket. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: LakeBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("metercast:lake:LakeBucket", name, { environment: args.environment }, opts);
    const parent = { parent: this };

    const bucket = new aws.s3.Bucket(
      name,
      {
        bucket: pulumi.output(args.accountId).apply((id) => bucketName(args.environment, id, args.region)),
        forceDestroy: !args.protect,
      },
      { parent: this, protect: args.protect, retainOnDelete: args.protect },
    );
    new aws.s3.BucketOwnershipControls(
      name,
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      parent,
    );
    const accessBlock = new aws.s3.BucketPublicAccessBlock(
      name,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      { bucket: bucket.bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      parent,
    );
    new aws.s3.BucketPolicy(
      name,
      { bucket: bucket.bucket, policy: bucket.arn.apply(tlsOnlyPolicy) },
      // Both calls change the bucket's policy status, and S3 refuses them at the same time (OperationAborted).
      { parent: this, dependsOn: [accessBlock] },
    );
    const versioning = args.protect
      ? [
          new aws.s3.BucketVersioning(
            name,
            { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
            parent,
          ),
        ]
      : [];
    new aws.s3.BucketLifecycleConfiguration(
      name,
      {
        bucket: bucket.bucket,
        rules: lifecycleRules({
          rawRetentionDays: args.rawRetentionDays,
          makesDatasets: args.makesDatasets,
          versioned: args.protect,
        }),
      },
      // Rules about versions that are no longer current want versioning first.
      { parent: this, dependsOn: versioning },
    );

    this.bucketName = bucket.bucket;
    this.arn = bucket.arn;
    this.registerOutputs({ bucketName: this.bucketName, arn: this.arn });
  }
}
