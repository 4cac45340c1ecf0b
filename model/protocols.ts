import type { SeriesPast } from "../lambdas/features/past.ts";
import type { StampedSeries } from "./measured.ts";
import { pastOf } from "./tables.ts";
import type { KnownOf, Rows } from "./tables.ts";

/** Where the time blocks of 2016 are cut, on the meters' wall clocks. */
const cuts = [Date.UTC(2016, 4, 9, 12), Date.UTC(2016, 8, 5, 2)];

export const folds = cuts.length + 1;

/** The fold of a stamp: 0, 1 or 2. */
export function foldOf(stamp: number): number {
  const at = cuts.findIndex((cut) => stamp < cut);
  return at === -1 ? cuts.length : at;
}

/**
 * Stamps at which rows, in the order of time, are cut into blocks of the same size.
 */
export function blockCuts(stamps: Float64Array, blocks: number): number[] {
  const sorted = stamps.slice().sort();
  return Array.from({ length: blocks - 1 }, (_, i) => sorted[Math.floor((sorted.length * (i + 1)) / blocks)]!);
}

/**
 * Known is what lies outside of a row's own block, on both sides in time, among the rows to learn from. Without cuts all
 * of these are known: for rows that are not among them.
 */
export function otherBlocks(
  series: StampedSeries,
  learnt: (index: number) => boolean,
  blocks: readonly number[],
): KnownOf {
  const pasts = new Map<number, { past: SeriesPast; end: number }>();
  const blockOf = (index: number): number => blocks.filter((cut) => series.stamps[index]! >= cut).length;
  const isKnownTo = (index: number, block: number): boolean => blocks.length === 0 || blockOf(index) !== block;
  return (index) => {
    const block = blockOf(index);
    let known = pasts.get(block);
    if (known === undefined) {
      let end = 0;
      const past = pastOf(series, (i) => learnt(i) && isKnownTo(i, block) && ++end > 0);
      pasts.set(block, (known = { past, end }));
    }
    return { past: known.past, known: { first: 0, end: known.end, asOf: series.hours[index]! } };
  };
}

/** Known are those of some rows that are at least `hours` before a row. */
export function before(series: StampedSeries, hours: number, learnt: (index: number) => boolean): KnownOf {
  const past = pastOf(series, learnt);
  return (index) => {
    const asOf = series.hours[index]! - hours + 1;
    return { past, known: { first: 0, end: past.before(asOf), asOf } };
  };
}

const dayMs = 86_400_000;

/** Known are the readings of some days before the month that a row lies in; nothing in the first month of the series. */
export function daysBeforeMonth(series: StampedSeries, days: number): KnownOf {
  const { hours, stamps } = series;
  const past = pastOf(series, () => true);
  const ranges = new Map<number, { first: number; end: number; asOf: number }>();
  return (index) => {
    const month = monthOf(stamps[index]!);
    let known = ranges.get(month);
    if (known === undefined) {
      const start = startOf(month);
      const first = stamps.findIndex((stamp) => stamp >= start - days * dayMs);
      const end = stamps.findIndex((stamp) => stamp >= start);
      // The start of the month in UTC: as far from the row's hour as its stamp is from the month's.
      const asOf = hours[index]! - Math.floor((stamps[index]! - start) / 3_600_000);
      ranges.set(month, (known = { first, end, asOf }));
    }
    return month === firstMonth ? undefined : { past, known };
  };
}

/** 1 for rows that lie in the months that have a month before them: February to December of the year. */
export function inMonths(rows: readonly Rows<StampedSeries>[]): Uint8Array {
  return Uint8Array.from(
    rows.flatMap(({ series, indices }) =>
      Array.from(indices, (index) => (monthOf(series.stamps[index]!) === firstMonth ? 0 : 1)),
    ),
  );
}

/** Months since 1970. */
function monthOf(stamp: number): number {
  const date = new Date(stamp);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

function startOf(month: number): number {
  return Date.UTC(1970 + Math.floor(month / 12), month % 12, 1);
}

/** January 2016, with which the ASHRAE data begin. */
const firstMonth = monthOf(Date.UTC(2016, 0, 1));
