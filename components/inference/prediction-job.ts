import * as pulumi from "@pulumi/pulumi";
import type { Environment, Inference } from "../../environments/index.ts";
import type { DataLake } from "../lake/data-lake.ts";
import { processingJobPrefix } from "../naming/names.ts";
import { environmentTags } from "../naming/tags.ts";
import type { Statement } from "../policy/policy-document.ts";
import { ServiceRole } from "../policy/service-role.ts";
import { lakePlace } from "./dataset-refresh.ts";
import type { ProcessingJob } from "./machine/processing-job.ts";
import type { ModelPlan } from "./model-plan.ts";
import { jobPermissions, predictPermissions, processingPermissions } from "./permissions.ts";
import { PredictionImage } from "./prediction-image.ts";

export interface PredictionJobArgs {
  /** The environment: its name, protection and tags. */
  environment: Environment;
  /** Of it, what predictions need: the instance. */
  inference: Inference;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Where features and the model are, and predictions go. */
  lake: DataLake;
  /** What it predicts with. */
  model: ModelPlan;
}

/** What a state machine needs to run a SageMaker Processing job that predicts: our image, and a role for it. */
export class PredictionJob extends pulumi.ComponentResource {
  /** What the machine's step says of the job. */
  readonly job: pulumi.Output<ProcessingJob>;
  /** What the machine may do for it. */
  readonly statements: pulumi.Output<Statement[]>;

  constructor(name: string, args: PredictionJobArgs, opts?: pulumi.ComponentResourceOptions) {
    const { environment, inference, accountId, lake, model } = args;
    super("metercast:inference:PredictionJob", name, { environment: environment.name }, opts);
    const child = { parent: this };
    const place = lakePlace(environment, accountId, lake);
    const namePrefix = processingJobPrefix(environment.name);

    const image = new PredictionImage(
      `${name}-image`,
      { environment: environment.name, protect: environment.protect },
      child,
    );
    const role = new ServiceRole(
      `${name}-role`,
      {
        environment: environment.name,
        part: "predict-job",
        service: "sagemaker",
        accountId,
        statements: place.apply((where) => [
          ...predictPermissions(where, model.folder),
          ...jobPermissions(where, image.repositoryName),
        ]),
      },
      child,
    );

    this.job = pulumi
      .output({ imageUri: image.imageUri, roleArn: role.arn, bucket: lake.bucketName })
      .apply((parts) => ({
        ...parts,
        namePrefix,
        instanceType: inference.instanceType,
        modelFolder: model.folder,
        tags: environmentTags(environment),
      }));
    this.statements = pulumi
      .all([place, role.arn])
      .apply(([where, roleArn]) => processingPermissions(where, namePrefix, roleArn));
    this.registerOutputs({ imageUri: image.imageUri });
  }
}
