import { parseModel } from "../trees/index.ts";
import type { TreeModel } from "../trees/index.ts";
import { cardFile, ModelCardError, readCard, staticPrediction } from "./card.ts";
import type { MeterModel, ModelCard } from "./card.ts";

/** A model that is ready to predict. */
export interface Model {
  card: ModelCard;
  /** By meter code. */
  meters: ReadonlyMap<number, MeterTrees>;
}

/** The trees of a meter type. */
export interface MeterTrees {
  static: TreeModel;
  past: TreeModel;
}

/**
 * Loads a model.
 *
 * @param read the text of a file of the model's folder, by its name
 * @throws ModelCardError for a card that does not fit this code or its trees, TreeModelError for damaged trees
 */
export async function loadModel(read: (name: string) => string | Promise<string>): Promise<Model> {
  const card = readCard(await read(cardFile), cardFile);
  const meters = new Map<number, MeterTrees>();
  for (const [name, meter] of Object.entries(card.meters)) {
    const stages = { static: await stage(meter.static), past: await stage(meter.past) };
    checkFeatures(name, meter, stages, card);
    meters.set(meter.meter, stages);
  }
  return { card, meters };

  async function stage(file: string): Promise<TreeModel> {
    return parseModel(await read(file), file);
  }
}

function checkFeatures(name: string, meter: MeterModel, trees: MeterTrees, { features }: ModelCard): void {
  const wanted = { static: features.static, past: [...features.static, ...features.past, staticPrediction] };
  for (const kind of ["static", "past"] as const) {
    const { featureNames } = trees[kind];
    if (featureNames.join() === wanted[kind].join()) continue;
    throw new ModelCardError(
      `${meter[kind]}, of ${name}, reads the features ${featureNames.join(", ")}; ${cardFile} says ${wanted[kind].join(", ")}: the files are of different models.`,
    );
  }
}
