/**
 * Randomness without state: every draw is a hash of a seed and a key, so that the value at a time does not depend on
 * which times were asked for before it.
 */

/** A well mixed 32-bit hash of two integers (the mixer is Chris Wellons' "lowbias32", public domain). */
export function hash(seed: number, key: number): number {
  let h = seed ^ Math.imul(key, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}

/** A seed of its own for each sequence of keys. */
export function seedOf(seed: number, ...keys: number[]): number {
  return keys.reduce((mixed, key) => hash(mixed, key + 1), hash(seed, 0x5eed));
}

/** Uniform on [0, 1). */
export function uniform(seed: number, key: number): number {
  return hash(seed, key) / 4294967296;
}

/**
 * Approximately standard normal: the sum of eight bytes of two hashes (excess kurtosis -0.15, within 4.9 deviations).
 */
export function normal(seed: number, key: number): number {
  const a = hash(seed, key);
  const b = hash(a ^ 0x6a09e667, key);
  const sum =
    (a & 255) + ((a >>> 8) & 255) + ((a >>> 16) & 255) + (a >>> 24) +
    (b & 255) + ((b >>> 8) & 255) + ((b >>> 16) & 255) + (b >>> 24); // prettier-ignore
  return (sum - 1020) / 209.023;
}

/**
 * Evenly spread draws: the fractional parts of multiples of an irrational number, moved by a hash. Consecutive indexes
 * cover [0, 1) far more evenly than independent draws, so that the buildings of one city have the spread of the
 * calibration even where they are few, and a building's draw does not depend on how many others there are.
 * @param dimension which attribute is drawn, 0 to 15: the roots of different primes are independent of each other
 */
export function evenly(seed: number, dimension: number, index: number): number {
  const value = uniform(seed, dimension) + index * (roots[dimension] as number);
  return value - Math.floor(value);
}

const roots = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53].map((prime) => Math.sqrt(prime) % 1);

/**
 * The standard normal quantile (Acklam's rational approximation, relative error below 1.2e-9).
 * @param p probability; 0 and 1 give -Infinity and Infinity
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return (
      (((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
        4.374664141464968) * q + 2.938163982698783) /
      ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
    ); // prettier-ignore
  }
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) * r + 2.506628277459239) * q) /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) * r + 1)
  ); // prettier-ignore
}

/** The item that a uniform draw picks from weighted ones. */
export function pick<T>(weighted: readonly (readonly [T, number])[], draw: number): T {
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0);
  let left = draw * total;
  for (const [item, weight] of weighted) {
    left -= weight;
    if (left < 0) return item;
  }
  const last = weighted.at(-1);
  if (last === undefined) throw new RangeError("pick() needs at least one item to pick from");
  return last[0];
}

/** A piecewise linear function through points sorted by x, constant beyond its ends. */
export function interpolate(points: readonly (readonly [number, number])[], x: number): number {
  let [previousX, previousY] = points[0] as readonly [number, number];
  if (x <= previousX) return previousY;
  for (const [nextX, nextY] of points) {
    if (x <= nextX) return previousY + ((nextY - previousY) * (x - previousX)) / (nextX - previousX || 1);
    previousX = nextX;
    previousY = nextY;
  }
  return previousY;
}

/**
 * Smooth noise of unit variance: independent normal values at knots that are one period apart, interpolated between
 * them.
 * @param position time in periods
 */
export function knotNoise(seed: number, position: number): number {
  const knot = Math.floor(position);
  const f = position - knot;
  if (f === 0) return normal(seed, knot);
  return ((1 - f) * normal(seed, knot) + f * normal(seed, knot + 1)) / Math.sqrt((1 - f) * (1 - f) + f * f);
}
