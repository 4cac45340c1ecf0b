import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseModel, predictBatch } from "../lambdas/trees/index.ts";

/** Rows of the table; the model has 300 trees of 31 leaves over 40 features, some with gaps, one a category. */
export const treeRows = 200_000;

/** Rows that are predicted in a second of one processor, by each. */
export interface TreeRates {
  ours: number;
  lightGbm: number;
}

/**
 * Predicts the same rows by LightGBM's own library, from Python with one thread, and by the evaluator of the Lambdas, by
 * turns. Each turn has the rows rotated, so that nothing learns them by heart.
 *
 * @param python an interpreter with lightgbm and numpy
 */
export async function measureTrees(python: string, turns: number): Promise<TreeRates[]> {
  const folder = mkdtempSync(join(tmpdir(), "metercast-bench-"));
  const script = fileURLToPath(new URL("trees.py", import.meta.url));
  const child = spawn(python, [script, folder, String(treeRows)], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const answer = async () => {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${python} ${script} ended without an answer`);
      return value;
    };
    await answer();
    const model = parseModel(readFileSync(join(folder, "model.txt"), "utf8"));
    const features = model.featureNames.length;
    const table = readDoubles(join(folder, "rows.f64"));
    const columns = Array.from({ length: features }, (_, i) => table.subarray(i * treeRows, (i + 1) * treeRows));
    const expected = readDoubles(join(folder, "expected.f64"));
    const rates: TreeRates[] = [];
    // the first turn warms both up, and is not counted
    for (let turn = 0; turn <= turns; turn++) {
      const shift = Math.floor((turn * treeRows) / (turns + 1));
      child.stdin.write(`${shift}\n`);
      const theirs = Number(await answer());
      const rotated = columns.map((column) => rotate(column, shift));
      const predicted = new Float64Array(treeRows);
      const before = process.threadCpuUsage();
      predictBatch(model, rotated, treeRows, predicted);
      const { user, system } = process.threadCpuUsage(before);
      expectSame(predicted, rotate(expected, shift));
      if (turn > 0) rates.push({ ours: treeRows / ((user + system) / 1e6), lightGbm: treeRows / theirs });
    }
    return rates;
  } finally {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As numpy.roll: the last `shift` rows come first. */
function rotate(column: Float64Array, shift: number): Float64Array {
  const rotated = new Float64Array(column.length);
  rotated.set(column.subarray(0, column.length - shift), shift);
  rotated.set(column.subarray(column.length - shift), 0);
  return rotated;
}

function expectSame(predicted: Float64Array, expected: Float64Array): void {
  const row = predicted.findIndex((value, at) => Math.abs(value - (expected[at] ?? NaN)) > 1e-12);
  if (row !== -1) throw new Error(`row ${row} is predicted as ${predicted[row]}, by LightGBM as ${expected[row]}`);
}

function readDoubles(file: string): Float64Array {
  return new Float64Array(new Uint8Array(readFileSync(file)).buffer);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.stdin?.end();
  await ended;
}
