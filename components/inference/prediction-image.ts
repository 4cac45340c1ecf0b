import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { lowerCaseKey } from "../naming/names.ts";
import { partName } from "../naming/names.ts";
import { dockerfile, imageContext, imageTag } from "./image-context.ts";

export interface PredictionImageArgs {
  /** Name of the environment. */
  environment: string;
  /** Whether the repository stays as long as it holds images. */
  protect: boolean;
}

/** The folder that the image is built from. */
const folder = fileURLToPath(new URL("../../model", import.meta.url));

/** Processing instances have processors of this kind: SageMaker developer guide, "Build your own processing container". */
const platform = "linux/amd64";

/** The image with which a Processing job predicts: built where the stack is deployed, and kept in a repository of ours. */
export class PredictionImage extends pulumi.ComponentResource {
  /** Name of the repository. */
  readonly repositoryName: string;
  /** The image by its digest. */
  readonly imageUri: pulumi.Output<string>;

  constructor(name: string, args: PredictionImageArgs, opts?: pulumi.ComponentResourceOptions) {
    const context = imageContext(folder);
    const files = new pulumi.asset.AssetArchive(
      Object.fromEntries([...context].map(([file, text]) => [file, new pulumi.asset.StringAsset(text)])),
    );
    super("metercast:inference:PredictionImage", name, { environment: args.environment, platform, files }, opts);
    const child = { parent: this };
    this.repositoryName = partName("awsx:ecr:Repository", lowerCaseKey(args.environment), "predict");

    const repository = new awsx.ecr.Repository(
      name,
      {
        name: this.repositoryName,
        forceDelete: !args.protect,
        imageScanningConfiguration: { scanOnPush: true },
        // A machine's definition names an image by its digest: an execution that is under way needs the one before.
        lifecyclePolicy: {
          rules: [{ tagStatus: "any", maximumNumberOfImages: 5, description: "The last five images" }],
        },
      },
      child,
    );
    const image = new awsx.ecr.Image(
      name,
      {
        repositoryUrl: repository.url,
        // Relative to where the program runs, so that it is the same from every checkout of the project.
        context: relative(process.cwd(), folder),
        dockerfile: `${relative(process.cwd(), folder)}/${dockerfile}`,
        platform,
        imageTag: imageTag(context),
      },
      child,
    );

    this.imageUri = image.imageUri;
    this.registerOutputs({ repositoryName: this.repositoryName, imageUri: this.imageUri });
  }
}
