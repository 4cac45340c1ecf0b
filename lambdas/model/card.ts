import { featureNames, featureTableVersion } from "../features/feature-table.ts";
import { primaryUseCodes } from "../features/primary-use.ts";

/** A model that cannot be used. The message says which file, what is wrong and what to do. */
export class ModelCardError extends Error {
  override name = "ModelCardError";
}

/** What a model is: `card.json` of its folder. */
export interface ModelCard {
  format: 1;
  /** Hash of the rest of the card and of the trees: predictions carry it. */
  version: string;
  /** Of the tables that the model has learnt from. */
  featureTableVersion: string;
  /** Of the tables' columns, those that the stages read. */
  features: { static: string[]; past: string[] };
  /** Those of them whose numbers are names. */
  categorical: string[];
  /** Codes of the primary uses when the model was trained. */
  primaryUses: Record<string, number>;
  /** The second stage adds to `feature`, weighted n / (n + readings), and to the first stage for the rest. */
  base: { feature: string; readings: number };
  /** By name of the meter type. */
  meters: Record<string, MeterModel>;
  /** What it was trained on, for people. */
  trainedOn: string;
  /** What the metrics were measured on: not what it was trained on. */
  measuredOn: string;
}

export interface MeterModel {
  /** Code in the tables' column `meter`. */
  meter: number;
  /** Files with the trees of the two stages. */
  static: string;
  past: string;
  rounds: { static: number; past: number };
  /** RMSLE on rows that were held out: what the monitor compares with. */
  rmsle: number;
  /** The same by days of readings that were known of the building, "0" for none. */
  rmsleByDays: Record<string, number>;
}

export const cardFile = "card.json";

/** The feature that holds what the first stage gave, for the second. */
export const staticPrediction = "static_prediction";

/**
 * Reads a card, and compares it with the features of this code.
 *
 * @param file how messages call it
 * @throws ModelCardError
 */
export function readCard(text: string, file: string): ModelCard {
  let card: Partial<ModelCard> | null;
  try {
    card = JSON.parse(text) as Partial<ModelCard> | null;
  } catch (error) {
    throw new ModelCardError(`${file} is not JSON: ${(error as Error).message}. ${again}`, { cause: error });
  }
  if (card?.format !== 1) {
    throw new ModelCardError(`${file} has the format ${JSON.stringify(card?.format)}; 1 is known. ${again}`);
  }
  const missing = fields.filter((field) => card[field] === undefined);
  if (missing.length > 0) throw new ModelCardError(`${file} lacks ${missing.join(", ")}. ${again}`);
  const whole = card as ModelCard;
  if (whole.featureTableVersion !== featureTableVersion) {
    throw new ModelCardError(
      `${file}: the model was trained on feature tables of version ${whole.featureTableVersion}; this is version ${featureTableVersion}. ${again}`,
    );
  }
  const uses = { ...primaryUseCodes };
  if (JSON.stringify(sorted(whole.primaryUses)) !== JSON.stringify(sorted(uses))) {
    throw new ModelCardError(
      `${file}: the model was trained with other codes of primary uses (${JSON.stringify(whole.primaryUses)}); these are ${JSON.stringify(uses)}. ${again}`,
    );
  }
  const unknown = [...whole.features.static, ...whole.features.past].filter((name) => !featureNames.includes(name));
  if (unknown.length > 0) {
    throw new ModelCardError(`${file} names features that no table has: ${unknown.join(", ")}. ${again}`);
  }
  return whole;
}

const again = "Train a model with `metercast model train`, or take model/shipped.";

const fields = [
  "version",
  "featureTableVersion",
  "features",
  "categorical",
  "primaryUses",
  "base",
  "meters",
  "trainedOn",
  "measuredOn",
] as const satisfies (keyof ModelCard)[];

function sorted(codes: Record<string, number>): [string, number][] {
  return Object.entries(codes).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The features that a table must have for a model. */
export function featuresOf({ features }: ModelCard): string[] {
  return [...new Set([...features.static, ...features.past])];
}
