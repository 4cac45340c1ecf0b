import { rmSync } from "node:fs";
import { Option } from "commander";
import type { Command } from "commander";
import type { LoadReport, Target, TopicTemplates, Transport } from "@metercast/loader";
import { addressOf, DataFolder, refusal } from "@metercast/simulator";
import { environmentFile, loadEnvironment } from "../../environments/index.ts";
import type { Environment } from "../../environments/index.ts";
import type { Verb } from "../command-line.ts";
import type { Console } from "../console.ts";
import { deployedStack, deployedThings } from "../deployed.ts";
import {
  dataOption,
  defaultDataFolder,
  environmentOption,
  instant,
  jsonOption,
  pathOf,
  UsageError,
  wholeNumber,
} from "../options.ts";
import { envelopeWarning, resumeFileIn, resumeFileOf, simulatorTarget, stackOf } from "../sending.ts";

interface Options {
  to: string;
  environment: string;
  data?: string;
  outputs?: string;
  via?: "websocket" | "https";
  certificates?: string;
  connections?: number;
  rate?: number;
  file?: string;
  generated: boolean;
  topic?: string;
  buildingsFile?: string;
  timeZone: "UTC" | "city";
  from?: number;
  until?: number;
  step: number;
  seed: number;
  envelope: number;
  json: boolean;
}

export const loadVerb: Verb = (program, console, finish) => {
  program
    .command("load")
    .description(
      "Sends readings and weather, from a file or generated, to a running simulator or a deployed environment",
    )
    .option("-f, --file <file>", "readings or weather: JSON (an array of records), NDJSON, CSV or Parquet", pathOf)
    .option("--generated", "generated readings and weather of the environment's cities (the default without -f)", false)
    .option("-t, --topic <topic>", "send everything to this topic instead of the environment's own")
    .option("--to <target>", "the simulator, or the deployed environment of this name", "simulator")
    .option("--outputs <file>", "outputs of its stack as JSON (default: the Pulumi CLI is asked)", pathOf)
    .addOption(
      new Option("--via <transport>", "to a deployed environment with AWS credentials (default: websocket)").choices([
        "websocket",
        "https",
      ]),
    )
    .option("--certificates <dir>", "to a deployed environment as its things: <thing>.cert.pem, .private.key", pathOf)
    .option("--connections <n>", "to a deployed environment (default: as the rate needs)", wholeNumber(1, 500))
    .option("--rate <n>", "publishes a second to a deployed environment (default: 950)", wholeNumber(1, 20_000))
    .addOption(environmentOption())
    .addOption(dataOption())
    .option("--buildings-file <file>", "register of the buildings (CSV, JSON or Parquet)", pathOf)
    .addOption(
      new Option("--time-zone <zone>", "of stamps without a zone: UTC, or the wall clock of their city")
        .choices(["UTC", "city"])
        .default("UTC"),
    )
    .option("--from <instant>", "first hour of generated data, as 2018-12-03T00:00Z", instant)
    .option("--until <instant>", "end of generated data, not included", instant)
    .option("--step <minutes>", "minutes between generated readings of a meter", wholeNumber(1, 1440), 60)
    .option("--seed <n>", "what generated data follow from", wholeNumber(0, 2 ** 32 - 1), 1)
    .option("--envelope <n>", "elements per message at most", wholeNumber(1, 10_000), 1)
    .addOption(jsonOption())
    .action(async (options: Options, command: Command) => {
      if (options.file !== undefined && options.generated)
        throw new UsageError("-f and --generated exclude each other.");
      if ((options.from === undefined) !== (options.until === undefined)) {
        throw new UsageError("--from and --until go together.");
      }
      if (options.from !== undefined && options.until !== undefined && options.from >= options.until) {
        throw new UsageError("--until is not after --from: nothing lies between them.");
      }
      const refused = options.topic === undefined ? undefined : refusal(options.topic, 0);
      if (refused !== undefined) throw new UsageError(`Nothing can be published to "${options.topic}": ${refused}.`);
      const destination = options.to === "simulator" ? simulator(options) : deployed(options, command, console);
      finish(await send(destination, options, console));
    });
};

/** Where a load goes. */
interface Destination {
  environment: Environment;
  topics: TopicTemplates;
  resumeFile: string;
  connect(): Promise<Target>;
}

function simulator(options: Options): Destination {
  for (const name of ["outputs", "via", "certificates", "connections", "rate"] as const) {
    if (options[name] !== undefined) throw new UsageError(`--${name} is for a deployed environment: --to names it.`);
  }
  const environment = loadEnvironment(environmentFile(options.environment));
  const folder = DataFolder.open(options.data ?? defaultDataFolder(environment.name), { create: false });
  const { mqtt, http } = addressOf(folder);
  const { topics, bucket } = stackOf(folder);
  return {
    environment,
    topics,
    resumeFile: resumeFileIn(folder, whatIsSent(options)),
    connect: () => simulatorTarget(bucket, mqtt, http),
  };
}

function deployed(options: Options, command: Command, console: Console): Destination {
  const { to, via, certificates } = options;
  if (options.data !== undefined) throw new UsageError("--data is for the simulator, and --to names an environment.");
  if (command.getOptionValueSource("environment") === "cli" && options.environment !== to) {
    throw new UsageError(`--to ${to} and --environment ${options.environment} contradict each other: leave out -e.`);
  }
  for (const name of ["via", "connections", "topic"] as const) {
    if (certificates !== undefined && options[name] !== undefined) {
      throw new UsageError(
        `--certificates and --${name} exclude each other: each thing has a connection and its topics.`,
      );
    }
  }
  const environment = loadEnvironment(environmentFile(to));
  const { topics, ...stack } = deployedStack(environment.name, options.outputs);
  const transport: Transport =
    certificates === undefined
      ? { via: via ?? "websocket" }
      : { via: "certificates", folder: certificates, things: deployedThings(environment, topics) };
  return {
    environment,
    topics,
    resumeFile: resumeFileOf(environment.name, whatIsSent(options)),
    connect: async () => {
      const { deployedTarget } = await import("@metercast/loader");
      return deployedTarget({
        ...stack,
        transport,
        rate: options.rate,
        connections: options.connections,
        storage: process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"],
        warn: (message) => {
          console.error(`${message}\n`);
        },
      });
    },
  };
}

/** The options that say what is sent, not how fast or by which way: a load goes on where another one stopped that agrees in them. */
function whatIsSent(options: Options): unknown {
  const how = { json: undefined, data: undefined, outputs: undefined, via: undefined, certificates: undefined };
  return { ...options, ...how, connections: undefined, rate: undefined };
}

async function send(destination: Destination, options: Options, console: Console): Promise<number> {
  const { kindOfFile, load, progressBar } = await import("@metercast/loader");
  const { file, from, until, json } = options;
  const { environment, topics, resumeFile } = destination;
  const unfit = options.topic === undefined ? envelopeWarning(environment, options.envelope) : undefined;
  if (unfit !== undefined) console.error(`${unfit}\n`);
  const kind = file === undefined ? undefined : await kindOfFile(file);
  const origin = file === undefined ? "generated" : { file };
  const stopped = new AbortController();
  process.once("SIGINT", () => stopped.abort());
  const target = await destination.connect();
  try {
    const report = await load({
      environment,
      topics,
      topic: options.topic,
      target,
      readings: kind === "weather" ? undefined : origin,
      weather: kind === "readings" ? undefined : origin,
      buildingsFile: options.buildingsFile,
      timeZone: options.timeZone,
      window: from === undefined || until === undefined ? undefined : { from, to: until },
      stepMinutes: options.step,
      seed: options.seed,
      envelope: options.envelope,
      resumeFile,
      signal: stopped.signal,
      progress: json ? undefined : progressBar(),
    });
    // a command that is given again after it was done means it again
    if (report.finished) rmSync(resumeFile, { force: true });
    return say(report, json, console);
  } finally {
    await target.close();
  }
}

function say(
  { readings, weather, problems, finished, elapsedSeconds }: LoadReport,
  json: boolean,
  console: Console,
): number {
  if (json) console.out(`${JSON.stringify({ event: "sent", readings, weather, finished, elapsedSeconds })}\n`);
  else console.out(`Sent ${sentSentence({ readings, weather })}.\n`);
  sayProblems({ readings, weather, problems }, console);
  if (!finished) console.error("Interrupted: the same command goes on where this one stopped.\n");
  return finished && readings.leftOut + weather.leftOut === 0 ? 0 : 1;
}

/** "1 reading and 24 weather observations". */
export function sentSentence({ readings, weather }: Pick<LoadReport, "readings" | "weather">): string {
  const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  return `${count(readings.sent, "reading")} and ${count(weather.sent, "weather observation")}`;
}

/** What was not sent, and why. */
export function sayProblems(
  { readings, weather, problems }: Pick<LoadReport, "readings" | "weather" | "problems">,
  console: Console,
): void {
  for (const { file, record, line, message } of problems) {
    console.error(`${file}: record ${record}${line === undefined ? "" : `, line ${line}`}: ${message}\n`);
  }
  const leftOut = readings.leftOut + weather.leftOut;
  const more = leftOut > problems.length ? `; the first ${problems.length} are named above` : "";
  if (leftOut > 0) console.error(`${leftOut} record${leftOut === 1 ? " was" : "s were"} not sent${more}.\n`);
}
