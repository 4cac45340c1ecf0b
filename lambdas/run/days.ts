/** Days as whole numbers since 1970-01-01 UTC, and ranges of them. */

const millisecondsOfDay = 86_400_000;

/** Days from `from` up to, without, `to`, as dates. */
export interface DayRange {
  from: string;
  to: string;
}

/** The number of a date such as 2018-12-03. */
export function dayOf(date: string): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / millisecondsOfDay);
}

export function dayOfInstant(epochMs: number): number {
  return Math.floor(epochMs / millisecondsOfDay);
}

export function dateOf(day: number): string {
  return new Date(day * millisecondsOfDay).toISOString().slice(0, 10);
}

/** All days of ranges, each once. */
export function daysOf(ranges: readonly DayRange[]): Set<number> {
  const days = new Set<number>();
  for (const { from, to } of ranges) for (let day = dayOf(from); day < dayOf(to); day++) days.add(day);
  return days;
}

/** Days with those that lie up to so many before and after each. */
export function widened(days: ReadonlySet<number>, { before, after }: { before: number; after: number }): Set<number> {
  const wider = new Set<number>();
  for (const day of days) for (let near = day - before; near <= day + after; near++) wider.add(near);
  return wider;
}

/**
 * The ranges that days form, in order; ranges that at most `gap` days part are one, with the days between.
 *
 * @param longest days that a range has at most
 */
export function rangesOf(days: ReadonlySet<number>, gap = 0, longest = Infinity): DayRange[] {
  const ranges: { from: number; to: number }[] = [];
  for (const day of [...days].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && day <= last.to + gap && day < last.from + longest) last.to = day + 1;
    else ranges.push({ from: day, to: day + 1 });
  }
  return ranges.map(({ from, to }) => ({ from: dateOf(from), to: dateOf(to) }));
}
