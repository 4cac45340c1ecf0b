import { meterTypeCodes } from "../environments/index.ts";
import type { MeterTypeName } from "../environments/index.ts";
import type { ModelCard } from "../lambdas/model/index.ts";
import type { Effort, Evaluation, FoldScore, Scoreboard } from "../model/index.ts";
import { subsets } from "../model/index.ts";
import { table } from "./table.ts";

const meterTypes = Object.keys(meterTypeCodes) as MeterTypeName[];

type ScoreJson = Pick<FoldScore, "mean" | "folds" | MeterTypeName>;

/** What an evaluation found, for programs. RMSLE; a meter type without rows is null. */
export interface EvaluationJson {
  static: ScoreJson;
  forecast: Record<string, ScoreJson>;
  unseen: Record<string, number>;
}

export function evaluationJson({ static: blocks, forecast, unseen }: Evaluation): EvaluationJson {
  return {
    static: scoreJson(blocks),
    forecast: Object.fromEntries([...forecast].map(([hours, scores]) => [String(hours), scoreJson(scores)])),
    unseen: Object.fromEntries([...unseen].map(([days, scores]) => [String(days), scores.score().pooled])),
  };
}

function scoreJson(scores: Scoreboard): ScoreJson {
  const { mean, folds, electricity, chilledwater, steam, hotwater } = scores.score();
  return { mean, folds, electricity, chilledwater, steam, hotwater };
}

/** The same as tables for people. */
export function evaluationText(evaluation: Evaluation): string {
  const { static: blocks, forecast, unseen, unseenMonths, unseenFiles, efforts, seconds } = evaluation;
  const recipes: [string, Scoreboard, Effort | undefined][] = [
    ["time blocks", blocks, efforts.get("blocks")],
    ...[...forecast].map(([hours, scores]): [string, Scoreboard, Effort | undefined] => [
      `forecast, ${hours} h`,
      scores,
      efforts.get(`forecast${hours}`),
    ]),
  ];
  const byFold = subsets.map(({ label }, subset) => {
    const rows = recipes.map(([recipe, scores, effort]) => ({
      recipe,
      ...foldCells(scores.score(subset)),
      ...(subset === 0 && effortCells(effort)),
    }));
    return `RMSLE by time blocks, ${label}\n\n${table(rows)}\n`;
  });
  const unseenRows = [
    { known: "nothing, all rows", ...unseenCells(unseen.get(0)!), ...effortCells(efforts.get("static")) },
    { known: "nothing, February to December", ...unseenCells(unseenMonths) },
    ...[...unseen]
      .filter(([days]) => days > 0)
      .map(([days, scores]) => ({
        known: `${days} days before the month`,
        ...unseenCells(scores),
        ...effortCells(efforts.get("unseen")),
      })),
  ];
  const which = unseenFiles
    ? "of the files of unseen buildings"
    : "a stand-in: three groups of buildings take turns, harder than unseen buildings among all others";
  return [
    ...byFold,
    `RMSLE of buildings never seen, ${which}\n\n${table(unseenRows)}\n`,
    "The second stage starts from a Gaussian process over the series' known readings, where there are at most some\n",
    "hundred; a model that is trained starts from the line of the past in its place (docs/benchmarks.md).\n",
    "Rounds and settings are fixed beforehand (model/settings.py); rows that are learnt from know no reading of the block\n",
    "that is held out. Mean is that of the three blocks, pooled and meter types over all rows. Seconds are those of\n",
    `training, over all blocks. The first stage, ${effortText(efforts.get("static"))}, comes with each.\n`,
    `${seconds.toFixed(0)} s in all.\n`,
  ].join("");
}

function foldCells({ folds, mean, pooled, ...meters }: FoldScore): Record<string, string> {
  const cells = folds.map((fold, i) => [`f${i + 1}`, figure(fold)] as const);
  return { ...Object.fromEntries(cells), mean: figure(mean), pooled: figure(pooled), ...meterCells(meters) };
}

function unseenCells(scores: Scoreboard): Record<string, string> {
  const { pooled, ...meters } = scores.score();
  return { RMSLE: figure(pooled), ...meterCells(meters) };
}

function meterCells(meters: Record<MeterTypeName, number>): Record<string, string> {
  return Object.fromEntries(meterTypes.map((name) => [shortNames[name], figure(meters[name])]));
}

const shortNames = { electricity: "elec", chilledwater: "chilled", steam: "steam", hotwater: "hot" } as const;

function effortCells(effort: Effort | undefined): Record<string, string> {
  if (effort === undefined) return {};
  return {
    rounds: effort.rounds.join("/"),
    leaves: String(effort.leaves),
    MB: (effort.bytes / 1e6).toFixed(1),
    seconds: effort.seconds.toFixed(0),
  };
}

function effortText(effort: Effort | undefined): string {
  if (effort === undefined) return "of which nothing is known";
  return `${effort.rounds.join("/")} rounds, ${effort.leaves} leaves, ${(effort.bytes / 1e6).toFixed(1)} MB, ${effort.seconds.toFixed(0)} s`;
}

function figure(value: number): string {
  return Number.isNaN(value) ? "-" : value.toFixed(3);
}

/** A model's card as a table for people. */
export function cardText({ version, trainedOn, measuredOn, meters }: ModelCard): string {
  const rows = Object.entries(meters).map(([name, { rounds, rmsleByDays }]) => ({
    "meter type": name,
    "rounds": `${rounds.static} + ${rounds.past}`,
    ...Object.fromEntries(Object.entries(rmsleByDays).map(([days, error]) => [`${days} days`, figure(error)])),
  }));
  return `Model ${version}, trained on ${trainedOn}.\nRMSLE of ${measuredOn}, by days of readings known:\n\n${table(rows)}\n`;
}
