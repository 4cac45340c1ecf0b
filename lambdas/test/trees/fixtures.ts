import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parseModel, predictBatch } from "../../trees/index.ts";

/** A folder that `fixtures/trees/make.py` has filled. */
export interface Fixtures {
  folder: string;
  /** Of the models, by name. */
  names: string[];
  rows: number;
  /** The features, as each of the models reads them. */
  columns: Float64Array[];
}

/** The names of the features do not matter to them: each model reads the same columns. */
const features = 8;

export function readFixtures(folder: string): Fixtures {
  const values = readDoubles(join(folder, "rows.f64"));
  const rows = values.length / features;
  const columns = Array.from({ length: features }, (_, feature) =>
    values.subarray(feature * rows, (feature + 1) * rows),
  );
  const names = readdirSync(folder).flatMap((file) => (file.endsWith(".txt") ? [file.slice(0, -".txt".length)] : []));
  return { folder, names, rows, columns };
}

export function modelText({ folder }: Fixtures, name: string): string {
  return readFileSync(join(folder, `${name}.txt`), "utf8");
}

/** What LightGBM predicts for each row. */
export function expectedOf({ folder }: Fixtures, name: string): Float64Array {
  return readDoubles(join(folder, `${name}.f64`));
}

/** Holds a model's predictions to LightGBM's, to 1e-12 of a prediction above 1 and to 1e-12 below. */
export function expectEqualToLightGbm(fixtures: Fixtures, name: string): void {
  const expected = expectedOf(fixtures, name);
  const predicted = new Float64Array(fixtures.rows);
  predictBatch(parseModel(modelText(fixtures, name)), fixtures.columns, fixtures.rows, predicted);
  expect(expected).to.have.lengthOf(fixtures.rows);
  expected.forEach((value, row) => {
    const found = predicted[row] ?? NaN;
    // NaN and the infinities are themselves
    if (Object.is(found, value) || Math.abs(found - value) <= 1e-12 * Math.max(1, Math.abs(value))) return;
    const features = fixtures.columns.map((column) => column[row]);
    expect.fail(`${name}, row ${row}: ${found} instead of ${value}, from ${features.join(", ")}`);
  });
}

function readDoubles(file: string): Float64Array {
  const bytes = readFileSync(file);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
