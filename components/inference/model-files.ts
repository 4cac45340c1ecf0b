import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkedName } from "../naming/names.ts";
import type { ModelPlan } from "./model-plan.ts";

export interface ModelFilesArgs {
  /** Name of the bucket. */
  bucket: pulumi.Input<string>;
  /** The model. */
  model: ModelPlan;
}

/** A model's files in the bucket, from where the function or the job that predicts reads them. */
export class ModelFiles extends pulumi.ComponentResource {
  /** Their keys. */
  readonly keys: pulumi.Output<string[]>;

  constructor(name: string, args: ModelFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    const { model } = args;
    super("metercast:inference:ModelFiles", name, { version: model.version }, opts);

    const objects = model.files.map(
      (file) =>
        new aws.s3.BucketObjectv2(
          `${name}-${file.name}`,
          {
            bucket: args.bucket,
            key: checkedName("aws:s3/bucketObjectv2:BucketObjectv2", `${model.folder}/${file.name}`),
            source: new pulumi.asset.FileAsset(file.path),
            contentType: file.name.endsWith(".json") ? "application/json" : "text/plain",
            // An object takes ten tags, fewer than an environment may have.
            overrideProvider: { defaultTags: { tags: {} } },
          },
          { parent: this },
        ),
    );

    this.keys = pulumi.all(objects.map((object) => object.key));
    this.registerOutputs({ keys: this.keys });
  }
}
