import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, type Dirent } from "node:fs";
import { constants } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { DataFolder } from "../data-folder.ts";
import type { Image } from "../declared/image.ts";
import { replaceFile } from "../durable-file.ts";
import { calls, jobCaller, type Call, type Caller, type Permissions, type Place } from "../permissions/index.ts";
import { keysOf, S3Error, type ObjectStore } from "../s3/index.ts";
import { Container, ImageError } from "./container.ts";
import { DockerfileError } from "./dockerfile.ts";
import { processingJobRequest, type ProcessingJobRequest } from "./request.ts";

/** What SageMaker refuses before a job starts, by its exception's name. */
export class ProcessingRefusal extends Error {
  override readonly name = "ProcessingRefusal";
  readonly type: "ResourceInUseException" | "ValidationException";

  constructor(type: ProcessingRefusal["type"], message: string) {
    super(message);
    this.type = type;
  }
}

/** As DescribeProcessingJob answers (SageMaker API reference); times are epoch milliseconds. */
export interface ProcessingJob extends ProcessingJobRequest {
  ProcessingJobArn: string;
  ProcessingJobStatus: "InProgress" | "Completed" | "Failed" | "Stopped";
  CreationTime: number;
  ProcessingStartTime?: number;
  ProcessingEndTime?: number;
  LastModifiedTime: number;
  ExitMessage?: string;
  FailureReason?: string;
}

export interface ProcessingJobsOptions {
  folder: DataFolder;
  images: readonly Image[];
  store: ObjectStore;
  permissions: Permissions;
  place: Place;
  /** The folder that the paths of images start from. */
  project: string;
  /** The interpreter that runs Python programs. */
  python: string;
}

/** A job that ends badly for a reason that SageMaker tells as its FailureReason. */
class JobFailure extends Error {
  readonly exitMessage: string | undefined;

  constructor(reason: string, exitMessage?: string) {
    super(reason);
    this.exitMessage = exitMessage;
  }
}

/** The log group of processing jobs. */
const logGroup = "/aws/sagemaker/ProcessingJobs";

/**
 * SageMaker's processing jobs: the program of an image on this machine, with inputs copied out of buckets and outputs put
 * into them by the job's role. What it prints is kept in the data folder.
 */
export class ProcessingJobs {
  readonly #options: ProcessingJobsOptions;

  constructor(options: ProcessingJobsOptions) {
    this.#options = options;
  }

  /**
   * What a request asks for, as long as it can be taken.
   *
   * @throws ProcessingRefusal
   */
  check(request: unknown): ProcessingJobRequest {
    const parsed = processingJobRequest.safeParse(request);
    if (parsed.success) return parsed.data;
    const sentences = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new ProcessingRefusal("ValidationException", sentences.join("; "));
  }

  /**
   * Creates a job, which then runs by itself.
   *
   * @param signal stops it
   * @returns the job as it is at first, and as it ends
   * @throws ProcessingRefusal
   */
  create(request: ProcessingJobRequest, signal: AbortSignal): { job: ProcessingJob; ended: Promise<ProcessingJob> } {
    const { place, images } = this.#options;
    const name = request.ProcessingJobName;
    const arn = `arn:aws:sagemaker:${place.region}:${place.accountId}:processing-job/${name}`;
    const folder = this.#options.folder.processingJob(name);
    if (existsSync(folder)) {
      throw new ProcessingRefusal(
        "ResourceInUseException",
        `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`,
      );
    }
    const image = images.find(({ uri }) => uri === request.AppSpecification.ImageUri);
    if (!image) {
      const known = images.map(({ uri }) => uri).join(", ") || "none";
      const message = `the image ${request.AppSpecification.ImageUri} is not declared: there is ${known}`;
      throw new ProcessingRefusal("ValidationException", message);
    }
    const now = Date.now();
    const job: ProcessingJob = {
      ...request,
      ProcessingJobArn: arn,
      ProcessingJobStatus: "InProgress",
      CreationTime: now,
      LastModifiedTime: now,
    };
    this.#keep(job);
    return { job, ended: this.#run(job, image, folder, signal) };
  }

  async #run(job: ProcessingJob, image: Image, folder: string, signal: AbortSignal): Promise<ProcessingJob> {
    const started = Date.now();
    const root = join(folder, "container");
    const late = AbortSignal.timeout(job.StoppingCondition.MaxRuntimeInSeconds * 1000);
    let end: Partial<ProcessingJob>;
    try {
      const message = await this.#process(job, image, folder, root, AbortSignal.any([signal, late]));
      end = { ProcessingJobStatus: "Completed", ...(message !== "" && { ExitMessage: message }) };
    } catch (error) {
      end = endOf(error as Error, { stopped: signal.aborted, late: late.aborted, job });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
    const now = Date.now();
    const ended = { ...job, ...end, ProcessingStartTime: started, ProcessingEndTime: now, LastModifiedTime: now };
    this.#keep(ended);
    return ended;
  }

  /** @returns the exit message of a program that ended well */
  async #process(job: ProcessingJob, image: Image, folder: string, root: string, signal: AbortSignal): Promise<string> {
    const caller = jobCaller(job.ProcessingJobName, job.RoleArn, this.#options.place);
    this.#require(calls.jobSignsInToRegistry, caller, {});
    this.#require(calls.jobPullsImage, caller, { repository: repositoryOf(image) });
    const logs = this.#mayLog(job, caller);
    const container = new Container(image, this.#options.project, root);
    for (const { S3Input: input } of job.ProcessingInputs) {
      await this.#download(caller, input.S3Uri, container.path(input.LocalPath));
    }
    const outputs = job.ProcessingOutputConfig?.Outputs ?? [];
    for (const { S3Output: output } of outputs) mkdirSync(container.path(output.LocalPath), { recursive: true });
    const { exitCode, message } = await container.run(
      {
        entrypoint: job.AppSpecification.ContainerEntrypoint,
        arguments: job.AppSpecification.ContainerArguments,
        environment: job.Environment,
      },
      this.#options.python,
      join(folder, "log"),
      signal,
    );
    if (!logs) rmSync(join(folder, "log"), { force: true });
    for (const { S3Output: output } of outputs) {
      if (exitCode !== 0 && output.S3UploadMode === "EndOfJob") continue;
      await this.#upload(caller, container.path(output.LocalPath), output.S3Uri);
    }
    signal.throwIfAborted();
    if (exitCode !== 0) {
      const reason = `AlgorithmError: See job logs for more information, exit code: ${exitCode ?? "none, it was killed"}`;
      throw new JobFailure(reason, message);
    }
    return existsSync(container.path("/opt/ml/output/message")) ? message : "";
  }

  /** Copies the objects of a prefix; where it is itself an object's key, that one too. */
  async #download(caller: Caller, uri: string, to: string): Promise<void> {
    const { bucket, prefix } = placeOf(uri);
    this.#require(calls.jobListsInput, caller, { bucket, prefix });
    this.#options.store.requireBucket(bucket);
    const keys = await keysOf(this.#options.folder.bucket(bucket), prefix);
    if (keys.length === 0) {
      throw new JobFailure(`ClientError: No S3 objects found under S3 URL "${uri}" given in input data source.`);
    }
    mkdirSync(to, { recursive: true });
    for (const key of keys) {
      this.#require(calls.readsObject, caller, { bucket, key });
      const below = key.slice(prefix.lastIndexOf("/") + 1);
      const file = join(to, below);
      mkdirSync(dirname(file), { recursive: true });
      copyFileSync(this.#options.store.fileOf(bucket, key), file, constants.COPYFILE_FICLONE);
    }
  }

  async #upload(caller: Caller, from: string, uri: string): Promise<void> {
    const { bucket, prefix } = placeOf(uri);
    const base = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
    for (const file of filesBelow(from)) {
      const key = base + relative(from, file).replaceAll(sep, "/");
      this.#require(calls.writesObject, caller, { bucket, key });
      await this.#options.store.adopt(bucket, key, file);
    }
  }

  /** A job whose role does not let it log runs as any other; what it prints is lost. */
  #mayLog(job: ProcessingJob, caller: Caller): boolean {
    const target = { logGroup, logStream: `${job.ProcessingJobName}/algo-1` };
    this.#options.permissions.refusal(calls.jobMeasures, caller, {});
    return this.#options.permissions.refusal(calls.jobLogs, caller, target) === undefined;
  }

  #require<Target>(call: Call<Target>, caller: Caller, target: Target): void {
    const refused = this.#options.permissions.refusal(call, caller, target);
    if (refused) throw new JobFailure(`ClientError: ${refused.message}`);
  }

  #keep(job: ProcessingJob): void {
    replaceFile(join(this.#options.folder.processingJob(job.ProcessingJobName), "job.json"), JSON.stringify(job));
  }
}

function endOf(
  error: Error,
  { stopped, late, job }: { stopped: boolean; late: boolean; job: ProcessingJob },
): Partial<ProcessingJob> {
  if (stopped) return { ProcessingJobStatus: "Stopped" };
  if (late) {
    const seconds = job.StoppingCondition.MaxRuntimeInSeconds;
    return { ProcessingJobStatus: "Stopped", ExitMessage: `The job ran longer than MaxRuntimeInSeconds, ${seconds}` };
  }
  if (error instanceof JobFailure) {
    return {
      ProcessingJobStatus: "Failed",
      FailureReason: error.message,
      ...(error.exitMessage !== undefined && { ExitMessage: error.exitMessage }),
    };
  }
  if (error instanceof ImageError || error instanceof DockerfileError || error instanceof S3Error) {
    return { ProcessingJobStatus: "Failed", FailureReason: `ClientError: ${error.message}` };
  }
  return { ProcessingJobStatus: "Failed", FailureReason: `InternalServerError: ${error.message}` };
}

function repositoryOf({ uri }: Image): string {
  return uri.slice(uri.indexOf("/") + 1).replace(/[@:].*$/, "");
}

function placeOf(uri: string): { bucket: string; prefix: string } {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  return { bucket, prefix };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry: Dirent) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
