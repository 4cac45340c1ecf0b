import { splitKinds } from "./forest.ts";
import type { Forest } from "./forest.ts";
import {
  addAbove,
  addNotAtMost,
  addValue,
  partAbove,
  partCategories,
  partNotAtMost,
  partZerosApart,
} from "./partition.ts";

/** Rows that are taken through all the trees at a time: their features fit in a processor's second cache. */
export const blockRows = 2048;

/**
 * A block of rows on its way through the trees. A tree takes all rows at once: each node parts the rows that reach it
 * between its children, which costs less per row than walking from node to node, where each step waits for the one
 * before.
 */
export class RowBlock {
  readonly #forest: Forest;
  readonly #capacity: number;
  #rows = 0;
  /** The features, one after the other, each of `capacity` rows. */
  readonly #values: Float64Array;
  readonly #scores: Float64Array;
  /** All rows, in order: what reaches a root. */
  readonly #all: Int32Array;
  /** Lists of rows. A node's rows stand in one of them, and its children's in the other, at the same place. */
  readonly #lists: readonly [Int32Array, Int32Array];
  /** Where the rows of each node of the tree at work stand. */
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  /** In which list; 2 for all rows. */
  readonly #list: Uint8Array;
  readonly #pair = new Float64Array(2);

  constructor(forest: Forest, capacity: number) {
    this.#forest = forest;
    this.#capacity = capacity;
    this.#values = new Float64Array(capacity * (1 + (forest.usedFeatures.at(-1) ?? -1)));
    this.#scores = new Float64Array(capacity);
    this.#all = Int32Array.from({ length: capacity }, (_, row) => row);
    this.#lists = [new Int32Array(capacity), new Int32Array(capacity)];
    const nodes = largestTree(forest);
    this.#from = new Int32Array(nodes);
    this.#to = new Int32Array(nodes);
    this.#list = new Uint8Array(nodes);
  }

  /** Takes rows `from` to `to` of the columns, at most the capacity. */
  load(columns: readonly Float64Array[], from: number, to: number): void {
    this.#rows = to - from;
    for (const feature of this.#forest.usedFeatures) {
      this.#values.set(columns[feature]!.subarray(from, to), feature * this.#capacity);
    }
  }

  /** The sum of the trees for each row; it is overwritten by the next call. */
  score(): Float64Array {
    this.#scores.fill(0);
    for (let tree = 0; tree < this.#forest.trees; tree++) this.#addTree(tree);
    return this.#scores;
  }

  #addTree(tree: number): void {
    const { firstNode, firstLeaf, kind, left, right, leafValue, linear } = this.#forest;
    const root = firstNode[tree]!;
    const end = firstNode[tree + 1]!;
    if (root === end) return this.#addLeaf(firstLeaf[tree]!, this.#all, 0, this.#rows);
    const pairs = linear === undefined;
    this.#reach(0, 0, this.#rows, 2);
    // in preorder, so that a node's rows are known before it is looked at, and are of use no more once it has parted them
    for (let node = root; node < end; node++) {
      const from = this.#from[node - root]!;
      const to = this.#to[node - root]!;
      const list = this.#list[node - root]!;
      const rows = list === 2 ? this.#all : this.#lists[list]!;
      const leftChild = left[node]!;
      const rightChild = right[node]!;
      if (pairs && leftChild < 0 && rightChild < 0 && kind[node]! <= splitKinds.notAtMost) {
        this.#pair[0] = leafValue[~leftChild]!;
        this.#pair[1] = leafValue[~rightChild]!;
        this.#addPair(node, rows, from, to);
        continue;
      }
      const other = list === 0 ? 1 : 0;
      const into = this.#lists[other];
      const middle = from === to ? from : this.#part(node, rows, from, to, into);
      if (leftChild >= 0) this.#reach(leftChild - root, from, middle, other);
      else this.#addLeaf(~leftChild, into, from, middle);
      if (rightChild >= 0) this.#reach(rightChild - root, middle, to, other);
      else this.#addLeaf(~rightChild, into, middle, to);
    }
  }

  #reach(nodeOfTree: number, from: number, to: number, list: number): void {
    this.#from[nodeOfTree] = from;
    this.#to[nodeOfTree] = to;
    this.#list[nodeOfTree] = list;
  }

  #part(node: number, rows: Int32Array, from: number, to: number, into: Int32Array): number {
    const { kind, feature, threshold, categories, categoryStart, categoryCount } = this.#forest;
    const at = feature[node]! * this.#capacity;
    const limit = threshold[node]!;
    switch (kind[node]) {
      case splitKinds.above:
        return partAbove(this.#values, at, limit, rows, from, to, into);
      case splitKinds.notAtMost:
        return partNotAtMost(this.#values, at, limit, rows, from, to, into);
      case splitKinds.aboveZerosLeft:
        return partZerosApart(this.#values, at, limit, 0, rows, from, to, into);
      case splitKinds.notAtMostZerosRight:
        return partZerosApart(this.#values, at, limit, 1, rows, from, to, into);
      default: {
        const [start, count] = [categoryStart[node]!, categoryCount[node]!];
        return partCategories(this.#values, at, categories, start, count, rows, from, to, into);
      }
    }
  }

  #addPair(node: number, rows: Int32Array, from: number, to: number): void {
    const { kind, feature, threshold } = this.#forest;
    const at = feature[node]! * this.#capacity;
    const add = kind[node] === splitKinds.above ? addAbove : addNotAtMost;
    add(this.#values, at, threshold[node]!, rows, from, to, this.#pair, this.#scores);
  }

  #addLeaf(leaf: number, rows: Int32Array, from: number, to: number): void {
    const { leafValue, linear } = this.#forest;
    if (linear?.isLinear[leaf] !== 1) return addValue(leafValue[leaf]!, rows, from, to, this.#scores);
    const first = linear.firstTerm[leaf]!;
    const end = linear.firstTerm[leaf + 1]!;
    for (let index = from; index < to; index++) {
      const row = rows[index]!;
      let output = linear.constant[leaf]!;
      for (let term = first; term < end; term++) {
        output += linear.coefficient[term]! * this.#values[linear.feature[term]! * this.#capacity + row]!;
      }
      // any NaN among the leaf's features makes NaN of the sum
      this.#scores[row] = this.#scores[row]! + (Number.isNaN(output) ? this.#valueWithout(leaf, row, output) : output);
    }
  }

  /** A linear leaf whose sum is NaN: its plain value where a feature is missing, else what infinities made. */
  #valueWithout(leaf: number, row: number, sum: number): number {
    const linear = this.#forest.linear!;
    for (let term = linear.firstTerm[leaf]!; term < linear.firstTerm[leaf + 1]!; term++) {
      const value = this.#values[linear.feature[term]! * this.#capacity + row]!;
      if (Number.isNaN(value)) return this.#forest.leafValue[leaf]!;
    }
    return sum;
  }
}

function largestTree({ firstNode, trees }: Forest): number {
  let largest = 0;
  for (let tree = 0; tree < trees; tree++) largest = Math.max(largest, firstNode[tree + 1]! - firstNode[tree]!);
  return largest;
}
