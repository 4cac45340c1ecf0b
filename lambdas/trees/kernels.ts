import {
  assemble,
  block,
  branch,
  branchIf,
  end,
  f64,
  f64Above,
  f64Add,
  f64AtMost,
  f64Load,
  f64Store,
  get,
  i32,
  i32Add,
  i32AtLeast,
  i32Const,
  i32EqualsZero,
  i32Load,
  i32ShiftLeft,
  i32Store,
  i32Subtract,
  loop,
  select,
  set,
} from "./assembler.ts";
import type { AssembledFunction, Instruction } from "./assembler.ts";

/*
 * The loops in which nearly all of the time is spent, as WebAssembly: more than half as fast again as in JavaScript,
 * whose typed arrays check each index.
 *
 * All places are byte addresses in the kernels' memory. A list of rows has 32 bits for each: eight times the row's
 * number, its distance from the beginning of a column of doubles.
 */

/**
 * Parts the rows of a list from `from` up to `to`: those that a split sends left are written from `left` on upwards, the
 * others from `right` on downwards. Each row is written to both places and one of them moves on, so that no branch depends
 * on the data, and a processor has nothing to guess.
 *
 * @param column of the split's feature
 * @returns the place behind the last that went left
 */
export type Partition = (
  column: number,
  threshold: number,
  from: number,
  to: number,
  left: number,
  right: number,
) => number;

/** Adds one of two leaves' values to the score of each row of a list. @param scores a column */
export type PairOfLeaves = (
  column: number,
  threshold: number,
  from: number,
  to: number,
  scores: number,
  leftValue: number,
  rightValue: number,
) => void;

export interface Kernels {
  memory: WebAssembly.Memory;
  /** x > threshold goes right. */
  partAbove: Partition;
  /** What is not x <= threshold goes right. */
  partNotAtMost: Partition;
  addAbove: PairOfLeaves;
  addNotAtMost: PairOfLeaves;
  /** Adds a leaf's value to the score of each row of a list. */
  addValue: (value: number, from: number, to: number, scores: number) => void;
}

/** Bytes of a row in a list. */
export const listStep = 4;
/** Bytes of a row in a column. */
export const columnStep = 8;

const [column, threshold, from, to] = [0, 1, 2, 3];

const isAbove: Instruction[] = [f64Above];
const isNotAtMost: Instruction[] = [f64AtMost, i32EqualsZero];

/** For each entry of the list from `from` to `to`, which stands in the local `row`. */
function forEachRow(from: number, to: number, row: number, work: readonly Instruction[]): Instruction[] {
  return [
    ...[block, loop],
    ...[get(from), get(to), i32AtLeast, branchIf(1)],
    ...[get(from), i32Load, set(row)],
    ...work,
    ...[get(from), i32Const(listStep), i32Add, set(from)],
    ...[branch(0), end, end],
  ];
}

function partition(name: string, isRight: readonly Instruction[]): AssembledFunction {
  const [left, right, row, step] = [4, 5, 6, 7];
  return {
    name,
    parameters: [i32, f64, i32, i32, i32, i32],
    results: [i32],
    locals: [i32, i32],
    body: [
      ...forEachRow(from, to, row, [
        // 4 for a row that goes right, 0 for the others
        ...[get(column), get(row), i32Add, f64Load, get(threshold), ...isRight, i32Const(2), i32ShiftLeft, set(step)],
        ...[get(left), get(row), i32Store],
        ...[get(right), get(row), i32Store],
        ...[get(left), i32Const(listStep), i32Add, get(step), i32Subtract, set(left)],
        ...[get(right), get(step), i32Subtract, set(right)],
      ]),
      get(left),
    ],
  };
}

function pairOfLeaves(name: string, isRight: readonly Instruction[]): AssembledFunction {
  const [scores, leftValue, rightValue, row, score] = [4, 5, 6, 7, 8];
  return {
    name,
    parameters: [i32, f64, i32, i32, i32, f64, f64],
    results: [],
    locals: [i32, i32],
    body: forEachRow(from, to, row, [
      ...[get(scores), get(row), i32Add, set(score)],
      ...[get(score), get(score), f64Load],
      ...[get(rightValue), get(leftValue)],
      ...[get(column), get(row), i32Add, f64Load, get(threshold), ...isRight, select],
      ...[f64Add, f64Store],
    ]),
  };
}

function value(name: string): AssembledFunction {
  const [value, from, to, scores, row, score] = [0, 1, 2, 3, 4, 5];
  return {
    name,
    parameters: [f64, i32, i32, i32],
    results: [],
    locals: [i32, i32],
    body: forEachRow(from, to, row, [
      ...[get(scores), get(row), i32Add, set(score)],
      ...[get(score), get(score), f64Load, get(value), f64Add, f64Store],
    ]),
  };
}

const code = assemble([
  partition("partAbove", isAbove),
  partition("partNotAtMost", isNotAtMost),
  pairOfLeaves("addAbove", isAbove),
  pairOfLeaves("addNotAtMost", isNotAtMost),
  value("addValue"),
]);

/** One for all predictions of a thread, none of which is interrupted by another: its memory is a large reservation. */
export const kernels = new WebAssembly.Instance(new WebAssembly.Module(code)).exports as unknown as Kernels;

const pageBytes = 65_536;

/** The kernels' memory, of at least so many bytes; what was in it stays. */
export function memoryOf(bytes: number): ArrayBuffer {
  const { memory } = kernels;
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (missing > 0) memory.grow(missing);
  return memory.buffer;
}
