import type { Forest, LinearLeaves } from "./forest.ts";
import type { Split, Tree } from "./tree.ts";

/** Lays the trees of a model out flat, the nodes of each in preorder. */
export function buildForest(trees: readonly Tree[]): Forest {
  const splits: Split[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const firstNode = [0];
  const firstLeaf = [0];
  let leaves = 0;
  for (const tree of trees) {
    const order = preorder(tree.splits);
    const firstOfTree = splits.length;
    const place = new Map(order.map((node, index) => [node, firstOfTree + index]));
    const firstLeafOfTree = leaves;
    const child = (index: number): number => (index < 0 ? ~(firstLeafOfTree + ~index) : (place.get(index) ?? NaN));
    for (const node of order) {
      const split = tree.splits[node];
      if (split === undefined) continue;
      splits.push(split);
      left.push(child(split.left));
      right.push(child(split.right));
    }
    leaves += tree.leafValues.length;
    firstNode.push(splits.length);
    firstLeaf.push(leaves);
  }
  const linear = trees.some((tree) => tree.linear !== undefined) ? linearLeaves(trees, leaves) : undefined;
  const used = new Set([...splits.map((split) => split.feature), ...(linear?.feature ?? [])]);
  const words = splits.map((split) => split.categories.length);
  return {
    trees: trees.length,
    firstNode: Int32Array.from(firstNode),
    firstLeaf: Int32Array.from(firstLeaf),
    kind: Uint8Array.from(splits, (split) => split.kind),
    feature: Int32Array.from(splits, (split) => split.feature),
    threshold: Float64Array.from(splits, (split) => split.threshold),
    categoryStart: starts(words).map((start) => 32 * start),
    categoryCount: Int32Array.from(words, (count) => 32 * count),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    categories: Int32Array.from(splits.flatMap((split) => split.categories)),
    leafValue: Float64Array.from(trees.flatMap((tree) => tree.leafValues)),
    linear,
    usedFeatures: Int32Array.from(used).sort(),
  };
}

function preorder(splits: readonly Split[]): number[] {
  const order: number[] = [];
  const open = splits.length === 0 ? [] : [0];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const split = splits[node];
    if (split === undefined) continue;
    order.push(node);
    open.push(split.right, split.left);
  }
  return order;
}

function linearLeaves(trees: readonly Tree[], leaves: number): LinearLeaves {
  const all = trees.flatMap(({ linear, leafValues }) => linear ?? leafValues.map(() => undefined));
  const terms = all.flatMap((leaf) => leaf?.terms ?? []);
  const firstTerm = new Int32Array(leaves + 1);
  firstTerm.set(starts(all.map((leaf) => leaf?.terms.length ?? 0)));
  firstTerm[leaves] = terms.length;
  return {
    isLinear: Uint8Array.from(all, (leaf) => (leaf === undefined ? 0 : 1)),
    constant: Float64Array.from(all, (leaf) => leaf?.constant ?? 0),
    firstTerm,
    feature: Int32Array.from(terms, (term) => term.feature),
    coefficient: Float64Array.from(terms, (term) => term.coefficient),
  };
}

/** Where each of them begins when they stand one after the other. */
function starts(lengths: readonly number[]): Int32Array {
  let next = 0;
  return Int32Array.from(lengths, (length) => {
    const start = next;
    next += length;
    return start;
  });
}
