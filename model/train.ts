import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { meterTypeCodes } from "../environments/index.ts";
import { featureTableVersion } from "../lambdas/features/feature-table.ts";
import { primaryUseCodes } from "../lambdas/features/primary-use.ts";
import { cardFile } from "../lambdas/model/index.ts";
import type { MeterModel, ModelCard } from "../lambdas/model/index.ts";
import { draw, drawnPast, drawRows } from "./draws.ts";
import type { Depth } from "./draws.ts";
import { categorical, pastFeaturesWithout, readPredictions, readReport, staticFeatures, writeJob } from "./job.ts";
import type { StageJob } from "./job.ts";
import type { MeasuredSeries } from "./measured.ts";
import { ModelError } from "./model-error.ts";
import { modelRequirements, runScript, virtualEnvironment } from "./python.ts";
import { rmsle } from "./score.ts";
import { writePast, writeStatic } from "./tables.ts";
import type { Rows } from "./tables.ts";

/** Depths of the past that rows are learnt with, in days, and how often each. */
const depths: readonly (readonly [days: number, share: number])[] = [
  [1, 0.1],
  [3, 0.1],
  [7, 0.2],
  [14, 0.15],
  [30, 0.2],
  [42, 0.25],
];

/** Days of readings that the metrics are given for; the last one is what a running environment has. */
const measuredDays = [0, 1, 7, 30, 42] as const;

/** A forecast's usual length, hours. */
const horizon = 24;

const stage = {
  name: "past",
  settings: "shipped",
  base: { feature: "past_line_7d", readings: 1 },
  features: pastFeaturesWithout(),
  train: ["drawn"],
} as const satisfies Omit<StageJob, "test">;

export interface TrainOptions {
  /** Series to learn from, and series of other buildings to measure with. */
  learn: readonly MeasuredSeries[];
  measure: readonly MeasuredSeries[];
  /** Rows of a series to learn from. */
  rowsPerSeries: number;
  trainedOn: string;
  measuredOn: string;
  /** The model's folder. */
  out: string;
  report: (line: string) => void;
}

/** Trains a model, measures it with the buildings that it has not seen, and writes its folder. @returns the card */
export async function train(options: TrainOptions): Promise<ModelCard> {
  const { learn, measure, rowsPerSeries, out, report } = options;
  const python = virtualEnvironment(modelRequirements, "model", report);
  const folder = mkdtempSync(join(tmpdir(), "metercast-train-"));
  try {
    const meters = Object.values(meterTypeCodes).filter(
      (meter) => learn.some((one) => one.meter === meter) && measure.some((one) => one.meter === meter),
    );
    if (meters.length === 0) throw new ModelError("There are no series to learn from, or none to measure with.");
    const targets = new Map<number, Float64Array>();
    for (const meter of meters) {
      const rows = drawRows(ofMeter(learn, meter), rowsPerSeries, -Infinity, 1);
      const test = drawRows(ofMeter(measure, meter), Math.ceil(rowsPerSeries / 4), -Infinity, 2);
      report(`features of meter type ${meter}`);
      writeTables(join(folder, String(meter), "train"), rows, { drawn: depthToLearn });
      const tests = measuredDays.filter((days) => days > 0).map((days) => [`${days}`, ahead(days)] as const);
      targets.set(meter, writeTables(join(folder, String(meter), "test"), test, Object.fromEntries(tests)));
    }
    const tables = measuredDays.filter((days) => days > 0).map(String);
    writeJob(folder, meters, [{ ...stage, test: tables }], true);
    const trees = join(folder, "model");
    await runScript(python, "train.py", ["--job", folder, "--output", folder, "--model", trees], report);
    return writeModel(folder, trees, targets, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }

  function writeModel(
    folder: string,
    trees: string,
    targets: ReadonlyMap<number, Float64Array>,
    { trainedOn, measuredOn }: TrainOptions,
  ): ModelCard {
    const { static: first, past: second } = readReport(folder);
    const models: Record<string, MeterModel> = {};
    const files: string[] = [];
    [...targets].forEach(([meter, target], i) => {
      const name = Object.entries(meterTypeCodes).find(([, code]) => code === meter)![0];
      const errors = measuredDays.map((days) => {
        const predicted = readPredictions(folder, meter, days === 0 ? "none" : String(days));
        return [String(days), rounded(rmsle(predicted, target))] as const;
      });
      models[name] = {
        meter,
        static: `${name}.static.txt`,
        past: `${name}.txt`,
        rounds: { static: first!.rounds[i]!, past: second!.rounds[i]! },
        rmsle: errors.at(-1)![1],
        rmsleByDays: Object.fromEntries(errors),
      };
      renameSync(join(trees, `${meter}.static.txt`), join(trees, `${name}.static.txt`));
      renameSync(join(trees, `${meter}.past.txt`), join(trees, `${name}.txt`));
      files.push(`${name}.static.txt`, `${name}.txt`);
    });
    const card: Omit<ModelCard, "version"> = {
      format: 1,
      featureTableVersion,
      features: { static: [...staticFeatures], past: [...stage.features] },
      categorical: [...categorical],
      primaryUses: { ...primaryUseCodes },
      base: stage.base,
      meters: models,
      trainedOn,
      measuredOn,
    };
    const hash = createHash("sha256").update(JSON.stringify(card));
    for (const file of files) hash.update(readFileSync(join(trees, file)));
    const whole: ModelCard = { ...card, version: hash.digest("hex").slice(0, 12) };
    mkdirSync(out, { recursive: true });
    // The card last: a folder without a whole model has no card, or one whose features do not fit its trees.
    rmSync(join(out, cardFile), { force: true });
    for (const file of files) writeFileSync(join(out, file), readFileSync(join(trees, file)));
    writeFileSync(join(out, cardFile), cardJson(whole));
    return whole;
  }
}

function ofMeter(series: readonly MeasuredSeries[], meter: number): MeasuredSeries[] {
  return series.filter((one) => one.meter === meter);
}

function writeTables(
  folder: string,
  rows: readonly Rows[],
  pasts: Record<string, (key: number, index: number) => Depth>,
): Float64Array {
  const target = writeStatic(folder, rows);
  for (const [name, depthOf] of Object.entries(pasts)) {
    writePast(folder, [name], rows, (series) => [drawnPast(series, depthOf)]);
  }
  return target;
}

/** All depths, and mostly the hours of a day: some rows up to a month ahead, for a series that has fallen silent. */
function depthToLearn(key: number, index: number): Depth {
  const among = draw(3, key, index);
  let sum = 0;
  const days = depths.find(([, share]) => (sum += share) > among)?.[0] ?? horizon;
  const far = draw(4, key, index) < 0.15;
  return { days, ahead: 1 + Math.floor(draw(5, key, index) * (far ? 31 * 24 : horizon)) };
}

function ahead(days: number): (key: number, index: number) => Depth {
  return (key, index) => ({ days, ahead: 1 + Math.floor(draw(6, key, index) * horizon) });
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** As the project's formatter has it: a list that fits into a line stands in one. */
function cardJson(card: ModelCard): string {
  const text = JSON.stringify(card, null, 2).replaceAll(
    /^( *".*": )\[([^[\]{}]*)\]/gm,
    (list, name: string, items: string) => {
      const line = `${name}[${items.trim().replaceAll(/\s*\n\s*/g, " ")}]`;
      return line.length < 120 ? line : list;
    },
  );
  return `${text}\n`;
}
