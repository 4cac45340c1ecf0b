import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../environments/index.ts";
import { databaseName, partName } from "../naming/names.ts";
import { GlueTable } from "./glue-table.ts";
import { GlueView } from "./glue-view.ts";
import { LakeBucket } from "./lake-bucket.ts";
import { athenaResultsFolder } from "./lifecycle.ts";
import { makesDatasets } from "./made-tables.ts";
import type { TablePlan, ViewPlan } from "./tables.ts";
import { lakePlan } from "./tables.ts";

export interface DataLakeArgs {
  /** The environment: its name, region, protection, retention, and the activities that give the tables their columns. */
  environment: Environment;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /**
   * Bytes that one query may read before Athena cancels it.
   *
   * @default 10 GiB, five cents at the price of us-east-1
   */
  bytesPerQuery?: number;
}

const defaultBytesPerQuery = 10 * 1024 ** 3;

/**
 * Where an environment's data live: the bucket, the Glue database with its tables and views, and the Athena workgroup
 * in which the team asks them.
 */
export class DataLake extends pulumi.ComponentResource {
  /** Name of the bucket. */
  readonly bucketName: pulumi.Output<string>;
  /** ARN of the bucket. */
  readonly bucketArn: pulumi.Output<string>;
  /** Name of the Glue database. */
  readonly databaseName: pulumi.Output<string>;
  /** Name of the Athena workgroup. */
  readonly workgroupName: pulumi.Output<string>;
  /** Where the delivery streams land. */
  readonly landing: { readonly readings: GlueTable; readonly weather: GlueTable; readonly leftOut: GlueTable };
  /** What the state machines' runs fill: datasets that are stored, and predictions. */
  readonly made: readonly GlueTable[];

  constructor(name: string, args: DataLakeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("metercast:lake:DataLake", name, { environment: args.environment.name }, opts);
    const { environment } = args;
    const { protect } = environment;
    const plan = lakePlan(environment);

    const child = { parent: this };

    const bucket = createBucket();
    const database = createDatabase();
    const landing = {
      readings: createTable(plan.readings, protect),
      weather: createTable(plan.weather, protect),
      leftOut: createTable(plan.leftOut, protect),
    };
    createTable(plan.deliveryFailures, false);
    createTable(plan.buildings, false);
    // What they show is made anew from the landing tables.
    const made = plan.made.map((table) => createTable(table, false));
    plan.views.forEach(createView);
    const workgroup = createWorkgroup();

    this.bucketName = bucket.bucketName;
    this.bucketArn = bucket.arn;
    this.databaseName = database.name;
    this.workgroupName = workgroup.name;
    this.landing = landing;
    this.made = made;
    this.registerOutputs({
      bucketName: this.bucketName,
      databaseName: this.databaseName,
      workgroupName: this.workgroupName,
    });

    function createBucket() {
      return new LakeBucket(
        `${name}-bucket`,
        {
          environment: environment.name,
          region: environment.region,
          accountId: args.accountId,
          protect,
          rawRetentionDays: environment.ingestion.rawRetentionDays,
          makesDatasets: makesDatasets(environment),
        },
        child,
      );
    }

    function createDatabase() {
      return new aws.glue.CatalogDatabase(
        `${name}-database`,
        { name: databaseName(environment.name), description: `metercast, environment ${environment.name}` },
        { ...child, protect },
      );
    }

    function createTable(table: TablePlan, guarded: boolean) {
      return new GlueTable(
        `${name}-${table.name}`,
        { database: database.name, bucket: bucket.bucketName, table, protect: guarded },
        child,
      );
    }

    function createView(view: ViewPlan) {
      new GlueView(`${name}-${view.name}-view`, { database: database.name, view }, child);
    }

    function createWorkgroup() {
      return new aws.athena.Workgroup(
        `${name}-workgroup`,
        {
          name: partName("aws:athena/workgroup:Workgroup", environment.name),
          description: `Queries of the environment ${environment.name}`,
          // A workgroup with saved queries can only be deleted by force.
          forceDestroy: !protect,
          configuration: {
            // What stands here holds for every query, whatever its client asks for.
            enforceWorkgroupConfiguration: true,
            publishCloudwatchMetricsEnabled: true,
            bytesScannedCutoffPerQuery: args.bytesPerQuery ?? defaultBytesPerQuery,
            engineVersion: { selectedEngineVersion: "Athena engine version 3" },
            resultConfiguration: {
              outputLocation: pulumi.interpolate`s3://${bucket.bucketName}/${athenaResultsFolder}/`,
              expectedBucketOwner: args.accountId,
              encryptionConfiguration: { encryptionOption: "SSE_S3" },
            },
          },
        },
        child,
      );
    }
  }
}
