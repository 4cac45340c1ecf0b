import { expect } from "chai";
import type { Graph } from "../../graph/index.ts";
import { evaluateProgram } from "../../graph/evaluate-program.ts";
import { evaluate } from "../../graph/index.ts";
import { TransformFunction } from "../../components/ingestion/transform-function.ts";
import { loadEnvironment } from "../../environments/index.ts";
import type { TransformConfig } from "../../lambdas/transform/config.ts";
import { evaluationOf, graphOf, resource, resourcesOf, statementsOf, types } from "./graphs.ts";

const firehose = (name: string) => `arn:aws:firehose:us-east-1:123456789012:deliverystream/${name}`;
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

const stream = (graph: Graph, name: string) => resource(graph, types.stream, name);

/** The bytes of a file in a function's archive. */
async function archived(environment: "dev" | "prod", name: string, file: string): Promise<string> {
  const { graph, assets } = await evaluationOf(environment);
  const { code } = resource(graph, types.function, name).inputs as {
    code: { $archive: Record<string, { $asset: string }> };
  };
  return Buffer.from(assets.get(code.$archive[file]?.$asset ?? "") ?? "").toString();
}

describe("A topic rule", () => {
  it("stands for each meter type and for weather, with SQL that keeps the message whole", async () => {
    const rules = resourcesOf(await graphOf("dev"), types.topicRule).map(({ inputs }) => [
      inputs["name"],
      inputs["sql"],
    ]);
    const sql = (filter: string) =>
      `SELECT encode(*, 'base64') AS payload, topic() AS topic, clientid() AS client, timestamp() AS received FROM '${filter}'`;
    expect(rules).to.have.deep.members([
      ["metercast_dev_electricity", sql("metercast/dev/+/meter/electricity")],
      ["metercast_dev_chilledwater", sql("metercast/dev/+/meter/chilledwater")],
      ["metercast_dev_steam", sql("metercast/dev/+/meter/steam")],
      ["metercast_dev_hotwater", sql("metercast/dev/+/meter/hotwater")],
      ["metercast_dev_weather", sql("metercast/dev/+/weather")],
    ]);
  });

  it("sends each message as a line of its own to its pipeline's stream, and a failed one to left_out", async () => {
    for (const { inputs } of resourcesOf(await graphOf("dev"), types.topicRule)) {
      const pipeline = inputs["name"] === "metercast_dev_weather" ? "weather" : "readings";
      expect(inputs).to.deep.include({
        enabled: true,
        sqlVersion: "2016-03-23",
        firehoses: [
          {
            deliveryStreamName: `metercast-dev-${pipeline}`,
            roleArn: role(`metercast-dev-${pipeline}-rules`),
            separator: "\n",
            batchMode: false,
          },
        ],
        errorAction: {
          firehose: {
            deliveryStreamName: "metercast-dev-left-out",
            roleArn: role("metercast-dev-left-out-rules"),
            separator: "\n",
            batchMode: false,
          },
        },
      });
    }
  });

  it("waits for its roles and their policies", async () => {
    const graph = await graphOf("dev");
    const { references } = resource(graph, types.topicRule, "metercast_dev_steam");
    for (const name of ["metercast-dev-readings-rules", "metercast-dev-left-out-rules"]) {
      expect(references).to.include(resource(graph, types.rolePolicy, name).id);
    }
  });
});

describe("A delivery stream", () => {
  it("writes Parquet by date of arrival, by the schema of its landing table", async () => {
    const graph = await graphOf("dev");
    for (const [name, folder] of [
      ["readings", "readings"],
      ["weather", "weather"],
      ["left-out", "left_out"],
    ] as const) {
      const { inputs } = stream(graph, `metercast-dev-${name}`);
      expect(inputs).to.deep.include({
        destination: "extended_s3",
        serverSideEncryption: { enabled: true, keyType: "AWS_OWNED_CMK" },
      });
      expect(inputs["extendedS3Configuration"]).to.deep.include({
        bucketArn: "arn:aws:s3:::metercast-dev-123456789012-us-east-1",
        roleArn: role(`metercast-dev-${name}-delivery`),
        prefix: `${folder}/dt=!{timestamp:yyyy-MM-dd}/`,
        errorOutputPrefix: `errors/${folder}/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/`,
        bufferingSize: 64,
        bufferingInterval: 60,
        compressionFormat: "UNCOMPRESSED",
        cloudwatchLoggingOptions: {
          enabled: true,
          logGroupName: `/aws/kinesisfirehose/metercast-dev-${name}`,
          logStreamName: "delivery",
        },
        dataFormatConversionConfiguration: {
          inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
          outputFormatConfiguration: { serializer: { parquetSerDe: { compression: "SNAPPY" } } },
          schemaConfiguration: {
            databaseName: "metercast_dev",
            tableName: `${folder}_landing`,
            region: "us-east-1",
            roleArn: role(`metercast-dev-${name}-delivery`),
          },
        },
      });
    }
  });

  it("sends its records through a published version of its transform, without parameters that are defaults", async () => {
    expect(stream(await graphOf("dev"), "metercast-dev-readings").inputs)
      .to.have.nested.property("extendedS3Configuration.processingConfiguration")
      .that.deep.equals({
        enabled: true,
        processors: [
          {
            type: "Lambda",
            parameters: [
              {
                parameterName: "LambdaArn",
                parameterValue: "arn:aws:lambda:us-east-1:123456789012:function:metercast-dev-readings-transform:1",
              },
            ],
          },
        ],
      });
  });

  it("keeps the raw messages, compressed, but for left_out, whose rows carry their own", async () => {
    const graph = await graphOf("dev");
    for (const name of ["readings", "weather"]) {
      const { extendedS3Configuration: configuration } = stream(graph, `metercast-dev-${name}`).inputs;
      expect(configuration).to.include({ s3BackupMode: "Enabled" });
      expect(configuration)
        .to.have.property("s3BackupConfiguration")
        .that.deep.equals({
          bucketArn: "arn:aws:s3:::metercast-dev-123456789012-us-east-1",
          roleArn: role(`metercast-dev-${name}-delivery`),
          prefix: `channel/${name}/dt=!{timestamp:yyyy-MM-dd}/`,
          errorOutputPrefix: `errors/channel/${name}/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/`,
          bufferingSize: 64,
          bufferingInterval: 60,
          compressionFormat: "GZIP",
          cloudwatchLoggingOptions: {
            enabled: true,
            logGroupName: `/aws/kinesisfirehose/metercast-dev-${name}`,
            logStreamName: "channel",
          },
        });
    }
    const { extendedS3Configuration: leftOut } = stream(graph, "metercast-dev-left-out").inputs;
    expect(leftOut).to.not.have.any.keys("s3BackupMode", "s3BackupConfiguration");
  });

  it("buffers as the environment says", async () => {
    const dev = loadEnvironment("environments/dev.yaml");
    const ingestion = { ...dev.ingestion, bufferSeconds: 300, bufferMegabytes: 128 };
    const { graph } = await evaluate({ ...dev, ingestion });
    const { extendedS3Configuration: configuration } = stream(graph, "metercast-dev-weather").inputs;
    const buffering = { bufferingInterval: 300, bufferingSize: 128 };
    expect(configuration).to.include(buffering);
    expect(configuration).to.have.property("s3BackupConfiguration").that.includes(buffering);
  });

  it("is refused a buffer too small for Parquet", async () => {
    const dev = loadEnvironment("environments/dev.yaml");
    const failure = await evaluate({ ...dev, ingestion: { ...dev.ingestion, bufferMegabytes: 5 } }).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(failure).to.contain("ingestion.bufferMegabytes is 5: Firehose converts to Parquet from 64 on");
  });
});

describe("A transform", () => {
  it("runs on Node 24 and arm64 within Firehose's five minutes, and writes JSON to a log of its own", async () => {
    const transforms = resourcesOf(await graphOf("dev"), types.function).filter(({ parent }) =>
      parent?.includes("metercast:ingestion:TransformFunction"),
    );
    expect(transforms).to.have.length(3);
    for (const { inputs } of transforms) {
      expect(inputs).to.deep.include({
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        timeout: 120,
        publish: true,
        loggingConfig: {
          logFormat: "JSON",
          logGroup: `/aws/lambda/${String(inputs["name"])}`,
          applicationLogLevel: "INFO",
          systemLogLevel: "WARN",
        },
      });
    }
  });

  it("of a pipeline knows where to put what it leaves out; that of left_out does not call anything", async () => {
    const graph = await graphOf("dev");
    const environmentOf = (name: string) => resource(graph, types.function, name).inputs["environment"];
    const variables = { LEFT_OUT_STREAM: "metercast-dev-left-out" };
    expect(environmentOf("metercast-dev-readings-transform")).to.deep.equal({ variables });
    expect(environmentOf("metercast-dev-weather-transform")).to.deep.equal({ variables });
    expect(environmentOf("metercast-dev-left-out-transform")).to.equal(undefined);
  });

  it("is the bundle and its configuration", async () => {
    expect(await archived("dev", "metercast-dev-readings-transform", "index.mjs")).to.match(/handler/);
    const config = JSON.parse(
      await archived("dev", "metercast-dev-readings-transform", "config.json"),
    ) as TransformConfig;
    expect(config).to.deep.include({ pipeline: "readings", environment: "dev", holidays: {} });
    expect(config.activities).to.deep.equal([
      { kind: "filter", name: "filter: building_id <> 1099", filter: "building_id <> 1099", meter: 2 },
    ]);
    const leftOut = JSON.parse(await archived("prod", "metercast-prod-left-out-transform", "config.json")) as object;
    expect(leftOut).to.have.nested.property("rules.metercast_prod_steam", "readings");
  });

  it("is refused longer than Firehose waits", async () => {
    const failure = await evaluateProgram(() => {
      new TransformFunction("slow", {
        environment: "test",
        accountId: "123456789012",
        part: "slow",
        bundle: "transform",
        logRetentionDays: 30,
        timeoutSeconds: 301,
      });
      return {};
    }).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(failure).to.contain("timeoutSeconds is 301: Firehose waits 300 seconds for a transform, set that or less");
  });

  it("drops building 1099's steam in production too", async () => {
    const config = JSON.parse(
      await archived("prod", "metercast-prod-readings-transform", "config.json"),
    ) as TransformConfig;
    expect(config.activities).to.deep.include({
      kind: "filter",
      name: "filter: building_id <> 1099",
      filter: "building_id <> 1099",
      meter: 2,
    });
    expect(config.cities).to.have.length(16);
  });
});

/** By the last word of a role's name. */
const serviceOf: Record<string, string> = {
  rules: "iot",
  delivery: "firehose",
  machine: "states",
  schedule: "scheduler",
  job: "sagemaker",
  source: "quicksight",
  ...Object.fromEntries(
    ["transform", "plan", "publish", "features", "predict", "watch", "digest"].map((name) => [name, "lambda"]),
  ),
};

describe("A role", () => {
  it("of a pipeline's rules puts single records into that pipeline's stream, and nothing else", async () => {
    const graph = await graphOf("dev");
    for (const name of ["readings", "weather", "left-out"]) {
      expect(statementsOf(graph, `metercast-dev-${name}-rules`)).to.deep.equal([
        {
          Sid: "PutRecord",
          Effect: "Allow",
          Action: ["firehose:PutRecord"],
          Resource: [firehose(`metercast-dev-${name}`)],
        },
      ]);
    }
  });

  it("of a pipeline's transform writes its log and puts into left_out; that of left_out writes its log", async () => {
    const graph = await graphOf("dev");
    const log = (name: string) => ({
      Sid: "WriteLog",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: [`arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/${name}:*`],
    });
    expect(statementsOf(graph, "metercast-dev-weather-transform")).to.deep.equal([
      log("metercast-dev-weather-transform"),
      {
        Sid: "PutLeftOut",
        Effect: "Allow",
        Action: ["firehose:PutRecordBatch"],
        Resource: [firehose("metercast-dev-left-out")],
      },
    ]);
    expect(statementsOf(graph, "metercast-dev-left-out-transform")).to.deep.equal([
      log("metercast-dev-left-out-transform"),
    ]);
  });

  it("of a delivery reaches its own folders, table, transform and log streams", async () => {
    const graph = await graphOf("dev");
    const resources = statementsOf(graph, "metercast-dev-weather-delivery").flatMap(({ Resource }) => Resource);
    const bucket = "arn:aws:s3:::metercast-dev-123456789012-us-east-1";
    const aws = (service: string, rest: string) => `arn:aws:${service}:us-east-1:123456789012:${rest}`;
    const logs = aws("logs", "log-group:/aws/kinesisfirehose/metercast-dev-weather:log-stream:");
    expect(resources).to.have.members([
      bucket,
      `${bucket}/weather/*`,
      `${bucket}/errors/weather/*`,
      `${bucket}/channel/weather/*`,
      `${bucket}/errors/channel/weather/*`,
      aws("glue", "catalog"),
      aws("glue", "database/metercast_dev"),
      aws("glue", "table/metercast_dev/weather_landing"),
      aws("lambda", "function:metercast-dev-weather-transform:*"),
      `${logs}channel`,
      `${logs}delivery`,
    ]);
  });

  it("is taken by one service, and is there with its policy before what uses it", async () => {
    const graph = await graphOf("dev");
    for (const { inputs } of resourcesOf(graph, types.role)) {
      const name = String(inputs["name"]);
      const service = serviceOf[name.split("-").at(-1) ?? ""];
      expect(inputs["assumeRolePolicy"], name).to.contain(`{"Service":"${service}.amazonaws.com"}`);
      if (service !== "lambda") {
        expect(inputs["assumeRolePolicy"], name).to.contain('"aws:SourceAccount":"123456789012"');
      }
    }
    for (const type of [types.stream, types.function, types.stateMachine]) {
      for (const user of resourcesOf(graph, type)) {
        const policies = user.references.filter((id) => id.includes(types.rolePolicy));
        expect(policies, user.id).to.have.length(1);
      }
    }
  });

  it("is not shared, and there is none that nobody uses", async () => {
    const graph = await graphOf("dev");
    const roles = resourcesOf(graph, types.role);
    expect(roles).to.have.length(20);
    for (const { id } of roles) {
      expect(
        graph.resources.some(({ references, type }) => type !== types.rolePolicy && references.includes(id)),
        id,
      ).to.equal(true);
    }
  });
});
