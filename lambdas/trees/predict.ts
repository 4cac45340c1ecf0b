import { splitKinds } from "./forest.ts";
import type { Forest } from "./forest.ts";
import type { TreeModel } from "./parse.ts";
import { isAmong, isRightOfZeros } from "./partition.ts";
import { RowBlock, blockRows } from "./row-block.ts";

/**
 * Predicts rows `0` to `rows` into `out`, as LightGBM does from the same numbers: the trees are added in their order, so
 * that a sum is the same to the last bit.
 *
 * @param columns the model's features in its order, see {@link TreeModel.featureNames}; NaN is missing, a category is
 *   its number. Each has at least `rows` values.
 * @throws RangeError when a column is missing or too short, or `out` is
 */
export function predictBatch(
  model: TreeModel,
  columns: readonly Float64Array[],
  rows: number,
  out: Float64Array,
): void {
  checkColumns(model, columns, rows, out);
  const block = new RowBlock(model.forest, Math.min(rows, blockRows));
  for (let from = 0; from < rows; from += blockRows) {
    const to = Math.min(from + blockRows, rows);
    block.load(columns, from, to);
    const scores = block.score();
    for (let row = from; row < to; row++) out[row] = predictionOf(model, scores[row - from] ?? NaN);
  }
}

/**
 * Predicts one row.
 *
 * @param values of the model's features in its order; NaN is missing
 * @throws RangeError when there are more or fewer values than features
 */
export function predictRow(model: TreeModel, values: ArrayLike<number>): number {
  const { forest, featureNames } = model;
  if (values.length !== featureNames.length) {
    throw new RangeError(`A row of ${values.length} values; the model has ${featureNames.length} features.`);
  }
  let score = 0;
  for (let tree = 0; tree < forest.trees; tree++) score += leafOutput(forest, leafOf(forest, tree, values), values);
  return predictionOf(model, score);
}

function predictionOf({ averaged, forest, objective }: TreeModel, score: number): number {
  return objective.convert(averaged ? score / forest.trees : score);
}

function leafOf(forest: Forest, tree: number, values: ArrayLike<number>): number {
  const root = forest.firstNode[tree]!;
  if (root === forest.firstNode[tree + 1]) return forest.firstLeaf[tree]!;
  let node = root;
  while (node >= 0) {
    const goesRight = isRight(forest, node, values[forest.feature[node]!]!);
    node = goesRight ? forest.right[node]! : forest.left[node]!;
  }
  return ~node;
}

function isRight(forest: Forest, node: number, value: number): boolean {
  const threshold = forest.threshold[node]!;
  switch (forest.kind[node]) {
    case splitKinds.above:
      return value > threshold;
    case splitKinds.notAtMost:
      return !(value <= threshold);
    case splitKinds.aboveZerosLeft:
      return isRightOfZeros(threshold, false, value);
    case splitKinds.notAtMostZerosRight:
      return isRightOfZeros(threshold, true, value);
    default:
      return !isAmong(forest.categories, forest.categoryStart[node]!, forest.categoryCount[node]!, value);
  }
}

function leafOutput(forest: Forest, leaf: number, values: ArrayLike<number>): number {
  const { linear } = forest;
  if (linear?.isLinear[leaf] !== 1) return forest.leafValue[leaf]!;
  let output = linear.constant[leaf]!;
  for (let term = linear.firstTerm[leaf]!; term < linear.firstTerm[leaf + 1]!; term++) {
    const value = values[linear.feature[term]!]!;
    if (Number.isNaN(value)) return forest.leafValue[leaf]!;
    output += linear.coefficient[term]! * value;
  }
  return output;
}

function checkColumns(model: TreeModel, columns: readonly Float64Array[], rows: number, out: Float64Array): void {
  const { featureNames } = model;
  if (columns.length !== featureNames.length) {
    throw new RangeError(`${columns.length} columns; the model has ${featureNames.length} features.`);
  }
  columns.forEach((column, index) => {
    if (column.length < rows) {
      throw new RangeError(`The column of ${featureNames[index]} has ${column.length} values, of ${rows} rows.`);
    }
  });
  if (out.length < rows) throw new RangeError(`There is room for ${out.length} predictions, of ${rows} rows.`);
}
