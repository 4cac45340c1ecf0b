import type { Fields } from "./fields.ts";
import { splitKinds, zeroThreshold } from "./forest.ts";

/** One tree of a model file. Nodes and leaves are as in the file: node 0 is the root, a child below zero is a leaf. */
export interface Tree {
  splits: Split[];
  leafValues: number[];
  linear: LinearLeaf[] | undefined;
}

export interface Split {
  kind: (typeof splitKinds)[keyof typeof splitKinds];
  feature: number;
  /** NaN for a split by category. */
  threshold: number;
  /** Bit sets, none for a split by number. */
  categories: number[];
  left: number;
  right: number;
}

export interface LinearLeaf {
  constant: number;
  terms: { feature: number; coefficient: number }[];
}

const categoricalBit = 1;
const defaultLeftBit = 2;
const missingTypeShift = 2;
const missingTypes = ["none", "zero", "NaN"] as const;

/** The greatest number below -{@link zeroThreshold}. */
const belowZeroThreshold = -zeroThreshold - zeroThreshold * (Number.EPSILON / 2);

/**
 * Reads a tree (`Tree::ToString`). What would make another number of it than what LightGBM had trained is refused: a
 * list of the wrong length, a child that is not there or has two parents, a threshold that no number can be held to.
 *
 * @param features how many the model has
 */
export function readTree(fields: Fields, features: number): Tree {
  const leaves = fields.integer("num_leaves", 1);
  const splits = readSplits(fields, leaves - 1, features);
  checkShape(fields, splits, leaves);
  return {
    splits,
    leafValues: fields.decimals("leaf_value", leaves),
    linear: fields.has("is_linear") && isLinear(fields) ? readLinear(fields, leaves, features) : undefined,
  };
}

function readSplits(fields: Fields, count: number, features: number): Split[] {
  if (count === 0) return [];
  const feature = fields.integers("split_feature", count);
  const threshold = fields.limits("threshold", count);
  const decision = fields.integers("decision_type", count);
  const left = fields.integers("left_child", count);
  const right = fields.integers("right_child", count);
  const sets = readCategories(fields);
  return feature.map((index, node) => {
    checkFeature(fields, "split_feature", index, features);
    const at = { feature: index, left: left[node] ?? NaN, right: right[node] ?? NaN };
    const [bits = NaN, limit = NaN] = [decision[node], threshold[node]];
    const missing = missingTypes[bits >> missingTypeShift];
    if (bits < 0 || missing === undefined) {
      const allowed = "0 to 11: 1 for a category, 2 for missing to the left, 0, 4 or 8 for the type of missing values";
      throw fields.error("decision_type", `has ${bits} for node ${node}; allowed: ${allowed}`);
    }
    if ((bits & categoricalBit) === 0) {
      return { ...at, ...numericalSplit(limit, missing, (bits & defaultLeftBit) !== 0), categories: [] };
    }
    const categories = sets[limit];
    if (categories === undefined) {
      throw fields.error("threshold", `has ${limit} for node ${node}, of ${sets.length} sets of categories`);
    }
    return { ...at, kind: splitKinds.categories, threshold: NaN, categories };
  });
}

/**
 * `Tree::NumericalDecision`: NaN is zero unless NaN is what is missing, and what is missing goes the default way. Before
 * that, LightGBM has made zero of each number within {@link zeroThreshold} of it; a threshold within there moves to the
 * edge, which decides the same without a look at each number.
 */
function numericalSplit(
  threshold: number,
  missing: (typeof missingTypes)[number],
  defaultLeft: boolean,
): Pick<Split, "kind" | "threshold"> {
  const zeroLeft = threshold >= 0;
  const nanLeft = missing === "none" ? zeroLeft : defaultLeft;
  const zerosApart = missing === "zero" && zeroLeft !== defaultLeft;
  const kind = zerosApart
    ? nanLeft
      ? splitKinds.aboveZerosLeft
      : splitKinds.notAtMostZerosRight
    : nanLeft
      ? splitKinds.above
      : splitKinds.notAtMost;
  const near = Math.abs(threshold) <= zeroThreshold;
  return { kind, threshold: !near ? threshold : zeroLeft ? zeroThreshold : belowZeroThreshold };
}

/** The bit sets of `cat_threshold`, parted by `cat_boundaries`. */
function readCategories(fields: Fields): number[][] {
  const count = fields.integer("num_cat", 0);
  if (count === 0) return [];
  const boundaries = fields.integers("cat_boundaries", count + 1);
  const ascends = boundaries.every((boundary, index) => boundary > (boundaries[index - 1] ?? -1));
  if (boundaries[0] !== 0 || !ascends) throw fields.error("cat_boundaries", "do not ascend from 0 on");
  const words = fields.integers("cat_threshold", boundaries[count]);
  const outside = words.find((word) => word < 0 || word > 0xffffffff);
  if (outside !== undefined) throw fields.error("cat_threshold", `has ${outside}, which is not of 32 bits`);
  return boundaries.slice(1).map((end, index) => words.slice(boundaries[index], end));
}

function isLinear(fields: Fields): boolean {
  const value = fields.integer("is_linear", 0);
  if (value > 1) throw fields.error("is_linear", `is ${value}; allowed: 0, 1`);
  return value === 1;
}

function readLinear(fields: Fields, leaves: number, features: number): LinearLeaf[] {
  const constants = fields.decimals("leaf_const", leaves);
  const counts = fields.integers("num_features", leaves);
  if (counts.some((count) => count < 0)) throw fields.error("num_features", "has a number below 0");
  const total = counts.reduce((sum, count) => sum + count, 0);
  const feature = fields.integers("leaf_features", total);
  const coefficient = fields.decimals("leaf_coeff", total);
  for (const index of feature) checkFeature(fields, "leaf_features", index, features);
  let from = 0;
  return constants.map((constant, leaf) => {
    const to = from + (counts[leaf] ?? 0);
    const terms = feature.slice(from, to).map((index, term) => ({
      feature: index,
      coefficient: coefficient[from + term] ?? NaN,
    }));
    from = to;
    return { constant, terms };
  });
}

function checkFeature(fields: Fields, key: string, feature: number, features: number): void {
  if (feature < 0 || feature >= features) {
    throw fields.error(key, `has feature ${feature}; allowed: 0 to ${features - 1}, the features of the model`);
  }
}

/** Each node but the root, and each leaf, is the child of one node, and all of them hang together. */
function checkShape(fields: Fields, splits: Split[], leaves: number): void {
  const seenNodes = new Uint8Array(splits.length);
  const seenLeaves = new Uint8Array(leaves);
  const open = [splits.length === 0 ? ~0 : 0];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const [seen, index] = node < 0 ? [seenLeaves, ~node] : [seenNodes, node];
    if (index >= seen.length) {
      const there = `${splits.length} nodes and ${leaves} leaves`;
      throw fields.error("left_child", `or right_child has ${node}, but the tree has ${there}`);
    }
    if (seen[index] === 1) throw fields.error("left_child", `or right_child has ${node} once more: no child of two`);
    seen[index] = 1;
    const split = node < 0 ? undefined : splits[node];
    if (split !== undefined) open.push(split.right, split.left);
  }
  // A tree of n nodes with two children each, none of them seen twice, has n + 1 leaves: nothing is left over unless
  // a part of the tree hangs apart from the root.
  if (seenNodes.includes(0) || seenLeaves.includes(0)) {
    throw fields.error("left_child", "and right_child leave out a node or a leaf");
  }
}
