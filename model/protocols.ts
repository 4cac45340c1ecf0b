import type { Known } from "../lambdas/features/past.ts";
import type { StampedSeries } from "./measured.ts";
import type { SeriesProcess } from "./process.ts";
import { pastOf, processOf } from "./tables.ts";
import type { History, KnownOf, Rows } from "./tables.ts";

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
  const histories = new Map<number, { history: History; process: SeriesProcess | undefined }>();
  const blockOf = (index: number): number => blocks.filter((cut) => series.stamps[index]! >= cut).length;
  const isKnownTo = (index: number, block: number): boolean => blocks.length === 0 || blockOf(index) !== block;
  return (index) => {
    const block = blockOf(index);
    let of = histories.get(block);
    if (of === undefined) {
      const history = pastOf(series, (i) => learnt(i) && isKnownTo(i, block));
      histories.set(block, (of = { history, process: processOf(series, history) }));
    }
    const { history, process } = of;
    const hour = series.hours[index]!;
    return {
      past: history.past,
      known: { first: 0, end: history.kept.length, asOf: hour },
      process: () => process?.ofHour(hour) ?? NaN,
    };
  };
}

/** Known are those of some rows that are at least so many hours before a row, which is one of them: for each number. */
export function before(series: StampedSeries, hours: readonly number[], learnt: (index: number) => boolean): KnownOf[] {
  const history = pastOf(series, learnt);
  const process = processOf(series, history);
  const places = new Map(Array.from(history.kept, (index, place) => [index, place]));
  return hours.map((ahead) => (index) => {
    const asOf = series.hours[index]! - ahead + 1;
    const end = history.past.before(asOf);
    return {
      past: history.past,
      known: { first: 0, end, asOf },
      process: () => process?.ofReading(places.get(index)!, end) ?? NaN,
    };
  });
}

const dayMs = 86_400_000;

/** Known are the readings of some days before the month that a row lies in; nothing in the first month of the series. */
export function daysBeforeMonth(series: StampedSeries, days: number): KnownOf {
  const { hours, stamps } = series;
  const history = pastOf(series, () => true);
  const months = new Map<number, { known: Known; process: SeriesProcess | undefined }>();
  return (index) => {
    const month = monthOf(stamps[index]!);
    if (month === firstMonth) return undefined;
    let of = months.get(month);
    if (of === undefined) {
      const start = startOf(month);
      const first = stamps.findIndex((stamp) => stamp >= start - days * dayMs);
      const end = stamps.findIndex((stamp) => stamp >= start);
      // The start of the month in UTC: as far from the row's hour as its stamp is from the month's.
      const asOf = hours[index]! - Math.floor((stamps[index]! - start) / 3_600_000);
      months.set(month, (of = { known: { first, end, asOf }, process: processOf(series, history, first, end) }));
    }
    const { known, process } = of;
    return { past: history.past, known, process: () => process?.ofHour(hours[index]!) ?? NaN };
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
