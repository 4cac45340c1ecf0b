import { pastOf, processOf } from "./tables.ts";
import type { KnownOf, Rows } from "./tables.ts";
import type { MeasuredSeries } from "./measured.ts";

/** Uniform on [0, 1): a hash of its keys, so that a draw does not depend on those before it. */
export function draw(...keys: number[]): number {
  let h = 0x2545f491;
  for (const key of keys) {
    h = Math.imul(h ^ key, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
    h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
    h ^= h >>> 15;
  }
  return (h >>> 0) / 4294967296;
}

/** How much of the past is known when a row is predicted. */
export interface Depth {
  /** Days before the start whose readings are known. */
  days: number;
  /** Hours from the start to the row, from 1. */
  ahead: number;
}

/** Rows drawn from each series, in the order of time. @param from first hour (since the epoch) that may be drawn */
export function drawRows<Series extends MeasuredSeries>(
  series: readonly Series[],
  perSeries: number,
  from: number,
  seed: number,
): Rows<Series>[] {
  return series.map((one) => {
    const key = one.building.building_id * 4 + one.meter;
    const first = one.hours.findIndex((hour) => hour >= from);
    const available = first === -1 ? 0 : one.hours.length - first;
    if (available <= perSeries) {
      return { series: one, indices: Int32Array.from({ length: available }, (_, i) => first + i) };
    }
    // One from each of as many stretches of the same length: spread over the year, in order, each once.
    const stretch = available / perSeries;
    const indices = Int32Array.from(
      { length: perSeries },
      (_, i) => first + Math.floor((i + draw(seed, key, i)) * stretch),
    );
    return { series: one, indices };
  });
}

/** Known are the readings of some days before a start, both drawn for each row by its series' key and index. */
export function drawnPast(
  series: MeasuredSeries,
  depthOf: (key: number, index: number) => Depth,
  withProcess = false,
): KnownOf {
  const history = pastOf(series, () => true);
  const { past } = history;
  const key = series.building.building_id * 4 + series.meter;
  return (index) => {
    const { days, ahead } = depthOf(key, index);
    const asOf = series.hours[index]! - ahead + 1;
    const known = { first: past.before(asOf - days * 24), end: past.before(asOf), asOf };
    if (!withProcess) return { past, known };
    const process = (): number =>
      processOf(series, history, known.first, known.end)?.ofHour(series.hours[index]!) ?? NaN;
    return { past, known, process };
  };
}

const depthsOfUnseen = [1, 3, 7, 7, 14, 30, 30, 60] as const;

/** As for a building that was not seen: some days are known, and a month is predicted from them. */
export function monthAhead(seed: number): (key: number, index: number) => Depth {
  return (key, index) => ({
    days: depthsOfUnseen[Math.floor(draw(seed, 7, key, index) * depthsOfUnseen.length)]!,
    ahead: 1 + Math.floor(draw(seed, 8, key, index) * 31 * 24),
  });
}
