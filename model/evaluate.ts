import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { meterTypeCodes } from "../environments/index.ts";
import { drawnPast, monthAhead } from "./draws.ts";
import { pastFeaturesWithout, readPredictions, readReport, writeJob } from "./job.ts";
import type { StageJob } from "./job.ts";
import type { StampedSeries } from "./measured.ts";
import { before, blockCuts, daysBeforeMonth, foldOf, folds, inMonths, otherBlocks } from "./protocols.ts";
import { modelRequirements, runScript, virtualEnvironment } from "./python.ts";
import { Scoreboard } from "./score.ts";
import { processColumn, writePast, writeStatic } from "./tables.ts";
import type { Rows } from "./tables.ts";

/** Hours from the last reading that is known to the hour to predict. */
export const horizons = [1, 24] as const;

/** Days of readings of a building that the model has not seen. */
export const unseenDays = [7, 30] as const;

/** What learning took, over all folds. */
export interface Effort {
  seconds: number;
  /** Of one fold's models. */
  bytes: number;
  rounds: number[];
  leaves: number;
}

export interface Evaluation {
  static: Scoreboard;
  forecast: Map<number, Scoreboard>;
  /** By days of readings; 0 over all rows, the others in the months that have so many days before them. */
  unseen: Map<number, Scoreboard>;
  /** The months that 7 and 30 days are scored in, with none. */
  unseenMonths: Scoreboard;
  /** Whether the buildings never seen are of files of their own; else three groups of buildings take turns. */
  unseenFiles: boolean;
  efforts: Map<string, Effort>;
  seconds: number;
}

export interface EvaluateOptions {
  series: readonly StampedSeries[];
  /** Buildings that are not among the others. */
  unseen?: readonly StampedSeries[] | undefined;
  report: (line: string) => void;
}

/** Groups of buildings that take turns at being unseen. */
const groups = 3;
const blocks = [3] as const;

/** Where months lie between a row and what is known of it, weights that decay in days say in which block it lies. */
const staticStage: StageJob = {
  name: "blocks",
  settings: "blocks",
  base: { feature: "past_fit_90d", readings: 1, process: processColumn },
  features: [
    processColumn,
    ...pastFeaturesWithout("past_count", "past_age", "past_weight_7d", "past_hour_weight_3d", "past_kernel_weight_7d"),
  ],
  train: blocks.map((count) => `blocks${count}`),
  test: ["blocks"],
};
/** The number of readings of a year's history tells the season: it is known up to a month or two, and left out. */
const recent = {
  base: { feature: "past_line_7d", readings: 1, process: processColumn },
  features: [processColumn, ...pastFeaturesWithout("past_count")],
} as const;
const aheadTables = horizons.map((hours) => `ahead${hours}`);
const forecastStages = horizons.map((hours): StageJob => ({
  name: `forecast${hours}`,
  settings: "forecast",
  ...recent,
  train: [`ahead${hours}`],
  test: [`ahead${hours}`],
}));
const unseenStage: StageJob = {
  name: "unseen",
  settings: "unseen",
  ...recent,
  train: ["drawn"],
  test: unseenDays.map((days) => `days${days}`),
};

/** Trains and scores on time blocks, on forecasts, and on buildings that were not seen. */
export async function evaluate({ series, unseen, report }: EvaluateOptions): Promise<Evaluation> {
  const started = performance.now();
  const python = virtualEnvironment(modelRequirements, "model", report);
  const parts = unseen === undefined ? groups : 1;
  const result: Evaluation = {
    static: new Scoreboard(folds),
    forecast: new Map(horizons.map((hours) => [hours, new Scoreboard(folds)])),
    unseen: new Map([0, ...unseenDays].map((days) => [days, new Scoreboard(parts)])),
    unseenMonths: new Scoreboard(parts),
    unseenFiles: unseen !== undefined,
    efforts: new Map(),
    seconds: 0,
  };
  for (let fold = 0; fold < folds; fold++) {
    report(`time block ${fold + 1} of ${folds}`);
    await inFolder((folder) => evaluateFold(folder, fold));
  }
  for (let part = 0; part < parts; part++) {
    report(unseen === undefined ? `group ${part + 1} of ${groups} unseen` : "buildings unseen");
    const learnt = unseen === undefined ? series.filter((one) => groupOf(one) !== part) : series;
    const test = unseen ?? series.filter((one) => groupOf(one) === part);
    await inFolder((folder) => evaluateUnseen(folder, part, learnt, test));
  }
  result.seconds = (performance.now() - started) / 1000;
  return result;

  async function evaluateFold(folder: string, fold: number): Promise<void> {
    const learnt = (one: StampedSeries) => (index: number) => foldOf(one.stamps[index]!) !== fold;
    const cuts = new Map(blocks.map((count) => [count, blockCuts(stampsOf(series, learnt), count)]));
    const stages = [staticStage, ...forecastStages];
    const measured = await learnAndPredict(folder, series, series, stages, (meter, train, test) => {
      const rows = rowsOf(meter, learnt);
      writePast(train, staticStage.train, rows, (one) =>
        blocks.map((count) => otherBlocks(one, learnt(one), cuts.get(count)!)),
      );
      const held = rowsOf(meter, (one) => (index) => !learnt(one)(index));
      writePast(test, staticStage.test, held, (one) => [otherBlocks(one, learnt(one), [])]);
      // A row to learn from does not see the readings of the block that is held out.
      writePast(train, aheadTables, rows, (one) => before(one, horizons, learnt(one)));
      writePast(test, aheadTables, held, (one) => before(one, horizons, () => true));
      return { rows, held };
    });
    for (const [meter, target] of measured) {
      result.static.add(fold, meter, readPredictions(folder, meter, "blocks"), target);
      for (const [hours, scores] of result.forecast) {
        scores.add(fold, meter, readPredictions(folder, meter, `ahead${hours}`), target);
      }
    }
  }

  async function evaluateUnseen(
    folder: string,
    part: number,
    learnt: readonly StampedSeries[],
    test: readonly StampedSeries[],
  ): Promise<void> {
    const heldOf = new Map<number, Rows<StampedSeries>[]>();
    const measured = await learnAndPredict(folder, learnt, test, [unseenStage], (meter, trainFolder, testFolder) => {
      const all = () => () => true;
      const rows = rowsIn(learnt, meter, all);
      writePast(trainFolder, unseenStage.train, rows, (one) => [drawnPast(one, monthAhead(1), true)]);
      const held = rowsIn(test, meter, all);
      writePast(testFolder, unseenStage.test, held, (one) => unseenDays.map((days) => daysBeforeMonth(one, days)));
      heldOf.set(meter, held);
      return { rows, held };
    });
    for (const [meter, target] of measured) {
      const none = readPredictions(folder, meter, "none");
      result.unseen.get(0)!.add(part, meter, none, target);
      const later = inMonths(heldOf.get(meter)!);
      const chosen = (values: Float64Array) => values.filter((_, row) => later[row] === 1);
      result.unseenMonths.add(part, meter, chosen(none), chosen(target));
      for (const days of unseenDays) {
        const predicted = readPredictions(folder, meter, `days${days}`);
        result.unseen.get(days)!.add(part, meter, chosen(predicted), chosen(target));
      }
    }
  }

  /** @returns the measured values of the rows that were held out, by meter type */
  async function learnAndPredict(
    folder: string,
    learnt: readonly StampedSeries[],
    test: readonly StampedSeries[],
    stages: readonly StageJob[],
    write: (meter: number, train: string, test: string) => { rows: Rows[]; held: Rows[] },
  ): Promise<Map<number, Float64Array>> {
    const measured = new Map<number, Float64Array>();
    const meters = Object.values(meterTypeCodes).filter((meter) =>
      [learnt, test].every((some) => some.some((one) => one.meter === meter)),
    );
    for (const meter of meters) {
      const [trainFolder, testFolder] = [join(folder, String(meter), "train"), join(folder, String(meter), "test")];
      const { rows, held } = write(meter, trainFolder, testFolder);
      writeStatic(trainFolder, rows);
      measured.set(meter, writeStatic(testFolder, held));
    }
    writeJob(folder, meters, stages, stages.includes(unseenStage));
    await runScript(python, "evaluate.py", ["--job", folder, "--output", folder], report);
    for (const [name, effort] of Object.entries(readReport(folder))) {
      const seconds = (result.efforts.get(name)?.seconds ?? 0) + effort.seconds;
      result.efforts.set(name, { ...effort, seconds });
    }
    return measured;
  }

  function rowsOf(meter: number, chosen: (one: StampedSeries) => (index: number) => boolean): Rows<StampedSeries>[] {
    return rowsIn(series, meter, chosen);
  }
}

function rowsIn(
  series: readonly StampedSeries[],
  meter: number,
  chosen: (one: StampedSeries) => (index: number) => boolean,
): Rows<StampedSeries>[] {
  return series
    .filter((one) => one.meter === meter)
    .map((one) => ({ series: one, indices: Int32Array.from(one.hours.keys()).filter(chosen(one)) }));
}

function groupOf({ building }: StampedSeries): number {
  return building.building_id % groups;
}

function stampsOf(
  series: readonly StampedSeries[],
  learnt: (one: StampedSeries) => (index: number) => boolean,
): Float64Array {
  return Float64Array.from(
    series.flatMap((one) => {
      const isLearnt = learnt(one);
      return [...one.stamps].filter((_, index) => isLearnt(index));
    }),
  );
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "metercast-evaluate-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
