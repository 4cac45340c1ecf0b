import { athenaResultsFolder, featuresFolder, runWorkFolder } from "../lake/lifecycle.ts";
import { datasetsFolder, predictionsFolder } from "../lake/made-tables.ts";
import type { Place } from "../naming/arns.ts";
import { arnOf } from "../naming/arns.ts";
import type { Statement } from "../policy/policy-document.ts";

/** What the steps work with in the lake, by ARN or name. */
export interface LakePlace extends Place {
  bucketArn: string;
  database: string;
  workgroup: string;
}

/** Folder of the register of buildings. */
const buildingsFolder = "buildings";

/** Folder of what runs remember: `marks.json`. */
const marksObject = "runs/marks.json";

/** Folder of the datasets' deliveries. */
const deliveriesFolder = "dataset";

/** Folder of the models: `models/<version>/`. */
export const modelsFolder = "models";

const versions = `${datasetsFolder}/*/versions/*`;
const manifests = `${datasetsFolder}/*/current/*`;

/** The result of a SELECT, which Athena writes to its own folder: the dataset's version keeps a copy. */
const keptResults = `${datasetsFolder}/*/versions/*/result.csv`;
const below = (folder: string): string => `${folder}/*`;

function objects(sid: string, { bucketArn }: LakePlace, actions: string[], keys: string[]): Statement {
  return { sid, actions: actions.map((action) => `s3:${action}`), resources: keys.map((key) => `${bucketArn}/${key}`) };
}

/** Without the right to list, S3 answers that an object which is not there were forbidden. */
function listBucket({ bucketArn }: LakePlace): Statement {
  return { sid: "ListBucket", actions: ["s3:ListBucket"], resources: [bucketArn] };
}

/** The function plan: results of its questions, how far runs came, and what a run's later steps need to know. */
export function planPermissions(lake: LakePlace): Statement[] {
  return [
    listBucket(lake),
    objects("Read", lake, ["GetObject"], [below(athenaResultsFolder), below(runWorkFolder), marksObject]),
    objects("NoteForLaterSteps", lake, ["PutObject"], [below(runWorkFolder)]),
  ];
}

/** The function publish: manifests, deliveries, marks, and the end of versions that are no longer kept. */
export function publishPermissions(lake: LakePlace): Statement[] {
  return [
    listBucket(lake),
    objects(
      "Read",
      lake,
      ["GetObject"],
      [below(athenaResultsFolder), below(runWorkFolder), versions, manifests, marksObject],
    ),
    objects("Publish", lake, ["PutObject"], [manifests, keptResults, below(deliveriesFolder), marksObject]),
    objects("RetireVersions", lake, ["DeleteObject"], [versions]),
  ];
}

/** The function features: what the queries wrote, and the register of buildings, become tables of features. */
export function featuresPermissions(lake: LakePlace): Statement[] {
  return [
    listBucket(lake),
    objects("Read", lake, ["GetObject"], [below(athenaResultsFolder), below(runWorkFolder), below(buildingsFolder)]),
    objects("WriteFeatures", lake, ["PutObject"], [below(featuresFolder)]),
  ];
}

/** What predicts, function or job: features and a model become predictions. @param model folder of the model */
export function predictPermissions(lake: LakePlace, model: string): Statement[] {
  return [
    listBucket(lake),
    objects("Read", lake, ["GetObject"], [below(featuresFolder), below(model)]),
    objects("WritePredictions", lake, ["PutObject"], [below(predictionsFolder)]),
  ];
}

/** The function watch: the monitor's rows, and what its run has predicted beside the readings. */
export function watchPermissions(lake: LakePlace): Statement[] {
  return [
    listBucket(lake),
    objects(
      "Read",
      lake,
      ["GetObject"],
      [
        below(runWorkFolder),
        ...["monitor", "predictions_vs_readings"].map((dataset) => below(`${datasetsFolder}/${dataset}`)),
      ],
    ),
  ];
}

/**
 * What a machine's queries need, since Athena reads and writes with its caller's rights: Step Functions developer guide,
 * "IAM policies for calling Athena", and Athena user guide, "Control access to Amazon S3 from Athena" and "Configure
 * access to databases and tables in the AWS Glue Data Catalog" (every caller is asked for the database `default`, too).
 *
 * @param written Folders that UNLOAD writes into.
 */
export function queryPermissions(lake: LakePlace, written: string[]): Statement[] {
  const { bucketArn, database, workgroup } = lake;
  const glue = (resource: string) => arnOf(lake, "glue", resource);
  return [
    {
      sid: "Query",
      actions: ["athena:GetQueryExecution", "athena:StartQueryExecution", "athena:StopQueryExecution"],
      resources: [arnOf(lake, "athena", `workgroup/${workgroup}`)],
    },
    {
      sid: "FindCatalog",
      actions: ["athena:GetDataCatalog"],
      resources: [arnOf(lake, "athena", "datacatalog/AwsDataCatalog")],
    },
    {
      sid: "ReadCatalog",
      actions: [
        "glue:BatchGetPartition",
        "glue:GetDatabase",
        "glue:GetPartition",
        "glue:GetPartitions",
        "glue:GetTable",
        "glue:GetTables",
      ],
      resources: [glue("catalog"), glue(`database/${database}`), glue(`table/${database}/*`)],
    },
    { sid: "FindDefault", actions: ["glue:GetDatabase"], resources: [glue("catalog"), glue("database/default")] },
    {
      sid: "SeeBucket",
      actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      resources: [bucketArn],
    },
    objects(
      "ReadTables",
      lake,
      ["GetObject"],
      [
        ...["readings", "weather", "left_out", "errors", buildingsFolder, predictionsFolder, datasetsFolder],
        athenaResultsFolder,
      ].map(below),
    ),
    objects(
      "WriteResults",
      lake,
      ["AbortMultipartUpload", "ListMultipartUploadParts", "PutObject"],
      [below(athenaResultsFolder), ...written],
    ),
  ];
}

/** Where the datasets' UNLOADs write. */
export const datasetVersions = versions;

/** Where the forecasts' UNLOADs write. */
export const runWork = below(runWorkFolder);

/** Step Functions developer guide, "IAM policies for calling Lambda": every version, as an execution may use the one before. */
export function invokePermissions(functionArns: string[]): Statement {
  return {
    sid: "Invoke",
    actions: ["lambda:InvokeFunction"],
    resources: functionArns.map((arn) => `${arn}:*`),
  };
}

export function publishTo(topicArn: string): Statement {
  return { sid: "Notify", actions: ["sns:Publish"], resources: [topicArn] };
}

/** EventBridge Scheduler user guide, "Setting up the execution role", and "Configuring a dead-letter queue". */
export function startPermissions(machineArns: string[], queueArn: string): Statement[] {
  return [
    { sid: "Start", actions: ["states:StartExecution"], resources: machineArns },
    { sid: "KeepWhatFailed", actions: ["sqs:SendMessage"], resources: [queueArn] },
  ];
}

/**
 * What a machine needs to run a Processing job to its end: Step Functions developer guide, "IAM policies for calling
 * SageMaker AI", the synchronous pattern, in which it hears of the job by a rule of EventBridge that it makes itself.
 *
 * @param namePrefix What the names of the jobs begin with.
 */
export function processingPermissions(place: Place, namePrefix: string, jobRoleArn: string): Statement[] {
  return [
    {
      sid: "RunProcessingJob",
      actions: [
        "sagemaker:AddTags",
        "sagemaker:CreateProcessingJob",
        "sagemaker:DescribeProcessingJob",
        "sagemaker:ListTags",
        "sagemaker:StopProcessingJob",
      ],
      resources: [arnOf(place, "sagemaker", `processing-job/${namePrefix}-*`)],
    },
    {
      sid: "PassJobRole",
      actions: ["iam:PassRole"],
      resources: [jobRoleArn],
      conditions: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
    },
    {
      sid: "HearOfJob",
      actions: ["events:DescribeRule", "events:PutRule", "events:PutTargets"],
      resources: [arnOf(place, "events", "rule/StepFunctionsGetEventsForSageMakerProcessingJobsRule")],
    },
  ];
}

/**
 * What the Processing job does besides reading and writing objects: SageMaker developer guide, "How to use SageMaker AI
 * execution roles", CreateProcessingJob API. The repository's image, its log and its figures.
 */
export function jobPermissions(place: Place, repository: string): Statement[] {
  const logs = "log-group:/aws/sagemaker/ProcessingJobs";
  return [
    {
      sid: "PullImage",
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [arnOf(place, "ecr", `repository/${repository}`)],
    },
    {
      sid: "EnterRegistry",
      actions: ["ecr:GetAuthorizationToken"],
      resources: { every: "the token is the registry's, and ECR knows this action for every resource only" },
    },
    {
      sid: "WriteLog",
      actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      resources: [arnOf(place, "logs", logs), arnOf(place, "logs", `${logs}:*`)],
    },
    {
      sid: "WriteFigures",
      actions: ["cloudwatch:PutMetricData"],
      resources: { every: "metrics have no ARNs; their namespace is what can be named" },
      conditions: { StringEquals: { "cloudwatch:namespace": "/aws/sagemaker/ProcessingJobs" } },
    },
  ];
}
