import { expect } from "chai";
import type { Environment, TeamDataset } from "../../environments/index.ts";
import { loadEnvironment } from "../../environments/index.ts";
import { check, evaluate, type Evaluation, type Graph } from "../../graph/index.ts";
import { evaluationOf, graphOf, resource, resourcesOf, statementsOf, types } from "./graphs.ts";

const account = "123456789012";
const aws = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${account}:${rest}`;
const bucketOf = (name: string) => `metercast-${name}-${account}-us-east-1`;
const lake = `arn:aws:s3:::${bucketOf("dev")}`;
const functionArn = (name: string) => aws("lambda", `function:metercast-dev-${name}:*`);
const machineArn = (name: string) => aws("states", `stateMachine:metercast-dev-${name}`);
const topic = aws("sns", "metercast-dev-notifications");

const scheduler = "aws:scheduler/schedule:Schedule";
const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
const object = "aws:s3/bucketObjectv2:BucketObjectv2";

const dev = () => loadEnvironment("environments/dev.yaml");
const graphWith = async (changes: Partial<Environment>): Promise<Graph> =>
  (await evaluate({ ...dev(), ...changes })).graph;

/** What a role allows, by the name of each statement: its actions without the service, and its resources. */
function allowed(graph: Graph, role: string): Record<string, [string, string | string[]]> {
  return Object.fromEntries(
    statementsOf(graph, role).map(({ Sid, Action, Resource }) => [Sid, [Action.join(" "), Resource]]),
  );
}

/** A file of a function's archive, read as JSON. */
function configOf({ graph, assets }: Evaluation, name: string): Record<string, unknown> {
  const { code } = resource(graph, types.function, name).inputs as {
    code: { $archive: Record<string, { $asset: string }> };
  };
  const bytes = assets.get(code.$archive["config.json"]?.$asset ?? "");
  return JSON.parse(Buffer.from(bytes ?? "").toString()) as Record<string, unknown>;
}

function definitionOf(graph: Graph, name: string): { States: Record<string, Record<string, unknown>> } {
  return JSON.parse(String(resource(graph, types.stateMachine, name).inputs["definition"])) as {
    States: Record<string, Record<string, unknown>>;
  };
}

const log = (name: string): [string, string[]] => [
  "logs:CreateLogStream logs:PutLogEvents",
  [`${aws("logs", `log-group:/aws/lambda/metercast-dev-${name}`)}:*`],
];
const list: [string, string[]] = ["s3:ListBucket", [lake]];
const keys = (...names: string[]) => names.map((name) => `${lake}/${name}`);

describe("The functions of runs", () => {
  it("run on Node 24 and arm64, with a log of their own, in the time and memory that their work takes", async () => {
    const graph = await graphOf("dev");
    const sizes = {
      plan: [512, 120],
      publish: [1024, 900],
      features: [3008, 900],
      predict: [3008, 900],
      watch: [512, 300],
    };
    for (const [name, [memorySize, timeout]] of Object.entries(sizes)) {
      expect(resource(graph, types.function, `metercast-dev-${name}`).inputs).to.deep.include({
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        publish: true,
        memorySize,
        timeout,
      });
      expect(resource(graph, types.logGroup, `/aws/lambda/metercast-dev-${name}`).inputs["retentionInDays"]).to.equal(
        30,
      );
    }
  });

  it("may read and write their own parts of the bucket, and nothing else", async () => {
    const graph = await graphOf("dev");
    const { version } = graph.outputs["runs"] === null ? { version: "" } : modelOf(graph);
    expect(allowed(graph, "metercast-dev-plan")).to.deep.equal({
      WriteLog: log("plan"),
      ListBucket: list,
      Read: ["s3:GetObject", keys("athena-results/*", "runs/marks.json", "runs/work/*")],
      NoteForLaterSteps: ["s3:PutObject", keys("runs/work/*")],
    });
    expect(allowed(graph, "metercast-dev-publish")).to.deep.equal({
      WriteLog: log("publish"),
      ListBucket: list,
      Read: [
        "s3:GetObject",
        keys("athena-results/*", "datasets/*/current/*", "datasets/*/versions/*", "runs/marks.json", "runs/work/*"),
      ],
      Publish: [
        "s3:PutObject",
        keys("dataset/*", "datasets/*/current/*", "datasets/*/versions/*/result.csv", "runs/marks.json"),
      ],
      RetireVersions: ["s3:DeleteObject", keys("datasets/*/versions/*")],
    });
    expect(allowed(graph, "metercast-dev-features")).to.deep.equal({
      WriteLog: log("features"),
      ListBucket: list,
      Read: ["s3:GetObject", keys("athena-results/*", "buildings/*", "runs/work/*")],
      WriteFeatures: ["s3:PutObject", keys("features/*")],
    });
    expect(allowed(graph, "metercast-dev-watch")).to.deep.equal({
      WriteLog: log("watch"),
      ListBucket: list,
      Read: ["s3:GetObject", keys("datasets/monitor/*", "datasets/predictions_vs_readings/*", "runs/work/*")],
    });
    expect(allowed(graph, "metercast-dev-predict")).to.deep.equal({
      WriteLog: log("predict"),
      ListBucket: list,
      Read: ["s3:GetObject", keys("features/*", `models/${version}/*`)],
      WritePredictions: ["s3:PutObject", keys("predictions/*")],
    });
  });

  it("know the bucket, the cities and the datasets, and the model by its version", async () => {
    const evaluation = await evaluationOf("dev");
    const plan = configOf(evaluation, "metercast-dev-plan");
    expect(plan).to.include({ bucket: bucketOf("dev"), horizonHours: 24, historyDays: 42, firstArrival: "2025-01-01" });
    expect(plan["cities"]).to.deep.include({ name: "Phoenix", siteId: 2, timeZone: "America/Phoenix" });
    expect(plan["reference"]).to.have.all.keys("0", "1", "2", "3");
    expect((plan["datasets"] as { name: string }[]).map(({ name }) => name)).to.include.members([
      "arrivals",
      "monitor",
    ]);
    expect(configOf(evaluation, "metercast-dev-predict")).to.deep.equal({
      bucket: bucketOf("dev"),
      model: `models/${modelOf(evaluation.graph).version}`,
    });
    expect(configOf(evaluation, "metercast-dev-features")["holidays"]).to.have.keys("GB-ENG", "US");
    expect(configOf(evaluation, "metercast-dev-watch")).to.include({ namespace: "metercast", driftThreshold: 0.25 });
  });
});

/** The version of the model that a graph's runs predict by. */
function modelOf(graph: Graph): { version: string } {
  const { inference } = graph.outputs["runs"] as { inference: { modelVersion: string } };
  return { version: inference.modelVersion };
}

describe("The state machines", () => {
  it("log what fails, without the data of an execution, for as long as the environment says", async () => {
    const graph = await graphOf("prod");
    for (const name of ["datasets", "inference"]) {
      const logGroup = `/aws/vendedlogs/states/metercast-prod-${name}`;
      expect(resource(graph, types.logGroup, logGroup).inputs["retentionInDays"]).to.equal(365);
      expect(resource(graph, types.stateMachine, `metercast-prod-${name}`).inputs).to.deep.include({
        type: "STANDARD",
        roleArn: `arn:aws:iam::${account}:role/metercast-prod-${name}-machine`,
        loggingConfiguration: {
          level: "ERROR",
          includeExecutionData: false,
          logDestination: `${aws("logs", `log-group:${logGroup}`)}:*`,
        },
      });
    }
  });

  it("may query in the environment's workgroup, call their functions and tell, and nothing else", async () => {
    const graph = await graphOf("dev");
    const common = {
      DeliverLogs: [
        "logs:CreateLogDelivery logs:DeleteLogDelivery logs:DescribeLogGroups logs:DescribeResourcePolicies logs:GetLogDelivery logs:ListLogDeliveries logs:PutResourcePolicy logs:UpdateLogDelivery",
        "*",
      ],
      Query: [
        "athena:GetQueryExecution athena:StartQueryExecution athena:StopQueryExecution",
        [aws("athena", "workgroup/metercast-dev")],
      ],
      FindCatalog: ["athena:GetDataCatalog", [aws("athena", "datacatalog/AwsDataCatalog")]],
      ReadCatalog: [
        "glue:BatchGetPartition glue:GetDatabase glue:GetPartition glue:GetPartitions glue:GetTable glue:GetTables",
        [aws("glue", "catalog"), aws("glue", "database/metercast_dev"), aws("glue", "table/metercast_dev/*")],
      ],
      FindDefault: ["glue:GetDatabase", [aws("glue", "catalog"), aws("glue", "database/default")]],
      SeeBucket: ["s3:GetBucketLocation s3:ListBucket s3:ListBucketMultipartUploads", [lake]],
      ReadTables: [
        "s3:GetObject",
        keys(
          ...["athena-results/*", "buildings/*", "datasets/*", "errors/*", "left_out/*", "predictions/*", "readings/*"],
          "weather/*",
        ),
      ],
      Notify: ["sns:Publish", [topic]],
    };
    const write = "s3:AbortMultipartUpload s3:ListMultipartUploadParts s3:PutObject";
    expect(allowed(graph, "metercast-dev-datasets-machine")).to.deep.equal({
      ...common,
      WriteResults: [write, keys("athena-results/*", "datasets/*/versions/*")],
      Invoke: ["lambda:InvokeFunction", [functionArn("plan"), functionArn("publish")]],
    });
    expect(allowed(graph, "metercast-dev-inference-machine")).to.deep.equal({
      ...common,
      WriteResults: [write, keys("athena-results/*", "datasets/*/versions/*", "runs/work/*")],
      Invoke: ["lambda:InvokeFunction", ["features", "plan", "publish", "watch"].map(functionArn)],
      InvokePredict: ["lambda:InvokeFunction", [functionArn("predict")]],
      RefreshDashboard: [
        "quicksight:CreateIngestion quicksight:DescribeIngestion",
        ["buildings", "cities", "elements", "errors", "forecasts", "meters", "runs", "use_by_day", "use_by_hour"].map(
          (name) => aws("quicksight", `dataset/metercast-dev-${name}/ingestion/*`),
        ),
      ],
    });
  });

  it("have the model in the bucket before they are there", async () => {
    const graph = await graphOf("dev");
    const { version } = modelOf(graph);
    const files = resourcesOf(graph, object);
    expect(files.map(({ inputs }) => inputs["key"])).to.include(`models/${version}/card.json`);
    const machine = resource(graph, types.stateMachine, "metercast-dev-inference");
    for (const { id } of files) expect(machine.references).to.include(id);
  });
});

describe("The schedule", () => {
  it("starts the forecasts with the time for which it was meant, tries again for a quarter of an hour, and keeps what failed", async () => {
    const { inputs } = resource(await graphOf("prod"), scheduler, "metercast-prod-inference");
    const { target, ...rest } = inputs;
    expect(rest).to.deep.equal({
      name: "metercast-prod-inference",
      groupName: "metercast-prod",
      description: "Predictions of the environment prod",
      scheduleExpression: "cron(20 0/3 * * ? *)",
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
    });
    expect(target).to.deep.equal({
      arn: aws("states", "stateMachine:metercast-prod-inference"),
      roleArn: `arn:aws:iam::${account}:role/metercast-prod-inference-schedule`,
      input: '{"scheduleTime":"<aws.scheduler.scheduled-time>"}',
      retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 900 },
      deadLetterConfig: { arn: aws("sqs", "metercast-prod-not-started") },
    });
  });

  it("may start that machine and write into that queue, and nothing else", async () => {
    expect(allowed(await graphOf("dev"), "metercast-dev-inference-schedule")).to.deep.equal({
      Start: ["states:StartExecution", [machineArn("inference")]],
      KeepWhatFailed: ["sqs:SendMessage", [aws("sqs", "metercast-dev-not-started")]],
    });
  });

  it("keeps what could not be started for two weeks, encrypted", async () => {
    expect(resource(await graphOf("dev"), "aws:sqs/queue:Queue", "metercast-dev-not-started").inputs).to.deep.include({
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
    });
  });
});

describe("Alarms and notifications", () => {
  it("watch executions, schedule, functions, predictions and drift, and tell the environment's topic", async () => {
    const alarms = resourcesOf(await graphOf("dev"), alarmType);
    expect(alarms.map(({ inputs }) => String(inputs["name"]).replace("metercast-dev-", ""))).to.have.members([
      ...["datasets-failed", "datasets-timed-out", "datasets-aborted"],
      ...["inference-failed", "inference-timed-out", "inference-aborted", "inference-late", "inference-missed"],
      ...["plan", "publish", "features", "predict", "watch", "digest"].flatMap((name) => [
        `${name}-errors`,
        `${name}-throttles`,
      ]),
      ...["predictions-stale", "drift-electricity", "drift-chilledwater", "drift-steam", "drift-hotwater"],
      "not-started",
    ]);
    for (const { inputs } of alarms) {
      expect(inputs).to.deep.include({ alarmActions: [topic], okActions: [topic] });
      expect(inputs["datapointsToAlarm"]).to.equal(inputs["evaluationPeriods"]);
    }
  });

  it("go to each address that the environment names", async () => {
    const inference = { ...dev().inference!, notify: ["a@example.com", "b@example.com"] };
    const graph = await graphWith({ inference });
    expect(resourcesOf(graph, "aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => inputs)).to.deep.equal(
      [
        { topic, protocol: "email", endpoint: "a@example.com" },
        { topic, protocol: "email", endpoint: "b@example.com" },
      ],
    );
  });

  it("cannot tell of a run that is missed where the schedule runs once", async () => {
    const graph = await graphWith({ inference: { ...dev().inference!, schedule: "at(2030-01-01T00:00:00)" } });
    const names = resourcesOf(graph, alarmType).map(({ inputs }) => inputs["name"]);
    expect(names).to.not.include("metercast-dev-inference-missed");
    expect(names).to.not.include("metercast-dev-predictions-stale");
  });
});

describe("Predictions by SageMaker", () => {
  const repository = "metercast-prod-predict";
  const url = `${account}.dkr.ecr.us-east-1.amazonaws.com/${repository}`;

  it("have an image of the folder model for Intel's processors, named by what it is made of", async () => {
    const { graph, assets } = await evaluationOf("prod");
    const [image] = resourcesOf(graph, "awsx:ecr:Image");
    expect(image?.inputs).to.deep.include({
      repositoryUrl: url,
      context: "model",
      dockerfile: "model/Dockerfile",
      platform: "linux/amd64",
    });
    expect(image?.inputs["imageTag"]).to.match(/^[0-9a-f]{16}$/);
    expect(image?.outputs["imageUri"]).to.match(new RegExp(`^${url}@sha256:[0-9a-f]{64}$`));
    const [component] = resourcesOf(graph, "metercast:inference:PredictionImage");
    const { $archive: files } = component?.inputs["files"] as { $archive: Record<string, { $asset: string }> };
    expect(files).to.have.property("Dockerfile");
    expect(files).to.have.property("predict.py");
    for (const { $asset } of Object.values(files)) expect(assets.has($asset)).to.equal(true);
  });

  it("keep the last images in a repository of ours, which looks through each, and stays in production", async () => {
    const [found] = resourcesOf(await graphOf("prod"), "awsx:ecr:Repository");
    expect(found?.inputs).to.deep.include({
      name: repository,
      forceDelete: false,
      imageScanningConfiguration: { scanOnPush: true },
      lifecyclePolicy: {
        rules: [{ tagStatus: "any", maximumNumberOfImages: 5, description: "The last five images" }],
      },
    });
  });

  it("run as a job of the environment, with its image, instance, role and tags", async () => {
    const graph = await graphOf("prod");
    const { Parameters } = definitionOf(graph, "metercast-prod-inference").States["Predict"] as {
      Parameters: Record<string, unknown>;
    };
    const [image] = resourcesOf(graph, "awsx:ecr:Image");
    expect(Parameters).to.deep.include({
      RoleArn: `arn:aws:iam::${account}:role/metercast-prod-predict-job`,
      Tags: [{ Key: "metercast:environment", Value: "prod" }],
    });
    expect(Parameters["AppSpecification"]).to.include({ ImageUri: image?.outputs["imageUri"] });
    expect(Parameters).to.have.nested.property("ProcessingResources.ClusterConfig.InstanceType", "ml.m5.xlarge");
  });

  it("take the place of the predict function, and of its alarms", async () => {
    const graph = await graphOf("prod");
    const names = [...resourcesOf(graph, types.function), ...resourcesOf(graph, alarmType)].map(({ inputs }) =>
      String(inputs["name"]),
    );
    expect(
      names.filter((name) => name.startsWith("metercast-prod-predict-") || name === "metercast-prod-predict"),
    ).to.deep.equal([]);
    expect(resourcesOf(await graphOf("dev"), "awsx:ecr:Image")).to.deep.equal([]);
  });

  it("let the machine run that job, pass that role to SageMaker only, and hear of its end", async () => {
    const graph = await graphOf("prod");
    const found = allowed(graph, "metercast-prod-inference-machine");
    expect(found).to.deep.include({
      RunProcessingJob: [
        "sagemaker:AddTags sagemaker:CreateProcessingJob sagemaker:DescribeProcessingJob sagemaker:ListTags sagemaker:StopProcessingJob",
        [aws("sagemaker", "processing-job/metercast-prod-*")],
      ],
      PassJobRole: ["iam:PassRole", [`arn:aws:iam::${account}:role/metercast-prod-predict-job`]],
      HearOfJob: [
        "events:DescribeRule events:PutRule events:PutTargets",
        [aws("events", "rule/StepFunctionsGetEventsForSageMakerProcessingJobsRule")],
      ],
    });
    expect(found).to.not.have.property("InvokePredict");
    const pass = statementsOf(graph, "metercast-prod-inference-machine").find(({ Sid }) => Sid === "PassJobRole");
    expect(pass).to.have.nested.property("Condition.StringEquals.iam:PassedToService", "sagemaker.amazonaws.com");
  });

  it("let the job read features and its model, write predictions, and pull its image", async () => {
    const graph = await graphOf("prod");
    const data = `arn:aws:s3:::${bucketOf("prod")}`;
    expect(allowed(graph, "metercast-prod-predict-job")).to.deep.equal({
      ListBucket: ["s3:ListBucket", [data]],
      Read: ["s3:GetObject", [`${data}/features/*`, `${data}/models/${modelOf(graph).version}/*`]],
      WritePredictions: ["s3:PutObject", [`${data}/predictions/*`]],
      PullImage: [
        "ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer",
        [aws("ecr", `repository/${repository}`)],
      ],
      EnterRegistry: ["ecr:GetAuthorizationToken", "*"],
      WriteLog: [
        "logs:CreateLogGroup logs:CreateLogStream logs:DescribeLogStreams logs:PutLogEvents",
        [
          aws("logs", "log-group:/aws/sagemaker/ProcessingJobs"),
          aws("logs", "log-group:/aws/sagemaker/ProcessingJobs:*"),
        ],
      ],
      WriteFigures: ["cloudwatch:PutMetricData", "*"],
    });
  });
});

describe("An environment without predictions", () => {
  const evaluateWithout = async (datasets: TeamDataset[]): Promise<Graph> => {
    const environment: Environment = { ...dev(), datasets };
    delete environment.inference;
    delete environment.dashboard;
    return (await evaluate(environment)).graph;
  };

  it("declares nothing of runs", async () => {
    const graph = await evaluateWithout([]);
    const foreign = /aws:(sfn|scheduler|sns|sqs)|awsx:|MetricAlarm|BucketObject|metercast:inference/;
    expect(graph.resources.filter(({ type }) => foreign.test(type)).map(({ id }) => id)).to.deep.equal([]);
    const tables = resourcesOf(graph, types.table).map(({ inputs }) => inputs["name"]);
    expect(tables).to.not.include("predictions");
    expect(tables).to.not.include("readings_by_day");
    expect(graph.outputs["runs"]).to.equal(null);
    const { inputs } = resource(
      graph,
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      bucketOf("dev"),
    );
    expect((inputs["rules"] as { id: string }[]).map(({ id }) => id)).to.deep.equal([
      ...["raw-messages", "query-results", "broken-uploads"],
    ]);
  });

  it("makes the team's own datasets, on their schedules, and those that they can be made of", async () => {
    const onDemand: TeamDataset = {
      name: "other",
      sql: "select * from readings",
      timeZone: "Europe/Dublin",
      windowDays: 2,
      deliver: "dataset/mine/!{scheduleTime}/!{versionId}.csv",
      keep: { days: 30 },
    };
    const graph = await evaluateWithout([{ ...onDemand, name: "mine", schedule: "cron(0/15 * * * ? *)" }, onDemand]);
    expect(resourcesOf(graph, types.stateMachine).map(({ inputs }) => inputs["name"])).to.deep.equal([
      "metercast-dev-datasets",
    ]);
    expect(resourcesOf(graph, scheduler)).to.have.length(1);
    const { inputs } = resource(graph, scheduler, "metercast_dev_mine");
    expect(inputs).to.include({
      scheduleExpression: "cron(0/15 * * * ? *)",
      scheduleExpressionTimezone: "Europe/Dublin",
    });
    expect(inputs["target"]).to.deep.include({
      arn: machineArn("datasets"),
      input: '{"datasets":["mine"],"scheduleTime":"<aws.scheduler.scheduled-time>"}',
    });
    const tables = resourcesOf(graph, types.table).map(({ inputs: table }) => table["name"]);
    expect(tables).to.include("readings_by_day").and.to.not.include("predictions");
    expect(tables).to.not.include("monitor");
    expect(check(graph)).to.deep.equal([]);
  });
});
