/** A tree as a person would draw it. */
export type Node = Leaf | NumericalSplit | CategoricalSplit;

export interface Leaf {
  value: number;
  /** A linear model in the place of the value. */
  linear?: { constant: number; terms: { feature: number; coefficient: number }[] };
}

export interface NumericalSplit {
  feature: number;
  threshold: number;
  missing: "none" | "zero" | "NaN";
  defaultLeft: boolean;
  left: Node;
  right: Node;
}

export interface CategoricalSplit {
  feature: number;
  categories: number[];
  left: Node;
  right: Node;
}

export interface Options {
  features: number;
  /** @default f0, f1 and so on */
  names?: string[];
  objective?: string;
  averaged?: boolean;
}

/** The text that LightGBM would write of these trees, as far as it is read. */
export function writeModel(trees: Node[], options: Options): string {
  const { features, objective = "regression", averaged = false } = options;
  const texts = trees.map((tree, index) => `Tree=${index}\n${writeTree(tree)}\n\n`);
  const { names = Array.from({ length: features }, (_, feature) => `f${feature}`) } = options;
  const each = (write: (feature: number) => string) => Array.from({ length: features }, (_, i) => write(i)).join(" ");
  const header = [
    "tree",
    "version=v4",
    "num_class=1",
    "num_tree_per_iteration=1",
    "label_index=0",
    `max_feature_idx=${features - 1}`,
    `objective=${objective}`,
    ...(averaged ? ["average_output"] : []),
    `feature_names=${names.join(" ")}`,
    `feature_infos=${each(() => "[-1:1]")}`,
    `tree_sizes=${texts.map((text) => text.length).join(" ")}`,
  ];
  return `${header.join("\n")}\n\n${texts.join("")}end of trees\n`;
}

function writeTree(tree: Node): string {
  const splits: (NumericalSplit | CategoricalSplit)[] = [];
  const leaves: Leaf[] = [];
  const children: { left: number; right: number }[] = [];
  const number = (node: Node): number => {
    if ("value" in node) return ~(leaves.push(node) - 1);
    const index = splits.push(node) - 1;
    const place = { left: 0, right: 0 };
    children.push(place);
    // the right side first: the order of the nodes in the file is LightGBM's own business
    place.right = number(node.right);
    place.left = number(node.left);
    return index;
  };
  number(tree);

  const boundaries = [0];
  const words: number[] = [];
  const thresholds = splits.map((split) => {
    if (!("categories" in split)) return String(split.threshold).replace("Infinity", "inf");
    words.push(...bitSet(split.categories));
    return String(boundaries.push(words.length) - 2);
  });
  const linear = leaves.some((leaf) => leaf.linear !== undefined);
  const terms = leaves.map((leaf) => leaf.linear?.terms ?? []);
  const lists: Record<string, (string | number)[]> = {
    num_leaves: [leaves.length],
    num_cat: [boundaries.length - 1],
    split_feature: splits.map((split) => split.feature),
    threshold: thresholds,
    decision_type: splits.map(decisionType),
    left_child: children.map(({ left }) => left),
    right_child: children.map(({ right }) => right),
    leaf_value: leaves.map((leaf) => leaf.value),
    ...(boundaries.length > 1 && { cat_boundaries: boundaries, cat_threshold: words }),
    is_linear: [linear ? 1 : 0],
    ...(linear && {
      leaf_const: leaves.map((leaf) => leaf.linear?.constant ?? leaf.value),
      num_features: terms.map((list) => list.length),
      leaf_features: terms.flatMap((list) => list.map((term) => term.feature)),
      leaf_coeff: terms.flatMap((list) => list.map((term) => term.coefficient)),
    }),
    shrinkage: [1],
  };
  const lines = Object.entries(lists).map(([key, values]) => `${key}=${values.join(" ")}\n`);
  return lines.join("");
}

function decisionType(split: NumericalSplit | CategoricalSplit): number {
  if ("categories" in split) return 1;
  return (split.defaultLeft ? 2 : 0) | (["none", "zero", "NaN"].indexOf(split.missing) << 2);
}

function bitSet(categories: number[]): number[] {
  const words = Array<number>(1 + Math.floor(Math.max(0, ...categories) / 32)).fill(0);
  for (const category of categories) {
    const word = Math.floor(category / 32);
    words[word] = ((words[word] ?? 0) | (1 << (category % 32))) >>> 0;
  }
  return words;
}
