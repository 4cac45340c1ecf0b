/** A smoothed series and its derivatives, one value per value of the series; NaN is missing. */
export interface Smoothed {
  smooth: Float64Array;
  /** First derivative, per step. */
  diff: Float64Array;
  /** Second derivative, per step squared: twice the quadratic coefficient. */
  diff2: Float64Array;
}

const halfWidth = 5;
const width = 2 * halfWidth + 1;

/**
 * Weights of the least-squares quadratic over eleven values: its value, slope and second derivative in the middle
 * (Savitzky and Golay, Anal. Chem. 36, 1627, 1964, with the corrections of Steinier, Termonia and Deltour, 1972).
 */
const smoothWeights = [-36, 9, 44, 69, 84, 89, 84, 69, 44, 9, -36].map((weight) => weight / 429);
const diffWeights = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5].map((weight) => weight / 110);
const diff2Weights = [15, 6, -1, -6, -9, -10, -9, -6, -1, 6, 15].map((weight) => weight / 429);

/**
 * Savitzky-Golay filter of window 11 and order 2. The first and the last five values are those of the quadratic through
 * the first and the last eleven (scipy's `mode="interp"`). A missing value cuts the series: each part is a series of
 * its own, and a part of less than eleven is left as it is, without derivatives.
 */
export function savitzkyGolay(series: Float64Array): Smoothed {
  const smoothed: Smoothed = {
    smooth: series.slice(),
    diff: new Float64Array(series.length).fill(NaN),
    diff2: new Float64Array(series.length).fill(NaN),
  };
  let start = 0;
  for (let index = 0; index <= series.length; index++) {
    if (index < series.length && !Number.isNaN(series[index])) continue;
    if (index - start >= width) smoothRun(series, start, index, smoothed);
    start = index + 1;
  }
  return smoothed;
}

function smoothRun(series: Float64Array, start: number, end: number, { smooth, diff, diff2 }: Smoothed): void {
  for (let centre = start + halfWidth; centre < end - halfWidth; centre++) {
    let value = 0;
    let slope = 0;
    let curvature = 0;
    for (let k = 0; k < width; k++) {
      const x = series[centre - halfWidth + k] ?? NaN;
      value += (smoothWeights[k] ?? NaN) * x;
      slope += (diffWeights[k] ?? NaN) * x;
      curvature += (diff2Weights[k] ?? NaN) * x;
    }
    smooth[centre] = value;
    diff[centre] = slope;
    diff2[centre] = curvature;
  }
  for (const [centre, side] of [
    [start + halfWidth, -1],
    [end - 1 - halfWidth, 1],
  ] as const) {
    const value = smooth[centre] ?? NaN;
    const slope = diff[centre] ?? NaN;
    const curvature = diff2[centre] ?? NaN;
    for (let distance = 1; distance <= halfWidth; distance++) {
      const t = side * distance;
      smooth[centre + t] = value + slope * t + (curvature / 2) * t * t;
      diff[centre + t] = slope + curvature * t;
      diff2[centre + t] = curvature;
    }
  }
}
