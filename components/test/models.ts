import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { featureNames, featureTableVersion } from "../../lambdas/features/feature-table.ts";
import { primaryUseCodes } from "../../lambdas/features/primary-use.ts";
import type { ModelCard } from "../../lambdas/model/index.ts";

/** A card that is right, of a model for electricity and steam. */
export function card(changes: Partial<ModelCard> = {}): ModelCard {
  const meter = (name: string, code: number, rmsle: number) => ({
    [name]: {
      meter: code,
      static: `${name}.static.txt`,
      past: `${name}.txt`,
      rounds: { static: 1, past: 1 },
      rmsle,
      rmsleByDays: {},
    },
  });
  return {
    format: 1,
    version: "4f1c",
    featureTableVersion,
    features: { static: featureNames.slice(0, 2), past: [] },
    categorical: [],
    primaryUses: { ...primaryUseCodes },
    base: { feature: featureNames[0] ?? "", readings: 24 },
    meters: { ...meter("electricity", 0, 0.5), ...meter("steam", 2, 0.9) },
    trainedOn: "generated data",
    measuredOn: "other generated data",
    ...changes,
  };
}

/** The files of a model of that card. */
export function modelFiles(of: ModelCard): Record<string, string> {
  const trees = Object.values(of.meters).flatMap((meter) => [meter.static, meter.past]);
  return { "card.json": JSON.stringify(of), ...Object.fromEntries(trees.map((name) => [name, `tree of ${name}\n`])) };
}

/** Runs `work` with a folder of files, which is gone afterwards. */
export function withFolder<T>(files: Record<string, string>, work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "metercast-components-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
