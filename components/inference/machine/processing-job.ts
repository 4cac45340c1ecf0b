import type { Payload, Step } from "./asl.ts";
import { runPath } from "./dataset-steps.ts";

/** The SageMaker Processing job that predicts for all cities of a run. */
export interface ProcessingJob {
  /** What its names begin with. */
  namePrefix: string;
  imageUri: string;
  instanceType: string;
  roleArn: string;
  bucket: string;
  /** Folder of the model in the bucket: "models/<version>". */
  modelFolder: string;
  tags: Record<string, string>;
}

/** Where SageMaker puts a Processing container's inputs and takes its output from: developer guide, "Build your own processing container". */
const container = {
  features: "/opt/ml/processing/input/features",
  model: "/opt/ml/processing/input/model",
  output: "/opt/ml/processing/output",
};

/** Seconds that the job may run, and that it may take to start and to end besides. */
const runSeconds = 3600;
const startSeconds = 900;

/** The instance's disk: features of two months and sixteen cities are below one gigabyte. */
const volumeGigabytes = 30;

function input(name: "features" | "model", uri: Payload): Payload {
  return {
    InputName: name,
    S3Input: {
      ...uri,
      LocalPath: container[name],
      S3DataType: "S3Prefix",
      S3InputMode: "File",
      S3DataDistributionType: "FullyReplicated",
    },
  };
}

/**
 * The step that predicts by our image, outside of any network: the same rows as the predict function gives, in the same
 * files. A job's name is used once in an account, so that each execution and each attempt has its own.
 */
export function processingStep(name: string, job: ProcessingJob): Step {
  const { bucket, modelFolder } = job;
  const jobName = `States.Format('${job.namePrefix}-{}-{}', States.Hash($$.Execution.Name, 'MD5'), $$.State.RetryCount)`;
  const words = [
    "--features",
    container.features,
    "--model",
    container.model,
    "--output",
    container.output,
    "--run-id",
  ];
  return {
    name,
    kind: "task",
    task: {
      Resource: "arn:aws:states:::sagemaker:createProcessingJob.sync",
      Parameters: {
        "ProcessingJobName.$": jobName,
        "RoleArn": job.roleArn,
        "AppSpecification": {
          "ImageUri": job.imageUri,
          "ContainerEntrypoint": ["python3", "predict.py"],
          "ContainerArguments.$": `States.Array(${words.map((word) => `'${word}'`).join(", ")}, ${runPath}.id)`,
        },
        "ProcessingInputs": [
          input("features", { "S3Uri.$": `States.Format('s3://${bucket}/features/{}/', ${runPath}.id)` }),
          input("model", { S3Uri: `s3://${bucket}/${modelFolder}/` }),
        ],
        "ProcessingOutputConfig": {
          Outputs: [
            {
              OutputName: "predictions",
              S3Output: { S3Uri: `s3://${bucket}/predictions/`, LocalPath: container.output, S3UploadMode: "EndOfJob" },
            },
          ],
        },
        "ProcessingResources": {
          ClusterConfig: { InstanceCount: 1, InstanceType: job.instanceType, VolumeSizeInGB: volumeGigabytes },
        },
        "NetworkConfig": { EnableNetworkIsolation: true },
        "StoppingCondition": { MaxRuntimeInSeconds: runSeconds },
        "Tags": Object.entries(job.tags).map(([Key, Value]) => ({ Key, Value })),
      },
      ResultSelector: { "name.$": "$.ProcessingJobName" },
      ResultPath: "$.job",
      TimeoutSeconds: runSeconds + startSeconds,
      Retry: [
        {
          ErrorEquals: ["SageMaker.ThrottlingException", "SageMaker.ResourceLimitExceededException"],
          IntervalSeconds: 60,
          MaxAttempts: 5,
          BackoffRate: 2,
          JitterStrategy: "FULL",
        },
        // No instance was free, or one broke: of a failed job this cannot be told from a fault of ours.
        { ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 60, MaxAttempts: 1, BackoffRate: 1 },
      ],
    },
  };
}
