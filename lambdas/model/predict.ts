import { predictBatch } from "../trees/index.ts";
import { ModelCardError, featuresOf } from "./card.ts";
import type { Model, MeterTrees } from "./model.ts";

/** The columns of a feature table that a prediction needs. */
export interface PredictionInput {
  rows: number;
  /** By name; at least those of {@link featuresOf}. */
  columns: ReadonlyMap<string, Float64Array>;
  /** Code of each row's meter type. */
  keys: { meter: Int32Array };
}

/**
 * Predicts the readings of a feature table's rows, in the meters' units: what is static first, then the correction by
 * the past, which a building without a past has not.
 *
 * @throws ModelCardError for a missing feature, and for a meter type that the model does not know
 */
export function predictReadings(model: Model, { rows, columns, keys }: PredictionInput): Float64Array {
  const missing = featuresOf(model.card).filter((name) => !columns.has(name));
  if (missing.length > 0) {
    throw new ModelCardError(
      `The table lacks ${missing.join(", ")}, which model ${model.card.version} reads: make the table anew with this version of the features.`,
    );
  }
  const predicted = new Float64Array(rows);
  for (const [meter, indices] of rowsByMeter(keys.meter, rows)) {
    const trees = model.meters.get(meter);
    if (trees === undefined) {
      const known = Object.entries(model.card.meters).map(([name, { meter: code }]) => `${code} (${name})`);
      throw new ModelCardError(`Model ${model.card.version} knows no meter ${meter}; it knows ${known.join(", ")}.`);
    }
    const part = predictMeter(model, trees, gathered(columns, indices, rows), indices.length);
    for (let i = 0; i < indices.length; i++) predicted[indices[i]!] = Math.max(0, Math.expm1(part[i]!));
  }
  return predicted;
}

function rowsByMeter(meter: Int32Array, rows: number): Map<number, Int32Array> {
  const counts = new Map<number, number>();
  for (let row = 0; row < rows; row++) counts.set(meter[row]!, (counts.get(meter[row]!) ?? 0) + 1);
  const result = new Map<number, Int32Array>();
  for (const [code, count] of counts) {
    const indices = new Int32Array(count);
    let at = 0;
    for (let row = 0; row < rows; row++) if (meter[row] === code) indices[at++] = row;
    result.set(code, indices);
  }
  return result;
}

/** Columns with these rows only; the very same where these are all. */
function gathered(
  columns: ReadonlyMap<string, Float64Array>,
  indices: Int32Array,
  rows: number,
): (name: string) => Float64Array {
  return (name) => {
    const column = columns.get(name)!;
    if (indices.length === rows) return column;
    const part = new Float64Array(indices.length);
    for (let i = 0; i < indices.length; i++) part[i] = column[indices[i]!]!;
    return part;
  };
}

/** ln(1 + reading) of the rows of a meter type. */
function predictMeter(
  { card }: Model,
  trees: MeterTrees,
  column: (name: string) => Float64Array,
  rows: number,
): Float64Array {
  const { features, base } = card;
  const fixed = features.static.map(column);
  const first = new Float64Array(rows);
  predictBatch(trees.static, fixed, rows, first);
  const correction = new Float64Array(rows);
  predictBatch(trees.past, [...fixed, ...features.past.map(column), first], rows, correction);
  const logCount = column("past_count");
  const recent = column(base.feature);
  for (let row = 0; row < rows; row++) {
    const count = Math.expm1(logCount[row]!);
    const weight = count / (count + base.readings);
    if (count > 0) first[row] = weight * (recent[row]! || 0) + (1 - weight) * first[row]! + correction[row]!;
  }
  return first;
}
