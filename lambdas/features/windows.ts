/** Statistics of trailing windows, one value per value of the series; NaN is missing. */
export interface WindowStatistics {
  /** These three need one value in the window. */
  mean: Float64Array;
  max: Float64Array;
  min: Float64Array;
  /** Of a sample (divided by n - 1); needs two values in the window. */
  std: Float64Array;
}

/**
 * Mean, extremes and standard deviation of the last `length` values, the current one included; at the start of as many
 * as there are. Missing values are skipped.
 */
export function trailingStatistics(series: Float64Array, length: number): WindowStatistics {
  const mean = trailingMean(series, length);
  const max = new Float64Array(series.length).fill(NaN);
  const min = new Float64Array(series.length).fill(NaN);
  const std = new Float64Array(series.length).fill(NaN);
  for (let index = 0; index < series.length; index++) {
    const middle = mean[index] ?? NaN;
    let count = 0;
    let highest = -Infinity;
    let lowest = Infinity;
    // In a second pass over the window: the square of the mean would swallow the digits of a pressure's deviation.
    let squares = 0;
    for (let at = Math.max(0, index - length + 1); at <= index; at++) {
      const value = series[at] ?? NaN;
      if (Number.isNaN(value)) continue;
      count++;
      if (value > highest) highest = value;
      if (value < lowest) lowest = value;
      squares += (value - middle) * (value - middle);
    }
    if (count === 0) continue;
    max[index] = highest;
    min[index] = lowest;
    if (count > 1) std[index] = Math.sqrt(squares / (count - 1));
  }
  return { mean, max, min, std };
}

/** Mean of the last `length` values, the current one included, missing ones skipped; NaN where there is none. */
export function trailingMean(series: Float64Array, length: number): Float64Array {
  const means = new Float64Array(series.length);
  for (let index = 0; index < series.length; index++) {
    let sum = 0;
    let count = 0;
    // Each window from its own values: a running sum would carry rounding from hour to hour.
    for (let at = Math.max(0, index - length + 1); at <= index; at++) {
      const value = series[at] ?? NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    means[index] = count === 0 ? NaN : sum / count;
  }
  return means;
}
