import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { datasets } from "../../datasets/index.ts";
import { loadEnvironment } from "../../environments/index.ts";
import { evaluateProgram } from "../../graph/evaluate-program.ts";
import { program } from "../program.ts";
import { graphOf, resource, resourcesOf, types } from "./graphs.ts";

const s3 = (part: string) => `aws:s3/bucket${part}:Bucket${part}`;
const bucket = (name: string) => `metercast-${name}-123456789012-us-east-1`;

interface View {
  originalSql: string;
  schema: string;
  columns: { name: string; type: string }[];
}

describe("The bucket", () => {
  it("is encrypted, never public, its owner's only, and reached by TLS only", async () => {
    const graph = await graphOf("prod");
    const setting = (part: string) => resource(graph, s3(part), bucket("prod")).inputs;
    expect(setting("ServerSideEncryptionConfiguration")["rules"]).to.deep.equal([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    expect(setting("PublicAccessBlock")).to.deep.include({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(setting("OwnershipControls")["rule"]).to.deep.equal({ objectOwnership: "BucketOwnerEnforced" });
    expect(setting("Policy")["policy"]).to.contain(
      '"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"',
    );
  });

  it("forgets raw messages after the environment's retention", async () => {
    const { inputs } = resource(await graphOf("dev"), s3("LifecycleConfiguration"), bucket("dev"));
    expect(inputs["rules"]).to.deep.include({
      id: "raw-messages",
      status: "Enabled",
      filter: { prefix: "channel/" },
      expiration: { days: loadEnvironment("environments/dev.yaml").ingestion.rawRetentionDays },
    });
  });
});

describe("The Glue database", () => {
  it("has the landing tables, delivery failures, the register of buildings, what runs make, and the views", async () => {
    const tables = resourcesOf(await graphOf("dev"), types.table);
    expect(tables.map(({ inputs }) => [inputs["name"], inputs["tableType"]])).to.have.deep.members([
      ["readings_landing", "EXTERNAL_TABLE"],
      ["weather_landing", "EXTERNAL_TABLE"],
      ["left_out_landing", "EXTERNAL_TABLE"],
      ["delivery_failures", "EXTERNAL_TABLE"],
      ["buildings", "EXTERNAL_TABLE"],
      ...datasets.filter(({ stored }) => stored !== "no").map(({ name }) => [name, "EXTERNAL_TABLE"]),
      ["predictions", "EXTERNAL_TABLE"],
      ["readings", "VIRTUAL_VIEW"],
      ["weather", "VIRTUAL_VIEW"],
      ["left_out", "VIRTUAL_VIEW"],
    ]);
    for (const { inputs } of tables) expect(inputs["databaseName"]).to.equal("metercast_dev");
  });

  it("projects the partitions of a landing table from where its stream writes", async () => {
    const { inputs } = resource(await graphOf("dev"), types.table, "left_out_landing");
    expect(inputs["parameters"]).to.include({
      "projection.enabled": "true",
      "projection.dt.type": "date",
      "storage.location.template": `s3://${bucket("dev")}/left_out/dt=\${dt}/`,
    });
    expect(inputs["partitionKeys"]).to.deep.equal([{ name: "dt", type: "date", comment: "date of arrival, UTC" }]);
    expect(inputs["storageDescriptor"]).to.deep.include({
      location: `s3://${bucket("dev")}/left_out/`,
      inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
      serDeInfo: { serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
    });
  });

  it("reads a dataset's current files from manifests, a day in each folder", async () => {
    const { inputs } = resource(await graphOf("dev"), types.table, "readings_by_day");
    const location = `s3://${bucket("dev")}/datasets/readings_by_day/current/`;
    expect(inputs["parameters"]).to.deep.equal({
      "EXTERNAL": "TRUE",
      "classification": "parquet",
      "projection.enabled": "true",
      "projection.dt.type": "date",
      "projection.dt.format": "yyyy-MM-dd",
      // The days that readings tell of: from the first that is accepted on.
      "projection.dt.range": "2000-01-01,NOW+1DAYS",
      "storage.location.template": `${location}dt=\${dt}/`,
    });
    expect(inputs["storageDescriptor"]).to.deep.include({
      location,
      inputFormat: "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat",
      serDeInfo: { serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
    });
  });

  it("has the columns of the landing table in readings_by_day, and those of the dataset's header in the others", async () => {
    const graph = await graphOf("dev");
    const columnsOf = (table: string) =>
      (resource(graph, types.table, table).inputs["storageDescriptor"] as { columns: { name: string }[] }).columns;
    expect(columnsOf("readings_by_day")).to.deep.equal(columnsOf("readings_landing"));
    expect(columnsOf("monitor").map(({ name }) => name)).to.include.members(["meter", "city", "week_rmsle", "ratio"]);
  });

  it("has a row of predictions per building, meter type, hour and forecast, by the date of the forecast", async () => {
    const { inputs } = resource(await graphOf("dev"), types.table, "predictions");
    const { columns, location } = inputs["storageDescriptor"] as {
      columns: { name: string; type: string }[];
      location: string;
    };
    expect(columns.map(({ name, type }) => `${name} ${type}`)).to.deep.equal([
      ...["building_id int", "meter int", "city string", "timestamp timestamp", "predicted double"],
      ...["model_version string", "run_id string", "forecast_start timestamp"],
    ]);
    expect(location).to.equal(`s3://${bucket("dev")}/predictions/`);
    expect(inputs["partitionKeys"]).to.deep.equal([
      { name: "dt", type: "date", comment: "date of forecast_start, UTC" },
    ]);
  });

  it("reads the register of buildings as lines of JSON", async () => {
    const { inputs } = resource(await graphOf("dev"), types.table, "buildings");
    expect(inputs["storageDescriptor"]).to.deep.include({
      location: `s3://${bucket("dev")}/buildings/`,
      serDeInfo: { serializationLibrary: "org.openx.data.jsonserde.JsonSerDe" },
      columns: [
        { name: "building_id", type: "int" },
        { name: "site_id", type: "int" },
        { name: "primary_use", type: "string" },
        { name: "square_feet", type: "double" },
        { name: "year_built", type: "int" },
        { name: "floor_count", type: "int" },
      ],
    });
  });

  it("has views whose Presto columns agree with their Hive columns one by one", async () => {
    const hive: Record<string, string> = {
      "integer": "int",
      "bigint": "bigint",
      "double": "double",
      "varchar": "string",
      "date": "date",
      "timestamp(3)": "timestamp",
    };
    for (const { inputs } of resourcesOf(await graphOf("prod"), types.table)) {
      if (inputs["tableType"] !== "VIRTUAL_VIEW") continue;
      expect(inputs).to.deep.include({
        parameters: { presto_view: "true", comment: "Presto View" },
        viewExpandedText: "/* Presto View */",
      });
      const encoded = String(inputs["viewOriginalText"]).replace(/^\/\* Presto View: | \*\/$/g, "");
      const view = JSON.parse(Buffer.from(encoded, "base64").toString()) as View;
      const { columns } = inputs["storageDescriptor"] as { columns: { name: string; type: string }[] };
      expect(view.schema).to.equal("metercast_prod");
      expect(view.columns.map(({ name, type }) => [name, hive[type]])).to.deep.equal(
        columns.map(({ name, type }) => [name, type]),
      );
      expect(view.originalSql).to.contain(`FROM "${String(inputs["name"])}_landing"`);
      expect(view.originalSql).to.match(new RegExp(`^SELECT ${columns.map(({ name }) => `"${name}"`).join(", ")}\n`));
    }
  });
});

describe("The Athena workgroup", () => {
  it("holds every query to its own result folder, encryption and limit", async () => {
    const { inputs } = resource(await graphOf("dev"), "aws:athena/workgroup:Workgroup", "metercast-dev");
    expect(inputs["configuration"]).to.deep.include({
      enforceWorkgroupConfiguration: true,
      bytesScannedCutoffPerQuery: 10_737_418_240,
      resultConfiguration: {
        outputLocation: `s3://${bucket("dev")}/athena-results/`,
        expectedBucketOwner: "123456789012",
        encryptionConfiguration: { encryptionOption: "SSE_S3" },
      },
    });
  });
});

describe("Production", () => {
  /** Names of the resources that the stack would keep when they leave it. */
  async function retained(name: string): Promise<string[]> {
    const kept: string[] = [];
    await evaluateProgram(
      () => {
        pulumi.runtime.registerStackTransformation(({ type, opts }) => {
          if (opts.retainOnDelete === true) kept.push(type);
          return undefined;
        });
        return { ...program(loadEnvironment(`environments/${name}.yaml`)) };
      },
      { stack: name },
    );
    return kept;
  }

  it("protects what holds data, and what delivery needs to store them", async () => {
    const { resources } = await graphOf("prod");
    expect(
      resources
        .filter(({ protect }) => protect)
        .map(({ type, inputs }) => `${type} ${String(inputs["name"] ?? inputs["bucket"])}`),
    ).to.have.members([
      `${types.bucket} ${bucket("prod")}`,
      "aws:glue/catalogDatabase:CatalogDatabase metercast_prod",
      `${types.table} readings_landing`,
      `${types.table} weather_landing`,
      `${types.table} left_out_landing`,
      `${types.stream} metercast-prod-readings`,
      `${types.stream} metercast-prod-weather`,
      `${types.stream} metercast-prod-left-out`,
    ]);
  });

  it("keeps the bucket when it leaves the stack, and what was overwritten or deleted in it", async () => {
    const graph = await graphOf("prod");
    expect(await retained("prod")).to.deep.equal([types.bucket]);
    expect(resource(graph, types.bucket, bucket("prod")).inputs["forceDestroy"]).to.equal(false);
    expect(resource(graph, s3("Versioning"), bucket("prod")).inputs["versioningConfiguration"]).to.deep.equal({
      status: "Enabled",
    });
    expect(resource(graph, "aws:athena/workgroup:Workgroup", "metercast-prod").inputs["forceDestroy"]).to.equal(false);
  });

  it("is what development is not: that goes away with its stack", async () => {
    const graph = await graphOf("dev");
    expect(graph.resources.filter(({ protect }) => protect)).to.deep.equal([]);
    expect(await retained("dev")).to.deep.equal([]);
    expect(resource(graph, types.bucket, bucket("dev")).inputs["forceDestroy"]).to.equal(true);
    expect(resourcesOf(graph, s3("Versioning"))).to.deep.equal([]);
  });
});
