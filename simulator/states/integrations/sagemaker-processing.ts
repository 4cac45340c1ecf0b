import { ProcessingRefusal, type ProcessingJobs } from "../../processing/processing-jobs.ts";
import { calls } from "../../permissions/index.ts";
import type { Json, JsonObject } from "../json.ts";
import { reserved, StateError } from "../state-error.ts";
import type { Integration, TaskContext } from "./integration.ts";

/** `arn:aws:states:::sagemaker:createProcessingJob.sync`: waits for the job, and has what became of it. */
export function sagemakerProcessing(jobs: ProcessingJobs): Integration {
  return {
    resource: "arn:aws:states:::sagemaker:createProcessingJob.sync",
    parameters: [
      "AppSpecification",
      "Environment",
      "NetworkConfig",
      "ProcessingInputs",
      "ProcessingJobName",
      "ProcessingOutputConfig",
      "ProcessingResources",
      "RoleArn",
      "StoppingCondition",
      "Tags",
    ],
    required: ["AppSpecification", "ProcessingJobName", "ProcessingResources", "RoleArn"],
    start: async (parameters, task) => {
      const { job, ended } = started(jobs, parameters, task);
      task.submitted({ ProcessingJobArn: job.ProcessingJobArn });
      const result = await ended;
      if (result.ProcessingJobStatus === "Completed") return result as unknown as Json;
      throw new StateError(reserved.taskFailed, JSON.stringify(result));
    },
  };
}

function started(
  jobs: ProcessingJobs,
  parameters: JsonObject,
  task: TaskContext,
): ReturnType<ProcessingJobs["create"]> {
  try {
    const request = jobs.check(parameters);
    const job = request.ProcessingJobName;
    const denied = "SageMaker.AccessDeniedException";
    task.authorize(calls.createsProcessingJob, { job }, denied);
    task.authorize(calls.passesRole, { passedRoleArn: request.RoleArn, to: "sagemaker.amazonaws.com" }, denied);
    task.authorize(calls.listensToProcessingJobs, {}, denied);
    task.authorize(calls.followsProcessingJob, { job }, denied);
    return jobs.create(request, task.signal);
  } catch (error) {
    if (!(error instanceof ProcessingRefusal)) throw error;
    throw new StateError(`SageMaker.${error.type}`, error.message);
  }
}
