import { rmSync } from "node:fs";
import { Option } from "commander";
import type { LoadReport } from "@metercast/loader";
import { addressOf, DataFolder } from "@metercast/simulator";
import { environmentFile, loadEnvironment } from "../../environments/index.ts";
import type { Verb } from "../command-line.ts";
import type { Console } from "../console.ts";
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
import { resumeFileIn, simulatorTarget, stackOf } from "../sending.ts";

interface Options {
  environment: string;
  data?: string;
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
    .description("Sends readings and weather, from a file or generated, to a running simulator")
    .option("-f, --file <file>", "readings or weather as JSON (an array of records) or Parquet", pathOf)
    .option("--generated", "generated readings and weather of the environment's cities (the default without -f)", false)
    .option("-t, --topic <topic>", "send everything to this topic instead of the environment's own")
    .addOption(new Option("--to <target>", "where to").choices(["simulator"]).default("simulator"))
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
    .action(async (options: Options) => {
      if (options.file !== undefined && options.generated)
        throw new UsageError("-f and --generated exclude each other.");
      if ((options.from === undefined) !== (options.until === undefined)) {
        throw new UsageError("--from and --until go together.");
      }
      finish(await sendToSimulator(options, console));
    });
};

async function sendToSimulator(options: Options, console: Console): Promise<number> {
  const { kindOfFile, load, progressBar } = await import("@metercast/loader");
  const { file, from, until, json } = options;
  const environment = loadEnvironment(environmentFile(options.environment));
  const folder = DataFolder.open(options.data ?? defaultDataFolder(environment.name), { create: false });
  const { mqtt, http } = addressOf(folder);
  const { topics, bucket } = stackOf(folder);
  const kind = file === undefined ? undefined : await kindOfFile(file);
  const origin = file === undefined ? "generated" : { file };
  const resumeFile = resumeFileIn(folder, { ...options, json: undefined, data: undefined });
  const stopped = new AbortController();
  process.once("SIGINT", () => stopped.abort());
  const target = await simulatorTarget(bucket, mqtt, http);
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
  else console.out(`Sent ${readings.sent} readings and ${weather.sent} weather observations.\n`);
  sayProblems({ readings, weather, problems }, console);
  if (!finished) console.error("Interrupted: the same command goes on where this one stopped.\n");
  return finished && readings.leftOut + weather.leftOut === 0 ? 0 : 1;
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
