import { UnsupportedModelError } from "./errors.ts";
import { readFeatureInfo } from "./feature-info.ts";
import type { FeatureInfo } from "./feature-info.ts";
import type { Fields } from "./fields.ts";
import { buildForest } from "./build-forest.ts";
import type { Forest } from "./forest.ts";
import { objectives, readObjective } from "./objective.ts";
import type { Objective } from "./objective.ts";
import { splitSections } from "./sections.ts";
import { readTree } from "./tree.ts";

/** A LightGBM model that predicts one number per row. */
export interface TreeModel {
  /** In the order of the columns that a prediction reads. */
  readonly featureNames: readonly string[];
  /** What training saw of each feature, in the same order. */
  readonly featureInfos: readonly FeatureInfo[];
  readonly objective: Objective;
  /** The prediction is the mean of the trees (random forest), not their sum. */
  readonly averaged: boolean;
  readonly forest: Forest;
}

/**
 * Reads LightGBM's text model (`Booster.save_model`), format v3 or v4.
 *
 * @param file how messages call it
 * @throws TruncatedModelError, MalformedModelError, UnsupportedModelError
 */
export function parseModel(text: string, file = "model.txt"): TreeModel {
  const { header, trees } = splitSections(text, file);
  const featureNames = readFeatureNames(header);
  const featureInfos = header.words("feature_infos").map((word) => {
    const info = readFeatureInfo(word);
    if (info === undefined) {
      throw header.error("feature_infos", `has "${word.slice(0, 80)}"; allowed: none, [least:most], or a:b:c`);
    }
    return info;
  });
  if (featureInfos.length !== featureNames.length) {
    throw header.error("feature_infos", `are ${featureInfos.length}, of ${featureNames.length} features`);
  }
  const objective = readOneOutput(header, file);
  return {
    featureNames,
    featureInfos,
    objective,
    averaged: header.has("average_output"),
    forest: buildForest(trees.map((fields) => readTree(fields, featureNames.length))),
  };
}

function readFeatureNames(header: Fields): string[] {
  const count = header.integer("max_feature_idx", 0) + 1;
  const names = header.words("feature_names");
  if (names.length !== count) {
    throw header.error("feature_names", `are ${names.length}, but max_feature_idx says ${count}`);
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw header.error("feature_names", `has ${twice} twice`);
  return names;
}

function readOneOutput(header: Fields, file: string): Objective {
  const text = header.has("objective") ? header.text("objective") : "custom";
  const objective = readObjective(text);
  if (objective === undefined) {
    const found = `${file}:${header.line("objective")}: the objective "${text}" is not evaluated here`;
    throw new UnsupportedModelError(`${found}; allowed: ${objectives.join(", ")}.`);
  }
  for (const key of ["num_class", "num_tree_per_iteration"]) {
    const value = header.integer(key, 1);
    if (value !== 1) {
      const found = `${file}:${header.line(key)}: ${key}=${value} is a model of several outputs`;
      throw new UnsupportedModelError(`${found}; allowed: 1, a model that predicts one number per row.`);
    }
  }
  return objective;
}
