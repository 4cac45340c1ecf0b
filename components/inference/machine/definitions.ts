import type { Machine, Payload, State, Step, WayOut } from "./asl.ts";
import { chain } from "./asl.ts";
import type { DatasetParts } from "./dataset-steps.ts";
import { datasetSteps, refresh, runPath } from "./dataset-steps.ts";
import { failing, machine } from "./failure.ts";
import type { ProcessingJob } from "./processing-job.ts";
import { processingStep } from "./processing-job.ts";
import type { FunctionStep } from "./tasks.ts";
import { invoke, notify, query, statement } from "./tasks.ts";

/** What the datasets' machine is made of. */
export interface DatasetsMachine extends DatasetParts {
  environment: string;
  topicArn: string;
}

/** What the forecasts' machine is made of besides. */
export interface InferenceMachine extends DatasetsMachine {
  features: FunctionStep;
  watch: FunctionStep;
  /** What refreshes the dashboard when its datasets are there; nothing where there is none. */
  shown: readonly Step[];
  /** What predicts: a function for each city, or one job for all of them. */
  engine: { kind: "lambda"; predict: FunctionStep } | { kind: "sagemaker"; job: ProcessingJob };
}

/** Seconds that an execution may take in all: room for a year of datasets after a long stop, and an end to what hangs. */
export const longestRunSeconds = 6 * 3600;

/** Makes datasets anew: those whose input has changed, or those that its input names. */
export function datasetsDefinition(parts: DatasetsMachine): Machine {
  return machine(
    { Comment: `Datasets of the environment ${parts.environment}`, TimeoutSeconds: longestRunSeconds },
    datasetSteps(parts),
    {
      start: "Outcome",
      states: outcome({
        "run.$": `${runPath}.id`,
        "datasets.$": "$.datasets",
      }),
    },
    { ...parts, again: "metercast dataset run NAME" },
  );
}

/** Datasets, forecasts from the latest complete hour of each city, comparisons with what came true, and the watch over them. */
export function inferenceDefinition(parts: InferenceMachine): Machine {
  const telling = { ...parts, again: "metercast run" };
  const steps = [
    ...datasetSteps(parts),
    query("Latest hours", parts.place, { "QueryString.$": `${runPath}.latestHours.sql` }, "$.latest"),
    invoke(
      "Plan forecasts",
      parts.plan,
      { "step": "forecasts", "run.$": runPath, "result.$": "$.latest.ResultConfiguration.OutputLocation" },
      { path: "$.forecasts" },
    ),
    forecast(parts),
    ...(parts.engine.kind === "sagemaker" ? [processingStep("Predict", parts.engine.job)] : []),
    invoke("Plan comparisons", parts.plan, { "step": "comparisons", "run.$": runPath }, { path: "$.comparisons" }),
    refresh("Refresh comparisons", "$.comparisons", parts, " of comparisons"),
    invoke("Watch", parts.watch, { "run.$": runPath }, { path: "$.watched" }),
    // Behind what watches the predictions: they are there whatever QuickSight says.
    ...parts.shown,
  ];
  return machine(
    { Comment: `Predictions of the environment ${parts.environment}`, TimeoutSeconds: longestRunSeconds },
    steps,
    { start: "Drifted?", states: drift(parts, failing(telling).wayOut) },
    telling,
  );
}

/** The forecasts of each city: its past and its weather are read, made into features and, by functions, into predictions. */
function forecast({ place, features, engine }: InferenceMachine): Step {
  const make = (path: string) => ({ path, select: { "rows.$": "$.Payload.rows" } });
  const predict = engine.kind === "lambda" ? [engine.predict] : [];
  return {
    name: "Forecast cities",
    kind: "map",
    map: {
      ItemsPath: "$.forecasts.value.items",
      ItemSelector: { "item.$": "$$.Map.Item.Value", "run.$": runPath },
      subject: "$.item.id",
      MaxConcurrency: 4,
      // In the place of the items, whose statements would fill the state.
      ResultPath: "$.forecasts.value.items",
      steps: [
        query("Read readings", place, statement("$.item.readings"), "$.readings"),
        query("Read weather", place, statement("$.item.weather"), "$.weather"),
        invoke(
          "Features",
          features,
          {
            "run.$": "$.run",
            "item.$": "$.item",
            "readings.$": "$.readings.Statistics.DataManifestLocation",
            "weather.$": "$.weather.Statistics.DataManifestLocation",
          },
          engine.kind === "lambda" ? { path: "$.features" } : make("$"),
        ),
        ...predict.map((lambda) =>
          invoke("Predict", lambda, { "run.$": "$.run", "key.$": "$.features.value.key" }, make("$")),
        ),
      ],
    },
  };
}

/** Who is concerned is told of a drift, which is no failure: the predictions are there. */
function drift({ topicArn }: InferenceMachine, wayOut: WayOut): Record<string, State> {
  const letter = { "Subject.$": "$.watched.value.subject", "Message.$": "$.watched.value.message" };
  return {
    "Drifted?": {
      Type: "Choice",
      Choices: [{ Variable: "$.watched.value.drifted", BooleanEquals: true, Next: "Notify drift" }],
      Default: "Outcome",
    },
    ...chain([notify("Notify drift", topicArn, letter)], "Outcome", wayOut),
    ...outcome({
      "run.$": `${runPath}.id`,
      "rows.$": "$.watched.value.rows",
      "window.$": "$.forecasts.value.window",
      "rmsle.$": "$.watched.value.rmsle",
      "skipped.$": "$.forecasts.value.skipped",
      "drift": { "drifted.$": "$.watched.value.drifted", "message.$": "$.watched.value.message" },
    }),
  };
}

/** What an execution gives back. */
function outcome(output: Payload): Record<string, State> {
  return {
    ...chain([{ name: "Outcome", kind: "pass", pass: { Parameters: output } }], "Done", () => ({
      next: "Done",
      states: {},
    })),
    Done: { Type: "Succeed" },
  };
}
