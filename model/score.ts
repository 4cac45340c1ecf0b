import type { MeterTypeName } from "../environments/index.ts";
import { meterTypeCodes } from "../environments/index.ts";

/** Root mean squared error of ln(1 + reading): both sides are such logarithms. NaN without rows. */
export function rmsle(predicted: ArrayLike<number>, measured: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < measured.length; i++) sum += (predicted[i]! - measured[i]!) ** 2;
  return Math.sqrt(sum / measured.length);
}

/** RMSLE of time blocks: the mean of the folds is the headline. */
export interface FoldScore extends Record<MeterTypeName, number> {
  mean: number;
  folds: number[];
  /** Over all rows at once, as the meter types are. */
  pooled: number;
}

interface Sum {
  squares: number;
  rows: number;
}

/** Which rows a score is about. */
export interface Subset {
  label: string;
  has: (measured: number, meter: number) => boolean;
}

export const subsets: readonly Subset[] = [
  { label: "all rows", has: () => true },
  {
    label: "without electricity's zeros",
    has: (measured, meter) => measured > 0 || meter !== meterTypeCodes.electricity,
  },
  { label: "readings > 0 only", has: (measured) => measured > 0 },
];

/** Errors of one protocol, added up as folds and meter types are predicted. */
export class Scoreboard {
  readonly #sums = subsets.map(() => new Map<string, Sum>());
  readonly #folds: number;

  constructor(folds: number) {
    this.#folds = folds;
  }

  /** Both sides are ln(1 + reading). */
  add(fold: number, meter: number, predicted: Float64Array, measured: Float64Array): void {
    subsets.forEach(({ has }, at) => {
      let squares = 0;
      let rows = 0;
      for (let i = 0; i < measured.length; i++) {
        if (!has(measured[i]!, meter)) continue;
        squares += (predicted[i]! - measured[i]!) ** 2;
        rows++;
      }
      this.#sums[at]!.set(`${fold} ${meter}`, { squares, rows });
    });
  }

  /** @param subset index of {@link subsets} */
  score(subset = 0): FoldScore {
    const folds = Array.from({ length: this.#folds }, (_, fold) => this.#over(subset, (key) => key === String(fold)));
    const ofMeters = Object.entries(meterTypeCodes).map(
      ([name, code]) => [name, this.#over(subset, (_, meter) => meter === String(code))] as const,
    );
    return {
      mean: folds.reduce((sum, fold) => sum + fold, 0) / folds.length,
      folds,
      pooled: this.#over(subset, () => true),
      ...(Object.fromEntries(ofMeters) as Record<MeterTypeName, number>),
    };
  }

  #over(subset: number, chosen: (fold: string, meter: string) => boolean): number {
    let squares = 0;
    let rows = 0;
    for (const [key, sum] of this.#sums[subset]!) {
      const [fold = "", meter = ""] = key.split(" ");
      if (!chosen(fold, meter)) continue;
      squares += sum.squares;
      rows += sum.rows;
    }
    return Math.sqrt(squares / rows);
  }
}
