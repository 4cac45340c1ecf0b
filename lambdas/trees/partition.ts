import { zeroThreshold } from "./forest.ts";

/*
 * Each partition takes the rows `from` to `to` of a list. Those that a split sends left go into the same place of
 * another list from its front on, the others from its back on; the result is where the others begin. `values` has the
 * split's feature, each row's at `at + row`.
 *
 * Each row is written to both places and one of them moves on, so that no branch depends on the data: V8 makes one
 * instruction of `Number(comparison) | 0`, and a processor has nothing to guess.
 */

/** x > threshold goes right. */
export function partAbove(
  values: Float64Array,
  at: number,
  threshold: number,
  rows: Int32Array,
  from: number,
  to: number,
  into: Int32Array,
): number {
  let left = from;
  let right = to - 1;
  for (let index = from; index < to; index++) {
    const row = rows[index]!;
    const goesRight = Number(values[at + row]! > threshold) | 0;
    into[left] = row;
    into[right] = row;
    left += 1 - goesRight;
    right -= goesRight;
  }
  return left;
}

/** What is not x <= threshold goes right. */
export function partNotAtMost(
  values: Float64Array,
  at: number,
  threshold: number,
  rows: Int32Array,
  from: number,
  to: number,
  into: Int32Array,
): number {
  let left = from;
  let right = to - 1;
  for (let index = from; index < to; index++) {
    const row = rows[index]!;
    const goesRight = Number(!(values[at + row]! <= threshold)) | 0;
    into[left] = row;
    into[right] = row;
    left += 1 - goesRight;
    right -= goesRight;
  }
  return left;
}

/** As the two above, but zero and NaN go the way that `zerosRight` says. */
export function partZerosApart(
  values: Float64Array,
  at: number,
  threshold: number,
  zerosRight: 0 | 1,
  rows: Int32Array,
  from: number,
  to: number,
  into: Int32Array,
): number {
  let left = from;
  let right = to - 1;
  for (let index = from; index < to; index++) {
    const row = rows[index]!;
    const value = values[at + row]!;
    const goesRight = Math.abs(value) > zeroThreshold ? Number(value > threshold) : zerosRight;
    into[left] = row;
    into[right] = row;
    left += 1 - goesRight;
    right -= goesRight;
  }
  return left;
}

/** What is not among the categories, `count` bits from bit `start` on, goes right. */
export function partCategories(
  values: Float64Array,
  at: number,
  categories: Int32Array,
  start: number,
  count: number,
  rows: Int32Array,
  from: number,
  to: number,
  into: Int32Array,
): number {
  let left = from;
  let right = to - 1;
  for (let index = from; index < to; index++) {
    const row = rows[index]!;
    const goesRight = isAmong(categories, start, count, values[at + row]!) ? 0 : 1;
    into[left] = row;
    into[right] = row;
    left += 1 - goesRight;
    right -= goesRight;
  }
  return left;
}

/** Numbers are cut towards zero first: -0.5 is category 0, as it is for LightGBM. NaN is none. */
export function isAmong(categories: Int32Array, start: number, count: number, value: number): boolean {
  if (!(value > -1 && value < count)) return false;
  const bit = start + (value | 0);
  return ((categories[bit >> 5]! >>> (bit & 31)) & 1) === 1;
}

/** Adds one of two leaves' values to each row: x > threshold the second. `leaves` has both. */
export function addAbove(
  values: Float64Array,
  at: number,
  threshold: number,
  rows: Int32Array,
  from: number,
  to: number,
  leaves: Float64Array,
  scores: Float64Array,
): void {
  for (let index = from; index < to; index++) {
    const row = rows[index]!;
    scores[row] = scores[row]! + leaves[Number(values[at + row]! > threshold) | 0]!;
  }
}

/** Adds one of two leaves' values to each row: the first for x <= threshold. */
export function addNotAtMost(
  values: Float64Array,
  at: number,
  threshold: number,
  rows: Int32Array,
  from: number,
  to: number,
  leaves: Float64Array,
  scores: Float64Array,
): void {
  for (let index = from; index < to; index++) {
    const row = rows[index]!;
    scores[row] = scores[row]! + leaves[Number(!(values[at + row]! <= threshold)) | 0]!;
  }
}

export function addValue(value: number, rows: Int32Array, from: number, to: number, scores: Float64Array): void {
  for (let index = from; index < to; index++) {
    const row = rows[index]!;
    scores[row] = scores[row]! + value;
  }
}
