import { runsPerMonth } from "../../environments/index.ts";
import type { Graph, Resource } from "../graph.ts";
import { keptDataSets } from "./dashboard.ts";
import { listAt, numberAt, ofType, textAt, types } from "./declared.ts";
import type { Folder } from "./delivery.ts";
import { line, type CostLine } from "./line.ts";
import { hoursPerMonth, readingsPerHour, type Forecasts, type Load } from "./load.ts";
import { definitionOf, isByDay, isDataset, taskOf, workOf, type Work } from "./state-machine.ts";
import { leastScanned } from "./storage.ts";

/** Bytes of a row in Parquet, as measured for readings; a prediction's numbers are as many, its texts repeat. */
const rowBytes = 16;

/** Days that a run makes anew of a dataset: the open one, and those that its neighbours change. */
const daysAnew = 3;

/** Statements of a dataset, objects that each writes, and manifests with them. */
const perDataset = { statements: 1, objects: daysAnew * 2 };

/** Objects of a city's forecast: what two queries wrote, its features, its predictions. */
const perCity = { objects: 4 };

/** Seconds that a function is taken to work, and rows a second of those that work on rows. */
const work = { seconds: 2, featureRows: 10_000, predictedRows: 50_000 };

/** Hours of a Processing job: its start, the image, and the prediction. */
const jobHours = 0.1;

/** The image, and how many are kept. */
const image = { gigabytes: 0.4, kept: 2 };

/** E-mails to an address in a month: what goes wrong, and is over again. */
const emailsPerMonth = 10;

/** What the watch writes: four figures of the environment, and four of each meter type. */
const metricsOf = ({ meterTypes }: Forecasts): number => 4 + 4 * meterTypes;

const athenaQuery = "arn:aws:states:::athena:startQueryExecution.sync";
const processingJob = "arn:aws:states:::sagemaker:createProcessingJob.sync";
const ingestion = "arn:aws:states:::aws-sdk:quicksight:createIngestion";

/** How often a run looks at the refresh of a data set, every 15 seconds, and the transitions of each look but the first. */
const ingestionLooks = { number: 3, transitions: 4 };

/** Multiples of an ml.m5.large. */
const instanceSizes: Record<string, number> = {
  "ml.m5.large": 1,
  "ml.m5.xlarge": 2,
  "ml.m5.2xlarge": 4,
  "ml.m5.4xlarge": 8,
  "ml.m5.12xlarge": 24,
  "ml.m5.24xlarge": 48,
};

/** Whether there is a price for the instances of an environment's Processing jobs; true without any. */
export function hasInstancePrice(graph: Graph): boolean {
  return ofType(graph, types.stateMachine).every(({ inputs }) => {
    const type = instanceOf(definitionOf(inputs));
    return type === undefined || type in instanceSizes;
  });
}

function instanceOf(definition: unknown): string | undefined {
  return textAt(
    taskOf(definition, processingJob),
    "Parameters",
    "ProcessingResources",
    "ClusterConfig",
    "InstanceType",
  );
}

/** What scheduled runs of state machines cost in a month, and what they leave in the bucket. */
export function runLines(graph: Graph, load: Load): { lines: CostLine[]; folders: Folder[] } {
  const { forecasts } = load;
  const datasets = ofType(graph, types.table).filter(({ inputs }) => isDataset(inputs));
  const lines: CostLine[] = [];
  let predicting = 0;
  for (const schedule of ofType(graph, types.schedule)) {
    const runs = runsPerMonth(textAt(schedule.inputs, "scheduleExpression") ?? "");
    const arn = textAt(schedule.inputs, "target", "arn");
    const machine = ofType(graph, types.stateMachine).find(({ outputs }) => textAt(outputs, "arn") === arn);
    if (machine === undefined) continue;
    lines.push(line("schedulerInvocation", schedule, runs / 1e6, false));
    // A schedule that names its datasets makes those; one that does not, all that has changed.
    const named = listAt(inputOf(schedule), "datasets").length;
    const made = named > 0 ? named : datasets.length;
    lines.push(...machineLines(graph, machine, load, runs, made));
    if (named === 0) predicting += runs;
  }
  if (forecasts !== undefined) lines.push(...watchLines(graph, forecasts));
  const rows = forecasts === undefined ? 0 : forecasts.series * forecasts.horizonHours * predicting;
  return {
    lines,
    folders: [
      { prefix: "predictions/", bytes: rows * rowBytes, rows: false },
      {
        prefix: "datasets/",
        bytes: datasets.filter(({ inputs }) => isByDay(inputs)).length * monthOfReadings(load),
        rows: false,
      },
    ].filter(({ bytes }) => bytes > 0),
  };
}

function inputOf({ inputs }: Resource): unknown {
  return JSON.parse(textAt(inputs, "target", "input") ?? "{}") as unknown;
}

function monthOfReadings({ flows }: Load): number {
  return readingsPerHour(flows) * hoursPerMonth * rowBytes;
}

function machineLines(graph: Graph, machine: Resource, load: Load, runs: number, datasets: number): CostLine[] {
  const { forecasts } = load;
  const definition = definitionOf(machine.inputs);
  const cities = forecasts?.cities ?? 0;
  const isShown = taskOf(definition, ingestion) !== undefined;
  const looks = isShown ? keptDataSets(graph) * (ingestionLooks.number - 1) * ingestionLooks.transitions : 0;
  const its = workOf(definition, (path) => {
    if (path.endsWith(".statements")) return perDataset.statements;
    if (path.endsWith(".items")) return cities;
    if (path === "$.dashboard") return keptDataSets(graph);
    // Which datasets follow predictions makes no difference: each is made once in a run.
    return path.startsWith("$.datasets") ? datasets : 0;
  });
  const predicts = its.calls.size > 0 && JSON.stringify(definition).includes("$.forecasts");
  const instance = instanceSizes[instanceOf(definition) ?? ""];
  return [
    line("transitions", machine, ((its.transitions + looks) * runs) / 1000, false),
    ...queryLines(graph, its, load, runs),
    ...functionLines(graph, its, load, runs),
    line(
      "s3Put",
      machine,
      ((datasets * perDataset.objects + (predicts ? cities * perCity.objects : 0)) * runs) / 1000,
      false,
    ),
    ...(instance === undefined ? [] : [line("processingHour", machine, runs * jobHours * instance, false)]),
  ];
}

/** Most queries read some days and are billed the least; those of forecasts read the history of all cities for one. */
function queryLines(graph: Graph, { calls }: Work, load: Load, runs: number): CostLine[] {
  const [workgroup] = ofType(graph, types.workgroup);
  const queries = calls.get(athenaQuery) ?? 0;
  if (workgroup === undefined || queries === 0) return [];
  const most = numberAt(workgroup.inputs, "configuration", "bytesScannedCutoffPerQuery") ?? Infinity;
  const billed = (days: number): number =>
    Math.min(most, Math.max(leastScanned, (days * monthOfReadings(load)) / (hoursPerMonth / 24)));
  const { cities = 0, historyDays = 0 } = load.forecasts ?? {};
  const histories = Math.min(cities, queries);
  const bytes = histories * billed(historyDays) + (queries - histories) * billed(daysAnew);
  return [line("athenaScan", workgroup, (runs * bytes) / 1024 ** 4, false)];
}

function functionLines(graph: Graph, { calls }: Work, load: Load, runs: number): CostLine[] {
  const rows = load.forecasts === undefined ? 0 : load.forecasts.series * load.forecasts.horizonHours;
  return ofType(graph, types.function).flatMap((lambda) => {
    const invocations = calls.get(`${textAt(lambda.outputs, "qualifiedArn")}`) ?? 0;
    if (invocations === 0) return [];
    const name = textAt(lambda.outputs, "name") ?? "";
    const perSecond = name.endsWith("-features")
      ? work.featureRows
      : name.endsWith("-predict")
        ? work.predictedRows
        : Infinity;
    const seconds = invocations * work.seconds + rows / perSecond;
    const gigabytes = (numberAt(lambda.inputs, "memorySize") ?? 128) / 1024;
    const arm = listAt(lambda.inputs, "architectures").includes("arm64");
    return [
      line("lambdaRequest", lambda, (invocations * runs) / 1e6, false),
      line(arm ? "lambdaArm" : "lambdaX86", lambda, seconds * gigabytes * runs, false),
    ];
  });
}

/** What is paid whether or not anything runs: metrics, images, messages. */
function watchLines(graph: Graph, forecasts: Forecasts): CostLine[] {
  const [watch] = ofType(graph, types.function).filter(({ outputs }) => textAt(outputs, "name")?.endsWith("-watch"));
  return [
    ...(watch === undefined ? [] : [line("customMetric", watch, metricsOf(forecasts), false)]),
    ...ofType(graph, types.repository).map((one) => line("imageStorage", one, image.gigabytes * image.kept, false)),
    ...ofType(graph, types.subscription).map((one) => line("notification", one, emailsPerMonth / 1e5, false)),
  ];
}

/** What is supposed of runs, for the report. */
export function runAssumptions(graph: Graph, { forecasts }: Load): string[] {
  if (ofType(graph, types.schedule).length === 0) return [];
  return [
    `A run makes each dataset anew by one query for ${daysAnew} days` +
      (forecasts === undefined
        ? "."
        : `, reads ${forecasts.historyDays} days for each of ${forecasts.cities} cities, and predicts ${forecasts.series} series for ${forecasts.horizonHours} hours; it succeeds at the first attempt.`),
    ...(keptDataSets(graph) > 0
      ? [`The refresh of a data set takes a run ${ingestionLooks.number} looks, 15 seconds apart.`]
      : []),
    `A function of a run works ${work.seconds} seconds, that of features a second more for ${work.featureRows} rows, that of predictions for ${work.predictedRows}; a Processing job takes ${jobHours * 60} minutes of its instance.`,
  ];
}
