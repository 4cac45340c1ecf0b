import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Environment } from "../environments/index.ts";
import { hourMs } from "../lambdas/features/weather-columns.ts";
import type { ModelCard } from "../lambdas/model/index.ts";
import type { TimeZoneOption } from "../loader/sources/stamps.ts";
import { cleaned } from "./cleaning.ts";
import { evaluate } from "./evaluate.ts";
import type { Evaluation } from "./evaluate.ts";
import { generatedFleet } from "./generated.ts";
import { readMeasured } from "./measured.ts";
import { ModelError } from "./model-error.ts";
import { train } from "./train.ts";

interface RunOptions {
  environment: Environment;
  report: (line: string) => void;
}

interface TrainRun extends RunOptions {
  rowsPerSeries: number;
  /** The model's folder. */
  out: string;
}

/** Seeds of the fleets to learn from and to measure with: neither is the one that the loader takes by itself. */
const learnSeed = 101;
const measureSeed = 202;

/** A year, so that all seasons are in it. */
const generatedYear = { first: Date.UTC(2018, 0, 1) / hourMs, end: Date.UTC(2019, 0, 1) / hourMs };

/** Trains on an environment's fleet as the loader's generator makes it; measures with a fleet of another seed. */
export async function trainOnGenerated({ environment, report, ...options }: TrainRun): Promise<ModelCard> {
  report("generating a year of readings to learn from");
  const learn = generatedFleet(environment, learnSeed, generatedYear);
  report("generating those of other buildings to measure with");
  const measure = generatedFleet(environment, measureSeed, generatedYear);
  return train({
    ...options,
    report,
    learn,
    measure,
    trainedOn: `generated data of ${environment.name}: ${learn.length} series, 2018, seed ${learnSeed}, ${options.rowsPerSeries} rows of each`,
    measuredOn: `generated data of ${environment.name}: other buildings, ${measure.length} series, 2018, seed ${measureSeed}`,
  });
}

/** One building in so many is not learnt from, but measured with. */
const heldOutEvery = 5;

/**
 * Trains on the files of a folder, called readings, weather and buildings; one building in five is held out.
 *
 * @throws ModelError for a file that is not there
 */
export async function trainOnFiles({
  environment,
  report,
  data,
  timeZone,
  ...options
}: TrainRun & { data: string; timeZone: TimeZoneOption }): Promise<ModelCard> {
  report(`reading ${data}`);
  const files = {
    readings: fileIn(data, "readings"),
    weather: fileIn(data, "weather"),
    buildings: fileIn(data, "buildings"),
  };
  const series = await readMeasured({ environment, timeZone, ...files }, cleaned);
  const isHeldOut = (building: number): boolean => building % heldOutEvery === heldOutEvery - 1;
  const learn = series.filter(({ building }) => !isHeldOut(building.building_id));
  const measure = series.filter(({ building }) => isHeldOut(building.building_id));
  const name = basename(data);
  return train({
    ...options,
    report,
    learn,
    measure,
    trainedOn: `${name}: ${learn.length} series, at most ${options.rowsPerSeries} rows of each`,
    measuredOn: `${name}: one building in ${heldOutEvery}, ${measure.length} series`,
  });
}

function fileIn(folder: string, kind: string): string {
  const names = readdirSync(folder).filter((name) => name.startsWith(kind));
  const [name] = names;
  if (name !== undefined && names.length === 1) return join(folder, name);
  throw new ModelError(
    `${folder} needs one file whose name begins with ${kind}; it has ${names.length === 0 ? "none" : names.join(", ")}.`,
  );
}

interface EvaluateRun extends RunOptions {
  readings: string;
  weather: string;
  buildings: string;
  unseenReadings?: string;
  unseenBuildings?: string;
  timeZone: TimeZoneOption;
}

/** Scores the method on files: see {@link evaluate}. */
export async function evaluateFiles(options: EvaluateRun): Promise<Evaluation> {
  const { unseenReadings, unseenBuildings, report } = options;
  report("reading the files");
  const series = await readMeasured(options, cleaned);
  const unseen =
    unseenReadings === undefined || unseenBuildings === undefined
      ? undefined
      : await readMeasured({ ...options, readings: unseenReadings, buildings: unseenBuildings }, cleaned);
  const rows = [...series, ...(unseen ?? [])].reduce((sum, { hours }) => sum + hours.length, 0);
  report(`${rows} readings of ${series.length + (unseen?.length ?? 0)} series after cleaning`);
  return evaluate({ series, unseen, report });
}
