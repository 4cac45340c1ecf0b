import validate from "asl-validator";
import { expect } from "chai";
import type { Machine, MapState, State, TaskState } from "../inference/machine/asl.ts";
import { refreshSteps } from "../dashboard/refresh.ts";
import { datasetsDefinition, inferenceDefinition, type InferenceMachine } from "../inference/machine/definitions.ts";

const step = (name: string) => ({
  arn: `arn:aws:lambda:us-east-1:123456789012:function:metercast-test-${name}:3`,
  timeoutSeconds: 120,
});
const topicArn = "arn:aws:sns:us-east-1:123456789012:metercast-test-notifications";
const parts: Omit<InferenceMachine, "engine"> = {
  environment: "test",
  topicArn,
  place: { workgroup: "metercast-test", database: "metercast_test" },
  plan: step("plan"),
  publish: step("publish"),
  features: step("features"),
  watch: step("watch"),
  shown: refreshSteps("123456789012", [
    { id: "metercast-test-use_by_day", type: "FULL_REFRESH" },
    { id: "metercast-test-forecasts", type: "FULL_REFRESH" },
  ]),
};
const job = {
  namePrefix: "metercast-test",
  imageUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/metercast-test-predict@sha256:0",
  instanceType: "ml.m5.xlarge",
  roleArn: "arn:aws:iam::123456789012:role/metercast-test-predict-job",
  bucket: "lake",
  modelFolder: "models/4f1c",
  tags: { "metercast:environment": "test" },
};

const machines: Record<string, Machine> = {
  datasets: datasetsDefinition(parts),
  lambda: inferenceDefinition({ ...parts, engine: { kind: "lambda", predict: step("predict") } }),
  sagemaker: inferenceDefinition({ ...parts, engine: { kind: "sagemaker", job } }),
};
const unseen = inferenceDefinition({
  ...parts,
  shown: refreshSteps("123456789012", []),
  engine: { kind: "lambda", predict: step("predict") },
});

/** Every state, those of maps too, with the states that it stands among. */
function all(states: Machine["States"]): { name: string; state: State; among: Machine["States"] }[] {
  return Object.entries(states).flatMap(([name, state]) => [
    { name, state, among: states },
    ...(state.Type === "Map" ? all(state.ItemProcessor.States) : []),
  ]);
}

function stateOf<Type extends State["Type"]>(machine: string, name: string, type: Type) {
  const found = all(machines[machine]?.States ?? {}).find((one) => one.name === name)?.state;
  if (found?.Type !== type) throw new Error(`${machine} has no ${type} "${name}"`);
  return found as Extract<State, { Type: Type }>;
}

/** The states that an execution passes when nothing fails and nothing has drifted. */
function way(machine: string | Machine): string[] {
  const { StartAt, States } = typeof machine === "string" ? (machines[machine] as Machine) : machine;
  const names: string[] = [];
  for (let name: string | undefined = StartAt; name !== undefined;) {
    names.push(name);
    const state: State | undefined = States[name];
    name =
      state === undefined ? undefined : "Default" in state ? state.Default : "Next" in state ? state.Next : undefined;
  }
  return names;
}

for (const [name, machine] of Object.entries(machines)) {
  describe(`The definition of the machine ${name}`, () => {
    it("is right by the validator of the states language, and has an end in time", async () => {
      const { isValid, errors } = await validate(structuredClone(machine));
      expect(errors).to.deep.equal([]);
      expect(isValid).to.equal(true);
      expect(machine.TimeoutSeconds).to.be.within(3600, 86_400);
    });

    it("has for every task a time, what is tried again, and a way out", () => {
      const tasks = all(machine.States).filter(({ state }) => state.Type === "Task");
      expect(tasks).to.have.length.greaterThan(5);
      for (const { name: task, state, among } of tasks) {
        const { TimeoutSeconds, Retry, Catch } = state as TaskState;
        expect(TimeoutSeconds, task).to.be.within(60, 7200);
        expect(Retry.length, task).to.be.greaterThan(0);
        expect(Catch.at(-1)?.ErrorEquals, task).to.deep.equal(["States.ALL"]);
        for (const { Next } of Catch) expect(among, task).to.have.property(Next);
      }
    });

    it("gives a name to one state only, and to none more than the 80 characters of the states language", () => {
      const names = all(machine.States).map(({ name: one }) => one);
      expect(new Set(names)).to.have.property("size", names.length);
      for (const one of names) expect(one.length).to.be.within(1, 80);
    });

    it("tells of every failure at its top by a message that names the step, and fails", () => {
      for (const [step, state] of Object.entries(machine.States)) {
        if (state.Type !== "Task" && state.Type !== "Map") continue;
        if (step === "Notify failure") {
          expect(state.Catch?.[0]?.Next).to.equal("Failed");
          continue;
        }
        const next = state.Catch?.[0]?.Next ?? "";
        expect(machine.States[next], step).to.deep.equal({
          Type: "Pass",
          Result: { step },
          ResultPath: "$.failedAt",
          Next: "Notify failure",
        });
      }
      expect(stateOf(name, "Notify failure", "Task")).to.include({ Next: "Failed", ResultPath: null });
      expect(stateOf(name, "Failed", "Fail")).to.deep.equal({
        Type: "Fail",
        ErrorPath: "$.failure.Error",
        CausePath: "States.Format('{}: {}', $.failedAt.step, $.failure.Cause)",
      });
    });

    it("says in that message where it failed, why, in which execution, and what to do", () => {
      const { Parameters } = stateOf(name, "Notify failure", "Task");
      expect(Parameters).to.include({ TopicArn: topicArn, Subject: "metercast test: a run failed" });
      const message = Parameters["Message.$"] as string;
      expect(message).to.contain("failed at the step").and.to.contain("What to do");
      expect(message).to.match(
        /, \$\$\.Execution\.Name, \$\$\.StateMachine\.Name, \$\.failedAt\.step, \$\.failure\.Error, \$\.failure\.Cause, \$\$\.Execution\.Id\)$/,
      );
      // As many places as values.
      expect(message.match(/\{\}/g)).to.have.length(6);
    });

    it("ends a map's item by words that name the step and the item", () => {
      const query = stateOf(name, "Query failed", "Fail");
      expect(query).to.deep.include({
        ErrorPath: "$.failure.Error",
        CausePath: "States.Format('Query ({}): {}', $.dataset, $.failure.Cause)",
      });
    });

    it("puts the number of the attempt into every statement that writes, so that each has an empty folder", () => {
      const statements = all(machine.States)
        .map(({ state }) => (state.Type === "Task" ? state.Parameters["QueryString.$"] : undefined))
        .filter((sql) => sql !== undefined);
      for (const sql of statements) {
        expect(sql).to.match(
          /^(\$\.run\.value\.(arrivals|latestHours)\.sql|States\.Format\('\{\}\{\}\{\}', \$\.[\w.]+\.before, \$\$\.State\.RetryCount, \$\.[\w.]+\.after\))$/,
        );
      }
    });

    it("calls the published version of each function, and waits longer than that may work", () => {
      for (const { name: task, state } of all(machine.States)) {
        if (state.Type !== "Task" || state.Resource !== "arn:aws:states:::lambda:invoke") continue;
        expect(state.Parameters["FunctionName"], task).to.match(/:function:metercast-test-\w+:3$/);
        expect(state.TimeoutSeconds, task).to.be.greaterThan(120);
      }
    });
  });
}

const refresh = ["Begin", "What arrived", "Plan datasets", "Refresh datasets", "Mark"];

describe("A run of the datasets' machine", () => {
  it("asks what arrived, makes the datasets anew that it changes, and marks how far it came", () => {
    expect(way("datasets")).to.deep.equal([...refresh, "Outcome", "Done"]);
  });

  it("begins with the execution's name, its start and its input", () => {
    expect(stateOf("datasets", "Begin", "Task").Parameters["Payload"]).to.deep.equal({
      "step": "begin",
      "execution": { "name.$": "$$.Execution.Name", "startTime.$": "$$.Execution.StartTime" },
      "input.$": "$$.Execution.Input",
    });
  });

  it("makes datasets one after another, the statements of one side by side", () => {
    const map: MapState = stateOf("datasets", "Refresh datasets", "Map");
    expect(map).to.include({ ItemsPath: "$.datasets.value", MaxConcurrency: 1 });
    expect(stateOf("datasets", "Query dataset", "Map")).to.include({
      ItemsPath: "$.item.statements",
      MaxConcurrency: 4,
    });
    expect(stateOf("datasets", "Publish", "Task").Parameters["Payload"]).to.deep.equal({
      "step": "publish",
      "item.$": "$.item",
      "run.$": "$.run",
      "results.$": "$.results",
    });
  });

  it("keeps its state small: what was made takes the place of the statements, and results are without their SQL", () => {
    expect(stateOf("datasets", "Refresh datasets", "Map").ResultPath).to.equal("$.datasets");
    expect(Object.keys(stateOf("datasets", "Query", "Task").ResultSelector ?? {})).to.deep.equal([
      "QueryExecutionId.$",
      "ResultConfiguration.$",
      "Statistics.$",
    ]);
  });
});

describe("A run of the forecasts' machine", () => {
  const shown = ["Data sets of the dashboard", "Refresh dashboard"];
  const after = ["Plan comparisons", "Refresh comparisons", "Watch", ...shown, "Drifted?", "Outcome", "Done"];

  it("makes datasets, forecasts each city, and compares", () => {
    expect(way("lambda")).to.deep.equal([...refresh, "Latest hours", "Plan forecasts", "Forecast cities", ...after]);
  });

  it("predicts by a job for all cities where the engine is SageMaker", () => {
    expect(way("sagemaker")).to.deep.equal([
      ...refresh,
      ...["Latest hours", "Plan forecasts", "Forecast cities", "Predict"],
      ...after,
    ]);
  });

  it("refreshes each data set of the dashboard, and has no such step where there is none", () => {
    for (const engine of ["lambda", "sagemaker"]) {
      expect(stateOf(engine, "Data sets of the dashboard", "Pass")).to.deep.include({
        Result: [
          { id: "metercast-test-use_by_day", type: "FULL_REFRESH" },
          { id: "metercast-test-forecasts", type: "FULL_REFRESH" },
        ],
        ResultPath: "$.dashboard",
      });
      expect(stateOf(engine, "Refresh dashboard", "Map")).to.include({ ItemsPath: "$.dashboard", Next: "Drifted?" });
      expect(stateOf(engine, "Start ingestion", "Task").Parameters).to.deep.equal({
        "AwsAccountId": "123456789012",
        "DataSetId.$": "$.dataSet.id",
        "IngestionId.$": "States.Format('run-{}', $$.Execution.Name)",
        "IngestionType.$": "$.dataSet.type",
      });
    }
    expect(JSON.stringify(machines["datasets"])).not.to.include("quicksight");
    expect(JSON.stringify(unseen)).not.to.match(/quicksight|ingestion|dashboard/i);
    expect(way(unseen)).to.deep.equal(way("lambda").filter((name) => !shown.includes(name)));
  });

  it("forecasts four cities at a time: what was read becomes features and, by a function, predictions", () => {
    const cities = (machine: string) => stateOf(machine, "Forecast cities", "Map");
    const steps = (machine: string) =>
      Object.entries(cities(machine).ItemProcessor.States)
        .filter(([, { Type }]) => Type === "Task")
        .map(([name]) => name);
    expect(cities("lambda")).to.include({ MaxConcurrency: 4, ItemsPath: "$.forecasts.value.items" });
    expect(steps("lambda")).to.deep.equal(["Read readings", "Read weather", "Features", "Predict"]);
    expect(steps("sagemaker")).to.deep.equal(["Read readings", "Read weather", "Features"]);
    expect(stateOf("lambda", "Features", "Task").Parameters["Payload"]).to.deep.equal({
      "run.$": "$.run",
      "item.$": "$.item",
      "readings.$": "$.readings.Statistics.DataManifestLocation",
      "weather.$": "$.weather.Statistics.DataManifestLocation",
    });
    expect(stateOf("lambda", "Predict", "Task").Parameters["Payload"]).to.deep.equal({
      "run.$": "$.run",
      "key.$": "$.features.value.key",
    });
  });

  it("tells of a drift and goes on: the predictions are there", () => {
    expect(stateOf("lambda", "Drifted?", "Choice").Choices).to.deep.equal([
      { Variable: "$.watched.value.drifted", BooleanEquals: true, Next: "Notify drift" },
    ]);
    expect(stateOf("lambda", "Notify drift", "Task")).to.deep.include({
      Next: "Outcome",
      Parameters: {
        "TopicArn": topicArn,
        "Subject.$": "$.watched.value.subject",
        "Message.$": "$.watched.value.message",
      },
    });
  });

  it("gives back what was predicted, and how far it was off", () => {
    expect(stateOf("lambda", "Outcome", "Pass").Parameters).to.deep.equal({
      "run.$": "$.run.value.id",
      "rows.$": "$.watched.value.rows",
      "window.$": "$.forecasts.value.window",
      "rmsle.$": "$.watched.value.rmsle",
      "skipped.$": "$.forecasts.value.skipped",
      "drift": { "drifted.$": "$.watched.value.drifted", "message.$": "$.watched.value.message" },
    });
  });
});

describe("The Processing job", () => {
  it("reads the run's features and the model, outside of any network, and writes predictions", () => {
    expect(stateOf("sagemaker", "Predict", "Task").Parameters).to.deep.equal({
      "ProcessingJobName.$":
        "States.Format('metercast-test-{}-{}', States.Hash($$.Execution.Name, 'MD5'), $$.State.RetryCount)",
      "RoleArn": job.roleArn,
      "AppSpecification": {
        "ImageUri": job.imageUri,
        "ContainerEntrypoint": ["python3", "predict.py"],
        "ContainerArguments.$":
          "States.Array('--features', '/opt/ml/processing/input/features', '--model', '/opt/ml/processing/input/model', '--output', '/opt/ml/processing/output', '--run-id', $.run.value.id)",
      },
      "ProcessingInputs": [
        {
          InputName: "features",
          S3Input: {
            "S3Uri.$": "States.Format('s3://lake/features/{}/', $.run.value.id)",
            "LocalPath": "/opt/ml/processing/input/features",
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
            "S3DataDistributionType": "FullyReplicated",
          },
        },
        {
          InputName: "model",
          S3Input: {
            S3Uri: "s3://lake/models/4f1c/",
            LocalPath: "/opt/ml/processing/input/model",
            S3DataType: "S3Prefix",
            S3InputMode: "File",
            S3DataDistributionType: "FullyReplicated",
          },
        },
      ],
      "ProcessingOutputConfig": {
        Outputs: [
          {
            OutputName: "predictions",
            S3Output: {
              S3Uri: "s3://lake/predictions/",
              LocalPath: "/opt/ml/processing/output",
              S3UploadMode: "EndOfJob",
            },
          },
        ],
      },
      "ProcessingResources": {
        ClusterConfig: { InstanceCount: 1, InstanceType: "ml.m5.xlarge", VolumeSizeInGB: 30 },
      },
      "NetworkConfig": { EnableNetworkIsolation: true },
      "StoppingCondition": { MaxRuntimeInSeconds: 3600 },
      "Tags": [{ Key: "metercast:environment", Value: "test" }],
    });
  });

  it("is given longer by its step than it may run", () => {
    expect(stateOf("sagemaker", "Predict", "Task").TimeoutSeconds).to.be.greaterThan(3600);
  });
});
