import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Option } from "commander";
import { environmentFile, loadEnvironment } from "../../environments/index.ts";
import type { Verb } from "../command-line.ts";
import type { Console } from "../console.ts";
import { defaultEnvironment, environmentOption, jsonOption, pathOf, UsageError, wholeNumber } from "../options.ts";

/** Rows of a series that a model is trained on where nobody says how many. */
const defaultRows = 120;

interface TrainOptions {
  environment: string;
  data?: string;
  generated?: boolean;
  timeZone: "UTC" | "city";
  rows: number;
  out?: string;
  json: boolean;
}

interface EvaluateOptions {
  environment: string;
  readings: string;
  weather: string;
  buildings: string;
  unseenReadings?: string;
  unseenBuildings?: string;
  timeZone: "UTC" | "city";
  json: boolean;
}

export const modelVerb: Verb = (program, console, finish) => {
  const model = program
    .command("model")
    .description("The model that predicts readings: train one, or measure the method");

  model
    .command("train")
    .description("Trains a model, in Python, and writes its folder: trees, and a card that says what they are worth")
    .addOption(environmentOption().default(undefined, `prod with generated data, else ${defaultEnvironment}`))
    .addOption(
      new Option("--data <folder>", "train on its files readings.*, weather.* and buildings.* (CSV, JSON, Parquet)")
        .argParser(pathOf)
        .conflicts("generated"),
    )
    .option("--generated", "train on a year of the environment's fleet as the generator makes it; without --data")
    .addOption(timeZoneOption())
    .option("--rows <n>", "rows of a series that are learnt from", wholeNumber(10, 10_000), defaultRows)
    .option("--out <dir>", "where the model goes (default: model/<environment>)", pathOf)
    .addOption(jsonOption("the model's card as JSON on standard output"))
    .action(async ({ environment: named, data, out, json, timeZone, rows }: TrainOptions) => {
      const { trainOnFiles, trainOnGenerated } = await import("../../model/index.ts");
      const environment = loadEnvironment(environmentFile(named ?? (data === undefined ? "prod" : defaultEnvironment)));
      const options = {
        environment,
        rowsPerSeries: rows,
        out: out ?? join(fileURLToPath(new URL("../../model", import.meta.url)), environment.name),
        report: reporter(console),
      };
      const card =
        data === undefined ? await trainOnGenerated(options) : await trainOnFiles({ ...options, data, timeZone });
      if (json) console.out(`${JSON.stringify(card)}\n`);
      else {
        const { cardText } = await import("../model-tables.ts");
        console.out(`${cardText(card)}Written to ${options.out}.\n`);
      }
      finish(0);
    });

  model
    .command("evaluate")
    .description("Trains on parts of files and scores the rest: time blocks, forecasts, buildings never seen")
    .addOption(environmentOption())
    .requiredOption("--readings <file>", "readings: CSV, JSON, Parquet", pathOf)
    .requiredOption("--weather <file>", "weather of their sites", pathOf)
    .requiredOption("--buildings <file>", "register of their buildings", pathOf)
    .option("--unseen-readings <file>", "readings of other buildings, at the same sites, to score on only", pathOf)
    .option("--unseen-buildings <file>", "register of those buildings", pathOf)
    .addOption(timeZoneOption())
    .addOption(jsonOption())
    .action(async (options: EvaluateOptions) => {
      if ((options.unseenReadings === undefined) !== (options.unseenBuildings === undefined)) {
        throw new UsageError("--unseen-readings and --unseen-buildings belong together: name both, or neither.");
      }
      const { evaluateFiles } = await import("../../model/index.ts");
      const { evaluationJson, evaluationText } = await import("../model-tables.ts");
      const environment = loadEnvironment(environmentFile(options.environment));
      const evaluation = await evaluateFiles({ ...options, environment, report: reporter(console) });
      console.out(options.json ? `${JSON.stringify(evaluationJson(evaluation))}\n` : evaluationText(evaluation));
      finish(0);
    });
};

function timeZoneOption(): Option {
  return new Option("--time-zone <zone>", "clock of the readings' stamps that have no zone")
    .choices(["UTC", "city"])
    .default("UTC");
}

function reporter(console: Console): (line: string) => void {
  const started = performance.now();
  return (line) => console.error(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${line}\n`);
}
