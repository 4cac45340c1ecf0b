import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  Dashboard,
  DataLake,
  DatasetRefresh,
  DeviceRegistry,
  InferenceSchedule,
  LeftOut,
  MeterIngestion,
  Notifications,
  Timetable,
  WeatherIngestion,
  environmentTags,
  makesDatasets,
  modelPlan,
  refreshedDataSets,
  tagging,
} from "../components/index.ts";
import type { Environment } from "../environments/index.ts";
import { publishTopics, topicRules } from "../environments/index.ts";
import { StackError } from "./stack.ts";

/** What publishers, queries and people need to know of a deployed environment. */
export interface StackOutputs {
  /** Name of the environment. */
  environment: string;
  /** AWS region. */
  region: string;
  /** Host of AWS IoT's data plane: MQTT and HTTPS. */
  endpoint: pulumi.Output<string>;
  /** Topics to publish to, `{city}` and `{type}` to be filled in; null where no rule says one. */
  topics: { meters: Record<string, string | null>; weather: string | null };
  /** Bucket of the data. */
  bucket: pulumi.Output<string>;
  /** Glue database of the tables and views. */
  database: pulumi.Output<string>;
  /** Athena workgroup for queries. */
  workgroup: pulumi.Output<string>;
  /** What makes datasets and predictions; null in an environment that makes none. */
  runs: Runs | null;
  /** What people look at; null in an environment that has no dashboard. */
  dashboard: Shown | null;
}

/** The dashboard, and the ways to it. */
export interface Shown {
  /** Its id in QuickSight. */
  id: pulumi.Output<string>;
  /** Where people find it. */
  url: pulumi.Output<string>;
  /** For a page of the team's own; null where no page may embed it. */
  embedding: {
    /** Address that gives a user's URL to signed requests. */
    url: pulumi.Output<string>;
    /** ARN of the policy that lets a role ask there. */
    callerPolicy: pulumi.Output<string>;
  } | null;
  /** The function that sends the digest by e-mail; null where nobody is to get it. */
  digest: { function: pulumi.Output<string> } | null;
}

/** The state machines, and where their failures are told. */
export interface Runs {
  /** Makes datasets anew. */
  datasets: { stateMachine: pulumi.Output<string>; arn: pulumi.Output<string> };
  /** Makes predictions, and the datasets for them; null in an environment that makes none. */
  inference: {
    stateMachine: pulumi.Output<string>;
    arn: pulumi.Output<string>;
    /** Table of the predictions. */
    table: string;
    modelVersion: string;
  } | null;
  /** ARN of the topic that tells of failures, drift and alarms. */
  notifications: pulumi.Output<string>;
}

/**
 * Declares everything of an environment. It must run inside a Pulumi program: the engine's, or one with mocks.
 *
 * @returns The stack's outputs.
 */
export function program(environment: Environment): StackOutputs {
  const tags = environmentTags(environment);
  pulumi.runtime.registerStackTransformation(tagging(tags));
  const provider = new aws.Provider("aws", { region: regionOf(environment), defaultTags: { tags } });
  const { accountId } = aws.getCallerIdentityOutput({}, { provider });
  const { endpointAddress } = aws.iot.getEndpointOutput({ endpointType: "iot:Data-ATS" }, { provider });
  const rules = topicRules(environment);
  const topics = publishTopics(environment);

  const lake = new DataLake("lake", { environment, accountId }, { provider });
  const leftOut = new LeftOut("left-out", { environment, accountId, lake, rules }, { provider });
  const registry = new DeviceRegistry("registry", { environment, accountId, topics }, { provider });
  const shared = { environment, accountId, lake, leftOut, registry, rules };
  new MeterIngestion("meters", shared, { provider });
  new WeatherIngestion("weather", shared, { provider });
  const made = makesDatasets(environment) ? declareRuns({ environment, accountId, lake }, { provider }) : null;

  return {
    environment: environment.name,
    region: environment.region,
    endpoint: endpointAddress,
    topics: {
      meters: Object.fromEntries(environment.meterTypes.map(({ type }) => [type, topics.meters[type] ?? null])),
      weather: topics.weather ?? null,
    },
    bucket: lake.bucketName,
    database: lake.databaseName,
    workgroup: lake.workgroupName,
    runs: made?.runs ?? null,
    dashboard: made?.dashboard ?? null,
  };
}

/** Declares what makes datasets and, where the environment says how, predictions and the dashboard of them. */
function declareRuns(
  shared: { environment: Environment; accountId: pulumi.Input<string>; lake: DataLake },
  opts: pulumi.ComponentResourceOptions,
): { runs: Runs; dashboard: Shown | null } {
  const { environment } = shared;
  const { inference } = environment;
  const model = inference === undefined ? undefined : modelPlan(inference.model);
  const addresses = inference?.notify ?? [];

  const notifications = new Notifications("notifications", { environment: environment.name, addresses }, opts);
  const timetable = new Timetable("timetable", { environment: environment.name, notifications }, opts);
  const told = { ...shared, notifications, timetable };
  const refresh = new DatasetRefresh("datasets", { ...told, reference: model?.reference ?? {} }, opts);
  const predictions =
    inference === undefined || model === undefined
      ? null
      : {
          schedule: new InferenceSchedule(
            "inference",
            { ...told, inference, model, refresh, refreshes: refreshedDataSets(environment) },
            opts,
          ),
          modelVersion: model.version,
        };
  const dashboard =
    environment.dashboard === undefined
      ? null
      : new Dashboard("dashboard", { ...told, dashboard: environment.dashboard }, opts);
  return {
    runs: {
      datasets: { stateMachine: refresh.machineName, arn: refresh.machineArn },
      inference: predictions && {
        stateMachine: predictions.schedule.machineName,
        arn: predictions.schedule.machineArn,
        table: "predictions",
        modelVersion: predictions.modelVersion,
      },
      notifications: notifications.topicArn,
    },
    dashboard: dashboard && {
      id: dashboard.dashboardId,
      url: dashboard.url,
      embedding: dashboard.embedding
        ? { url: dashboard.embedding.url, callerPolicy: dashboard.embedding.callerPolicyArn }
        : null,
      digest: dashboard.digest ? { function: dashboard.digest.functionName } : null,
    },
  };
}

/** A region that the provider does not know is found here, not by the first call to a host that does not exist. */
function regionOf({ region }: Environment): aws.Region {
  const known = Object.values(aws.Region).find((name) => name === region);
  if (known === undefined) {
    throw new StackError(
      `the provider knows no region "${region}": there are ${Object.values(aws.Region).sort().join(", ")}`,
    );
  }
  return known;
}
