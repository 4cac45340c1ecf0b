/**
 * What a model was trained to, as far as predictions know of it: how the sum of the trees becomes the prediction
 * (`ObjectiveFunction::ConvertOutput`).
 */
export interface Objective {
  /** As LightGBM names it; "custom" for a model that names none. */
  readonly name: string;
  readonly convert: (score: number) => number;
}

const identity = (score: number): number => score;
const squareOfSign = (score: number): number => Math.sign(score) * score * score;
const logistic =
  (slope: number) =>
  (score: number): number =>
    1 / (1 + Math.exp(-slope * score));

/** By name; each gets the words after the name. */
const conversions: Record<string, (words: string[]) => Objective["convert"] | undefined> = {
  custom: () => identity,
  regression: squared,
  regression_l1: squared,
  fair: squared,
  quantile: squared,
  mape: squared,
  huber: () => identity,
  poisson: () => Math.exp,
  gamma: () => Math.exp,
  tweedie: () => Math.exp,
  binary: sigmoid,
  cross_entropy: () => logistic(1),
  cross_entropy_lambda: () => (score) => Math.log1p(Math.exp(score)),
};

/** The objectives that {@link readObjective} knows. */
export const objectives: readonly string[] = Object.keys(conversions);

/** Reads "regression", "regression sqrt", "binary sigmoid:1"; undefined for what is not known. */
export function readObjective(text: string): Objective | undefined {
  const [name = "", ...words] = text.split(" ").filter((word) => word !== "");
  const convert = Object.hasOwn(conversions, name) ? conversions[name]?.(words) : undefined;
  return convert && { name, convert };
}

/** The objectives that may be trained on the square root of their target (`reg_sqrt`). */
function squared(words: string[]): Objective["convert"] {
  return words.includes("sqrt") ? squareOfSign : identity;
}

function sigmoid(words: string[]): Objective["convert"] | undefined {
  const slope = Number(words.find((word) => word.startsWith("sigmoid:"))?.slice("sigmoid:".length));
  return slope > 0 && slope < Infinity ? logistic(slope) : undefined;
}
