import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { cardFile, ModelCardError, readCard } from "../../lambdas/model/index.ts";
import { modelsFolder } from "./permissions.ts";

/** A model's folder as plain data. */
export interface ModelPlan {
  /** Of the card: predictions carry it. */
  version: string;
  /** Folder in the bucket: every version has its own, so that a run that is under way keeps the one that it began with. */
  folder: string;
  /** Its files, the card first: their names and where they are on this machine. */
  files: { name: string; path: string }[];
  /** RMSLE on rows that were held out, by the meter type's code. */
  reference: Record<string, number>;
}

/** What a version may be made of, as a part of keys and of policies. */
const versionPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** @throws ModelCardError for a card that does not fit this code, and a file that is missing */
export function modelPlan(path: string): ModelPlan {
  const card = join(path, cardFile);
  const { version, meters } = readCard(readFileSync(card, "utf8"), card);
  if (!versionPattern.test(version)) {
    throw new ModelCardError(
      `${card} has the version ${JSON.stringify(version)}: it must be letters, digits, ., _ and -, at most 64. Train a model with \`metercast model train\`.`,
    );
  }
  const models = Object.values(meters);
  const names = [cardFile, ...new Set(models.flatMap((meter) => [meter.static, meter.past]))];
  const files = names.map((name) => ({ name, path: join(path, name) }));
  for (const file of files) {
    if (statSync(file.path, { throwIfNoEntry: false })?.isFile() !== true) {
      throw new ModelCardError(
        `${card} names ${file.name}, which is not beside it: copy the whole folder, or train a model with \`metercast model train\`.`,
      );
    }
  }
  return {
    version,
    folder: `${modelsFolder}/${version}`,
    files,
    reference: Object.fromEntries(models.map(({ meter, rmsle }) => [String(meter), rmsle])),
  };
}
