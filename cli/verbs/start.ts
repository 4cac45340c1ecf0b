import type { LoadReport } from "@metercast/loader";
import { DataFolder, run, type ExecutionEvent, type Simulator } from "@metercast/simulator";
import { environmentFile, loadEnvironment, type Environment } from "../../environments/index.ts";
import { accountingOf, dataset, totals, type Accounting } from "../accounting.ts";
import type { Verb } from "../command-line.ts";
import type { Console } from "../console.ts";
import {
  dataOption,
  defaultDataFolder,
  defaultEnvironment,
  environmentOption,
  jsonOption,
  pathOf,
  wholeNumber,
} from "../options.ts";
import { envelopeWarning, resumeFileIn, simulatorTarget, stackOf } from "../sending.ts";
import { openStored } from "../stored.ts";
import { imageRuntime } from "../images.ts";
import { firstRun } from "../executions/first-run.ts";
import { isExecutionName } from "../executions/name.ts";
import { evaluateAside } from "../evaluation.ts";
import { overviewTable } from "../overview.ts";
import { pageOf } from "../page.ts";
import { emailText } from "./digest.ts";
import { sayProblems, sentSentence } from "./load.ts";
import { accountingTable } from "./status.ts";

interface Options {
  environment: string;
  data?: string;
  mqttPort: number;
  httpPort: number;
  pagePort: number;
  load: boolean;
  once: boolean;
  run: boolean;
  json: boolean;
  weatherFile?: string;
  readingsFile?: string;
  buildingsFile?: string;
  envelope: number;
}

/** MQTT's own port, the one that a local stand-in for AWS is looked for on, and one for people. */
const defaultPorts = { mqtt: 1883, http: 4566, page: 8080 };

export const startVerb: Verb = (program, console, finish) => {
  program
    .command("start")
    .description("Runs an environment on this machine: what `pulumi up` declares, fed with two weeks of messages")
    .addOption(environmentOption())
    .addOption(dataOption())
    .option(
      "--mqtt-port <n>",
      "port of the MQTT broker on 127.0.0.1; 0 picks a free one",
      wholeNumber(0, 65535),
      defaultPorts.mqtt,
    )
    .option(
      "--http-port <n>",
      "port of the HTTP endpoint on 127.0.0.1; 0 picks a free one",
      wholeNumber(0, 65535),
      defaultPorts.http,
    )
    .option(
      "--page-port <n>",
      "port of the page on 127.0.0.1; 0 picks a free one",
      wholeNumber(0, 65535),
      defaultPorts.page,
    )
    .option("--no-load", "only listen")
    .option("--no-run", "do not predict after the load")
    .option("--once", "end after the load and the predictions", false)
    .addOption(jsonOption("JSON lines on standard output, for programs"))
    .option(
      "--weather-file <file>",
      "weather to send instead of generated weather (JSON, NDJSON, CSV or Parquet)",
      pathOf,
    )
    .option(
      "--readings-file <file>",
      "readings to send instead of generated readings (JSON, NDJSON, CSV or Parquet)",
      pathOf,
    )
    .option("--buildings-file <file>", "register of the buildings (CSV, JSON or Parquet)", pathOf)
    .option("--envelope <n>", "elements per message at most", wholeNumber(1, 10_000), 1)
    .action(async (options: Options) => finish(await start(options, console)));
};

/** Starts, loads, and stays until it is told to stop; gives the exit code. */
async function start(options: Options, console: Console): Promise<number> {
  const stopped = new AbortController();
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => stopped.abort());
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopped.abort());

  const file = environmentFile(options.environment);
  const environment = loadEnvironment(file);
  const unfit = options.load ? envelopeWarning(environment, options.envelope) : undefined;
  if (unfit !== undefined) console.error(`${unfit}\n`);
  const evaluation = await evaluateAside(file);
  const data = options.data ?? defaultDataFolder(environment.name);
  const simulator = await run({
    ...imageRuntime(),
    evaluation,
    data,
    mqttPort: options.mqttPort,
    httpPort: options.httpPort,
    page: pageOf(environment, options.pagePort),
    warn: (sentence) => console.error(`${sentence}\n`),
    notified: ({ subject, message }) => console.error(`${subject ?? "Notification"}: ${message}\n`),
    emailed: (email) => console.error(`E-mail, which stays on this machine:\n${emailText(email)}\n`),
    executionEvent: (event) => sayScheduled(event, options, console),
    onFailure: failure.reject,
  });
  try {
    sayReady(simulator, environment, data, options, console);
    const report = options.load
      ? await Promise.race([feed(simulator, environment, data, options, stopped.signal), failure.promise])
      : undefined;
    if (report && !stopped.signal.aborted) {
      await Promise.race([sayLoaded(simulator, environment, data, report, options, console), failure.promise]);
    }
    const predicted =
      !options.run || environment.inference === undefined || !report?.finished || stopped.signal.aborted
        ? true
        : await Promise.race([
            firstRun({ http: simulator.http, environment, data, json: options.json, signal: stopped.signal, console }),
            failure.promise,
          ]);
    if (!options.json) console.out(nextSteps(data, environment, options));
    if (report && !report.finished) console.error("Interrupted: started again, the load goes on where it stopped.\n");
    if (!options.once) await Promise.race([untilAborted(stopped.signal), failure.promise]);
    return predicted && (!report || (report.finished && report.readings.leftOut + report.weather.leftOut === 0))
      ? 0
      : 1;
  } finally {
    await Promise.race([simulator.close(), failure.promise]);
  }
}

async function feed(
  { mqtt, http }: Simulator,
  environment: Environment,
  data: string,
  { readingsFile, weatherFile, buildingsFile, envelope, json }: Options,
  signal: AbortSignal,
): Promise<LoadReport> {
  const { load, progressBar } = await import("@metercast/loader");
  const folder = DataFolder.open(data, { create: false });
  const { topics, bucket } = stackOf(folder);
  const target = await simulatorTarget(bucket, String(mqtt), http);
  try {
    return await load({
      environment,
      topics,
      target,
      readings: readingsFile === undefined ? "generated" : { file: readingsFile },
      weather: weatherFile === undefined ? "generated" : { file: weatherFile },
      buildingsFile,
      envelope,
      resumeFile: resumeFileIn(folder, "start"),
      signal,
      progress: json ? undefined : progressBar(),
    });
  } finally {
    await target.close();
  }
}

function sayReady(
  { mqtt, http, page }: Simulator,
  { name, cities }: Environment,
  data: string,
  { json, load: loading }: Options,
  console: Console,
): void {
  if (json) return console.out(`${JSON.stringify({ event: "ready", mqtt, http, page })}\n`);
  console.out(
    `metercast: environment ${name}, ${cities.map((city) => city.label).join("; ")}\n` +
      `  MQTT       ${mqtt}\n` +
      `  HTTP       ${http} (POST /topics/{topic}?qos=1)\n` +
      `  page       ${page}\n` +
      `  data       ${data}\n${loading ? "\nLoading ...\n" : ""}`,
  );
}

async function sayLoaded(
  simulator: Simulator,
  environment: Environment,
  data: string,
  report: LoadReport,
  { json }: Options,
  console: Console,
): Promise<void> {
  await simulator.flush();
  const stored = await openStored(data);
  try {
    const accounting = await accountingOf(stored);
    if (json) {
      const readings = totals(report.readings.sent, accounting.readings);
      const weather = totals(report.weather.sent, accounting.weather);
      const { elapsedSeconds } = report;
      console.out(
        `${JSON.stringify({ event: "loaded", environment: environment.name, readings, weather, elapsedSeconds })}\n`,
      );
    } else {
      console.out(`\n${sentTable(report, accounting)}\n`);
      console.out(`${overviewTable(await stored.catalog.query(dataset("overview")), environment)}\n`);
      for (const sentence of simulator.quotaWarnings) console.out(`${sentence}\n`);
    }
    sayProblems(report, console);
  } finally {
    stored.catalog.close();
  }
}

function sentTable(report: LoadReport, accounting: Accounting): string {
  const seconds = report.elapsedSeconds.toFixed(1);
  return `Sent ${sentSentence(report)} (this time in ${seconds} s).\n` + accountingTable(accounting);
}

function nextSteps(data: string, { name, inference }: Environment, { once }: Options): string {
  // the shortest options by which the other commands find the folder
  const where =
    data !== defaultDataFolder(name) ? ` --data ${data}` : name !== defaultEnvironment ? ` --environment ${name}` : "";
  return (
    `Ask it:   npx metercast query "SELECT * FROM readings LIMIT 5"${where}\n` +
    `          npx metercast status${where}\n` +
    (inference === undefined ? "" : `Predict:  npx metercast run${where}\n`) +
    (once ? "" : `Stop it:  Ctrl-C. Start it again: it goes on with what is there.\n`)
  );
}

/** How the executions ended that the schedules have started while it stays up. */
function sayScheduled(event: ExecutionEvent, { json }: Options, console: Console): void {
  if (event.kind !== "ended" || isExecutionName(event.execution)) return;
  const { machine, execution, status, error, cause } = event;
  if (json) {
    console.out(`${JSON.stringify({ event: "ran", machine, execution, status, error, cause })}\n`);
  } else {
    const why = [error, cause].filter((text) => text !== undefined).join(": ");
    console.out(`${machine}, started by its schedule: ${status}${why === "" ? "" : ` (${why})`}\n`);
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
