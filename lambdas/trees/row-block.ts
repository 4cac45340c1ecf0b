import { splitKinds } from "./forest.ts";
import type { Forest } from "./forest.ts";
import { columnStep, kernels, listStep, memoryOf } from "./kernels.ts";
import { partCategories, partZerosApart } from "./partition.ts";
import type { Views } from "./partition.ts";

/** Rows that are taken through all the trees at a time: their features fit in a processor's second cache. */
export const blockRows = 2048;

/**
 * A block of rows on its way through the trees. A tree takes all rows at once: each node parts the rows that reach it
 * between its children, which costs less per row than walking from node to node, where each step waits for the one
 * before.
 *
 * It lies in the kernels' memory, one block at a time: the features' columns, the scores, then three lists of rows.
 */
export class RowBlock {
  readonly #forest: Forest;
  readonly #capacity: number;
  #rows = 0;
  readonly #views: Views;
  /** The column of each feature that is used, by the feature's index. */
  readonly #columns: Int32Array;
  readonly #scores: number;
  /** Two lists: a node's rows stand in one of them, its children's in the other, at the same distance from its start. */
  readonly #lists: readonly [number, number];
  /** The list of all rows, in order: what reaches a root. */
  readonly #all: number;
  /** Of each node of the tree at work, where its rows stand. */
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  /** 0 or 1 for one of the lists, 2 for that of all rows. */
  readonly #list: Uint8Array;

  constructor(forest: Forest, capacity: number) {
    const { usedFeatures } = forest;
    this.#forest = forest;
    this.#capacity = capacity;
    const columnBytes = capacity * columnStep;
    const listBytes = capacity * listStep;
    this.#columns = new Int32Array(1 + (usedFeatures.at(-1) ?? -1));
    usedFeatures.forEach((feature, index) => (this.#columns[feature] = index * columnBytes));
    this.#scores = usedFeatures.length * columnBytes;
    const lists = this.#scores + columnBytes;
    this.#lists = [lists, lists + listBytes];
    this.#all = lists + 2 * listBytes;

    const memory = memoryOf(this.#all + listBytes);
    this.#views = { rows: new Int32Array(memory), values: new Float64Array(memory) };
    for (let row = 0; row < capacity; row++) this.#views.rows[this.#all / listStep + row] = row * columnStep;

    const nodes = largestTree(forest);
    this.#from = new Int32Array(nodes);
    this.#to = new Int32Array(nodes);
    this.#list = new Uint8Array(nodes);
  }

  /** Takes rows `from` to `to` of the columns, at most the capacity. */
  load(columns: readonly Float64Array[], from: number, to: number): void {
    this.#rows = to - from;
    for (const feature of this.#forest.usedFeatures) {
      this.#views.values.set(columns[feature]!.subarray(from, to), this.#columns[feature]! / columnStep);
    }
  }

  /** The sum of the trees for each row; it is overwritten by the next call. */
  score(): Float64Array {
    const first = this.#scores / columnStep;
    const scores = this.#views.values.subarray(first, first + this.#capacity).fill(0);
    for (let tree = 0; tree < this.#forest.trees; tree++) this.#addTree(tree);
    return scores;
  }

  #addTree(tree: number): void {
    const { firstNode, firstLeaf, kind, left, right, linear } = this.#forest;
    const root = firstNode[tree]!;
    const end = firstNode[tree + 1]!;
    const bytes = this.#rows * listStep;
    if (root === end) return this.#addLeaf(firstLeaf[tree]!, this.#all, this.#all + bytes);
    this.#reach(0, 2, 0, bytes);
    // in preorder, so that a node's rows are known before it is looked at, and are of use no more once it has parted them
    for (let node = root; node < end; node++) {
      const from = this.#from[node - root]!;
      const to = this.#to[node - root]!;
      const list = this.#list[node - root]!;
      const rows = list === 2 ? this.#all : this.#lists[list]!;
      const leftChild = left[node]!;
      const rightChild = right[node]!;
      if (leftChild < 0 && rightChild < 0 && kind[node]! <= splitKinds.notAtMost && linear === undefined) {
        this.#addPair(node, rows + from, rows + to);
        continue;
      }
      const other = list === 0 ? 1 : 0;
      const into = this.#lists[other];
      const middle = from === to ? from : this.#part(node, rows, into, from, to);
      if (leftChild >= 0) this.#reach(leftChild - root, other, from, middle);
      else this.#addLeaf(~leftChild, into + from, into + middle);
      if (rightChild >= 0) this.#reach(rightChild - root, other, middle, to);
      else this.#addLeaf(~rightChild, into + middle, into + to);
    }
  }

  #reach(nodeOfTree: number, list: number, from: number, to: number): void {
    this.#from[nodeOfTree] = from;
    this.#to[nodeOfTree] = to;
    this.#list[nodeOfTree] = list;
  }

  /** Parts the rows `from` to `to` of a list into the same place of another. Returns where those begin that go right. */
  #part(node: number, list: number, into: number, from: number, to: number): number {
    const { kind, feature, threshold, categories, categoryStart, categoryCount } = this.#forest;
    const column = this.#columns[feature[node]!]!;
    const limit = threshold[node]!;
    const [first, end, left, right] = [list + from, list + to, into + from, into + to - listStep];
    switch (kind[node]) {
      case splitKinds.above:
        return kernels.partAbove(column, limit, first, end, left, right) - into;
      case splitKinds.notAtMost:
        return kernels.partNotAtMost(column, limit, first, end, left, right) - into;
      case splitKinds.aboveZerosLeft:
        return partZerosApart(this.#views, column, limit, false, first, end, left, right) - into;
      case splitKinds.notAtMostZerosRight:
        return partZerosApart(this.#views, column, limit, true, first, end, left, right) - into;
      default: {
        const [start, count] = [categoryStart[node]!, categoryCount[node]!];
        return partCategories(this.#views, column, categories, start, count, first, end, left, right) - into;
      }
    }
  }

  /** A node of two leaves adds their values to its rows without parting them. */
  #addPair(node: number, from: number, to: number): void {
    const { kind, feature, threshold, left, right, leafValue } = this.#forest;
    const add = kind[node] === splitKinds.above ? kernels.addAbove : kernels.addNotAtMost;
    const [leftValue, rightValue] = [leafValue[~left[node]!]!, leafValue[~right[node]!]!];
    add(this.#columns[feature[node]!]!, threshold[node]!, from, to, this.#scores, leftValue, rightValue);
  }

  #addLeaf(leaf: number, from: number, to: number): void {
    if (from === to) return;
    const { leafValue, linear } = this.#forest;
    if (linear?.isLinear[leaf] === 1) this.#addLinear(leaf, from, to);
    else kernels.addValue(leafValue[leaf]!, from, to, this.#scores);
  }

  #addLinear(leaf: number, from: number, to: number): void {
    const { rows, values } = this.#views;
    const linear = this.#forest.linear!;
    const [first, end] = [linear.firstTerm[leaf]!, linear.firstTerm[leaf + 1]!];
    for (let index = from / listStep; index < to / listStep; index++) {
      const row = rows[index]!;
      let output = linear.constant[leaf]!;
      for (let term = first; term < end; term++) {
        const value = values[(this.#columns[linear.feature[term]!]! + row) / columnStep]!;
        if (Number.isNaN(value)) {
          output = this.#forest.leafValue[leaf]!;
          break;
        }
        output += linear.coefficient[term]! * value;
      }
      const score = (this.#scores + row) / columnStep;
      values[score] = values[score]! + output;
    }
  }
}

function largestTree({ firstNode, trees }: Forest): number {
  let largest = 0;
  for (let tree = 0; tree < trees; tree++) largest = Math.max(largest, firstNode[tree + 1]! - firstNode[tree]!);
  return largest;
}
