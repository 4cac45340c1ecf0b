import { zeroThreshold } from "./forest.ts";
import { columnStep, listStep } from "./kernels.ts";

/*
 * The splits that no kernel has, for they are rare. They part rows as the kernels do, in the same memory.
 */

/** The kernels' memory as lists of rows and as columns. */
export interface Views {
  rows: Int32Array;
  values: Float64Array;
}

/** The threshold decides, but zero and NaN go as `zerosRight` says. */
export function partZerosApart(
  { rows, values }: Views,
  column: number,
  threshold: number,
  zerosRight: boolean,
  from: number,
  to: number,
  left: number,
  right: number,
): number {
  let [up, down] = [left / listStep, right / listStep];
  for (let index = from / listStep; index < to / listStep; index++) {
    const row = rows[index]!;
    if (isRightOfZeros(threshold, zerosRight, values[(column + row) / columnStep]!)) rows[down--] = row;
    else rows[up++] = row;
  }
  return up * listStep;
}

/** What is not among the categories, `count` bits from bit `start` on, goes right. */
export function partCategories(
  { rows, values }: Views,
  column: number,
  categories: Int32Array,
  start: number,
  count: number,
  from: number,
  to: number,
  left: number,
  right: number,
): number {
  let [up, down] = [left / listStep, right / listStep];
  for (let index = from / listStep; index < to / listStep; index++) {
    const row = rows[index]!;
    if (isAmong(categories, start, count, values[(column + row) / columnStep]!)) rows[up++] = row;
    else rows[down--] = row;
  }
  return up * listStep;
}

export function isRightOfZeros(threshold: number, zerosRight: boolean, value: number): boolean {
  return Math.abs(value) > zeroThreshold ? value > threshold : zerosRight;
}

/** Numbers are cut towards zero first: -0.5 is category 0, as it is for LightGBM. NaN is none. */
export function isAmong(categories: Int32Array, start: number, count: number, value: number): boolean {
  if (!(value > -1 && value < count)) return false;
  const bit = start + (value | 0);
  return ((categories[bit >> 5]! >>> (bit & 31)) & 1) === 1;
}
