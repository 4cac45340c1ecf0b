import * as pulumi from "@pulumi/pulumi";
import type { Environment, Inference } from "../../environments/index.ts";
import { longestPeriodSeconds } from "../../environments/index.ts";
import { refreshPermissions, refreshSteps, type RefreshedDataSet } from "../dashboard/refresh.ts";
import type { DataLake } from "../lake/data-lake.ts";
import { partName } from "../naming/names.ts";
import type { Statement } from "../policy/policy-document.ts";
import { ServiceRole } from "../policy/service-role.ts";
import { executionAlarms, functionAlarms, predictionAlarms, timelinessAlarms, type AlarmPlan } from "./alarm-plans.ts";
import { Alarms } from "./alarms.ts";
import { featuresConfig, predictConfig, watchConfig } from "./configs.ts";
import { lakePlace, type DatasetRefresh } from "./dataset-refresh.ts";
import { functionPlans } from "./functions.ts";
import { inferenceDefinition, longestRunSeconds, type InferenceMachine } from "./machine/definitions.ts";
import { ModelFiles } from "./model-files.ts";
import type { ModelPlan } from "./model-plan.ts";
import type { Notifications } from "./notifications.ts";
import {
  datasetVersions,
  featuresPermissions,
  invokePermissions,
  predictPermissions,
  publishTo,
  queryPermissions,
  runWork,
  startPermissions,
  watchPermissions,
} from "./permissions.ts";
import { PredictionJob } from "./prediction-job.ts";
import { RunFunction } from "./run-function.ts";
import { ScheduledStart } from "./scheduled-start.ts";
import { StateMachine } from "./state-machine.ts";
import type { Timetable } from "./timetable.ts";

export interface InferenceScheduleArgs {
  /** The environment: its cities with zone and country. */
  environment: Environment;
  /** Of it, how predictions are made. */
  inference: Inference;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Where readings and weather are, and predictions go. */
  lake: DataLake;
  /** What predicts. */
  model: ModelPlan;
  /** What makes the datasets that forecasts are made of; its functions plan and publish here, too. */
  refresh: DatasetRefresh;
  /** Where failures, drift and alarms are told. */
  notifications: Notifications;
  /** Where the schedule stands. */
  timetable: Timetable;
  /** The dashboard's data sets, which a run refreshes when it has made its datasets. @default none */
  refreshes?: readonly RefreshedDataSet[];
}

/** What predicts: the part of a machine's definition, and what the machine may do for it. */
interface Engine {
  definition: pulumi.Output<InferenceMachine["engine"]>;
  statements: pulumi.Output<Statement[]>;
  alarms: AlarmPlan<pulumi.Input<string>>[];
}

/**
 * Predictions, again and again: a schedule, the state machine that it starts, the functions or the job that do its steps,
 * the model, and alarms on all that can go wrong.
 */
export class InferenceSchedule extends pulumi.ComponentResource {
  /** Name of the state machine. */
  readonly machineName: pulumi.Output<string>;
  /** ARN of the state machine. */
  readonly machineArn: pulumi.Output<string>;

  constructor(name: string, args: InferenceScheduleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("metercast:inference:InferenceSchedule", name, { environment: args.environment.name }, opts);
    const { environment, inference, accountId, lake, model, refresh, notifications, timetable } = args;
    const { refreshes = [] } = args;
    const { logRetentionDays } = environment.ingestion;
    const shared = { environment: environment.name, accountId, logRetentionDays };
    const child = { parent: this };
    const place = lakePlace(environment, accountId, lake);

    const modelFiles = new ModelFiles(`${name}-model`, { bucket: lake.bucketName, model }, child);
    const features = createFeatures();
    const watch = createWatch();
    const engine = inference.engine === "lambda" ? createFunctionEngine() : createJobEngine();
    const machine = createMachine();
    createSchedule();
    createAlarms();

    this.machineName = machine.machineName;
    this.machineArn = machine.arn;
    this.registerOutputs({ machineName: this.machineName, machineArn: this.machineArn });

    function createFeatures() {
      return new RunFunction(
        `${name}-features`,
        {
          ...shared,
          plan: functionPlans.features,
          config: lake.bucketName.apply((bucket) => featuresConfig(environment, inference, bucket)),
          statements: place.apply(featuresPermissions),
        },
        child,
      );
    }

    function createWatch() {
      return new RunFunction(
        `${name}-watch`,
        {
          ...shared,
          plan: functionPlans.watch,
          config: lake.bucketName.apply((bucket) => watchConfig(environment, inference, bucket)),
          statements: place.apply(watchPermissions),
        },
        child,
      );
    }

    function createFunctionEngine(): Engine {
      const predict = new RunFunction(
        `${name}-predict`,
        {
          ...shared,
          plan: functionPlans.predict,
          config: lake.bucketName.apply((bucket) => predictConfig(bucket, model.folder)),
          statements: place.apply((where) => predictPermissions(where, model.folder)),
        },
        child,
      );
      return {
        definition: predict.step.apply((step) => ({ kind: "lambda", predict: step }) as const),
        statements: predict.functionArn.apply((arn) => [{ ...invokePermissions([arn]), sid: "InvokePredict" }]),
        alarms: functionAlarms<pulumi.Input<string>>("predict", predict.functionName),
      };
    }

    function createJobEngine(): Engine {
      const job = new PredictionJob(`${name}-predict`, { environment, inference, accountId, lake, model }, child);
      return {
        definition: job.job.apply((settings) => ({ kind: "sagemaker", job: settings }) as const),
        statements: job.statements,
        alarms: [],
      };
    }

    function createMachine() {
      const steps = {
        plan: refresh.plan.step,
        publish: refresh.publish.step,
        features: features.step,
        watch: watch.step,
        engine: engine.definition,
      };
      const functionArns = [refresh.plan, refresh.publish, features, watch].map(({ functionArn }) => functionArn);
      return new StateMachine(
        `${name}-machine`,
        {
          ...shared,
          part: "inference",
          definition: pulumi.output({ ...steps, place, topicArn: notifications.topicArn }).apply((parts) =>
            inferenceDefinition({
              ...parts,
              environment: environment.name,
              shown: refreshSteps(parts.place.accountId, refreshes),
            }),
          ),
          statements: pulumi
            .all([place, pulumi.all(functionArns), engine.statements, notifications.topicArn])
            .apply(([where, arns, ofEngine, topicArn]) => [
              ...queryPermissions(where, [datasetVersions, runWork]),
              invokePermissions(arns),
              ...ofEngine,
              publishTo(topicArn),
              ...refreshPermissions(where, refreshes),
            ]),
          after: [modelFiles],
        },
        child,
      );
    }

    function createSchedule() {
      const role = new ServiceRole(
        `${name}-schedule-role`,
        {
          environment: environment.name,
          part: "inference-schedule",
          service: "scheduler",
          accountId,
          statements: pulumi
            .all([machine.arn, timetable.queueArn])
            .apply(([machineArn, queueArn]) => startPermissions([machineArn], queueArn)),
        },
        child,
      );
      new ScheduledStart(
        `${name}-schedule`,
        {
          scheduleName: partName("aws:scheduler/schedule:Schedule", environment.name, "inference"),
          description: `Predictions of the environment ${environment.name}`,
          expression: inference.schedule,
          timeZone: inference.timeZone,
          machineArn: machine.arn,
          input: {},
          role,
          timetable,
        },
        child,
      );
    }

    function createAlarms() {
      const period = longestPeriodSeconds(inference.schedule);
      new Alarms(
        `${name}-alarms`,
        {
          environment: environment.name,
          topicArn: notifications.topicArn,
          plans: [
            ...executionAlarms<pulumi.Input<string>>("inference", machine.arn),
            ...(period === undefined
              ? []
              : timelinessAlarms<pulumi.Input<string>>("inference", machine.arn, period, longestRunSeconds)),
            ...functionAlarms<pulumi.Input<string>>("features", features.functionName),
            ...functionAlarms<pulumi.Input<string>>("watch", watch.functionName),
            ...engine.alarms,
            ...predictionAlarms<pulumi.Input<string>>(environment, inference, period),
          ],
        },
        child,
      );
    }
  }
}
