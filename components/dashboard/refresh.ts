import type { GivenMap, Payload, Retrier, State, Step } from "../inference/machine/asl.ts";
import type { Environment } from "../../environments/index.ts";
import type { Place } from "../naming/arns.ts";
import { arnOf } from "../naming/arns.ts";
import type { Statement } from "../policy/policy-document.ts";
import { dataSetPlans } from "./data-sets/plans.ts";
import { dataSetId } from "./names.ts";

/** A data set that a run refreshes when it has made its datasets. */
export interface RefreshedDataSet {
  id: string;
  type: "FULL_REFRESH" | "INCREMENTAL_REFRESH";
}

/** The data sets of an environment's dashboard that are kept in SPICE; none where it has no dashboard. */
export function refreshedDataSets(environment: Environment): RefreshedDataSet[] {
  const { dashboard } = environment;
  if (dashboard === undefined) return [];
  return dataSetPlans(environment, dashboard.refresh).flatMap(({ dataSet, mode }) =>
    mode.import === "SPICE"
      ? [
          {
            id: dataSetId(environment.name, dataSet),
            type: mode.refresh === "full" ? ("FULL_REFRESH" as const) : ("INCREMENTAL_REFRESH" as const),
          },
        ]
      : [],
  );
}

/** Seconds between two looks at an ingestion, and looks after which it is given up: half an hour. */
const pauseSeconds = 15;
const mostLooks = 120;

/** Ingestions at once: Athena runs their queries side by side, and the account has 20 of them or more. */
const atOnce = 4;

/** Where the data sets lie in the state. */
const listPath = "$.dashboard";

/** QuickSight is busy, or the connection broke (API reference, CreateIngestion and DescribeIngestion, errors). */
const transient: Retrier = {
  ErrorEquals: [
    "QuickSight.InternalFailureException",
    "QuickSight.ThrottlingException",
    "QuickSight.SdkClientException",
  ],
  IntervalSeconds: 5,
  MaxAttempts: 6,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  JitterStrategy: "FULL",
};

/**
 * The steps that refresh the dashboard's data sets: to stand behind the last step that makes datasets. The first puts the
 * list into the state, the second starts an ingestion for each and waits for its end. An ingestion is named after the
 * execution, so that a step that is tried again finds the one that it has started. The state is as it was behind them.
 */
export function refreshSteps(accountId: string, dataSets: readonly RefreshedDataSet[]): Step[] {
  if (dataSets.length === 0) return [];
  const ingestion: Payload = {
    "AwsAccountId": accountId,
    "DataSetId.$": "$.dataSet.id",
    "IngestionId.$": "States.Format('run-{}', $$.Execution.Name)",
  };
  const states: Record<string, State> = {
    "Start ingestion": {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:quicksight:createIngestion",
      Parameters: { ...ingestion, "IngestionType.$": "$.dataSet.type" },
      ResultPath: null,
      TimeoutSeconds: 60,
      Retry: [transient],
      Catch: [
        { ErrorEquals: ["QuickSight.ResourceExistsException"], ResultPath: "$.failure", Next: "Wait for ingestion" },
        { ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: "Ingestion not started" },
      ],
      Next: "Wait for ingestion",
    },
    "Wait for ingestion": { Type: "Wait", Seconds: pauseSeconds, Next: "Look at ingestion" },
    "Look at ingestion": {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:quicksight:describeIngestion",
      Parameters: ingestion,
      ResultSelector: { "status.$": "$.Ingestion.IngestionStatus", "ingestion.$": "$.Ingestion" },
      ResultPath: "$.seen",
      TimeoutSeconds: 60,
      Retry: [transient],
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: "Ingestion not started" }],
      Next: "Ingested?",
    },
    "Ingested?": {
      Type: "Choice",
      Choices: [
        { Variable: "$.seen.status", StringEquals: "COMPLETED", Next: "Ingested" },
        {
          Or: ["FAILED", "CANCELLED"].map((status) => ({ Variable: "$.seen.status", StringEquals: status })),
          Next: "Ingestion failed",
        },
        { Variable: "$.looks", NumericGreaterThanEquals: mostLooks, Next: "Ingestion takes too long" },
      ],
      Default: "Count looks",
    },
    "Count looks": {
      Type: "Pass",
      Parameters: { "dataSet.$": "$.dataSet", "looks.$": "States.MathAdd($.looks, 1)" },
      Next: "Wait for ingestion",
    },
    "Ingested": { Type: "Pass", Parameters: { "dataSet.$": "$.dataSet.id" }, End: true },
    "Ingestion failed": {
      Type: "Fail",
      Error: "IngestionFailed",
      CausePath:
        "States.Format('QuickSight did not take in the data set {}: {}', $.dataSet.id, States.JsonToString($.seen.ingestion))",
    },
    "Ingestion takes too long": {
      Type: "Fail",
      Error: "IngestionTooLong",
      CausePath: `States.Format('QuickSight has taken more than ${(pauseSeconds * mostLooks) / 60} minutes for the data set {}', $.dataSet.id)`,
    },
    "Ingestion not started": {
      Type: "Fail",
      ErrorPath: "$.failure.Error",
      CausePath: "States.Format('Refresh of the data set {}: {}', $.dataSet.id, $.failure.Cause)",
    },
  };
  const map: GivenMap = {
    Type: "Map",
    ItemsPath: listPath,
    ItemSelector: { "dataSet.$": "$$.Map.Item.Value", "looks": 1 },
    MaxConcurrency: atOnce,
    ResultPath: listPath,
    ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, StartAt: "Start ingestion", States: states },
  };
  return [
    {
      name: "Data sets of the dashboard",
      kind: "pass",
      pass: { Result: dataSets.map(({ id, type }) => ({ id, type })), ResultPath: listPath },
    },
    { name: "Refresh dashboard", kind: "given", map },
  ];
}

/** What the machine may do for {@link refreshSteps}: Service Authorization Reference, QuickSight. */
export function refreshPermissions(place: Place, dataSets: readonly RefreshedDataSet[]): Statement[] {
  if (dataSets.length === 0) return [];
  return [
    {
      sid: "RefreshDashboard",
      actions: ["quicksight:CreateIngestion", "quicksight:DescribeIngestion"],
      resources: dataSets.map(({ id }) => arnOf(place, "quicksight", `dataset/${id}/ingestion/*`)),
    },
  ];
}
