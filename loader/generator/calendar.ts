const hourMs = 3_600_000;

const quarterMs = hourMs / 4;
const dayMs = 24 * hourMs;

/** The wall clock of a time zone. */
export interface Clock {
  /** Local time minus UTC, milliseconds, at an epoch time in milliseconds. */
  offset(time: number): number;
}

/**
 * Looks offsets up once a day, and once a quarter of an hour on the days of a change: no zone has changed at a finer
 * time since 1972.
 * @param timeZone IANA name
 * @throws RangeError for a name that Intl does not know
 */
export function zoneClock(timeZone: string): Clock {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  function lookUp(time: number): number {
    const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(time)) part[type] = Number(value);
    const { year = 0, month = 1, day, hour, minute, second } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - time;
  }
  function remembered(
    known: Map<number, number>,
    unit: number,
    find: (start: number) => number,
  ): (time: number) => number {
    return (time) => {
      const index = Math.floor(time / unit);
      let offset = known.get(index);
      if (offset === undefined) known.set(index, (offset = find(index * unit)));
      return offset;
    };
  }
  const ofQuarter = remembered(new Map(), quarterMs, lookUp);
  const ofDay = remembered(new Map(), dayMs, (start) => {
    const offset = lookUp(start);
    return lookUp(start + dayMs) === offset ? offset : Number.NaN;
  });
  return {
    offset(time) {
      const offset = ofDay(time);
      return Number.isNaN(offset) ? ofQuarter(time) : offset;
    },
  };
}

/**
 * A wall-clock time as UTC. A time that the clocks skip in spring is read with the offset before the change; one that
 * they show twice in autumn is the first of the two.
 * @param local the wall clock's reading as if it were UTC, epoch milliseconds
 */
export function localToUtc(clock: Clock, local: number): number {
  const before = clock.offset(local - 24 * hourMs);
  const candidate = local - before;
  if (clock.offset(candidate) === before) return candidate;
  const after = clock.offset(candidate);
  // Past the change, unless the new offset does not hold there: then the time lies in the gap.
  return clock.offset(local - after) === after ? local - after : candidate;
}

/** Hour of the week of a local time: 0 is Monday 00, 167 Sunday 23. */
export function hourOfWeek(local: number): number {
  // 1970-01-01 was a Thursday.
  const hours = Math.floor(local / hourMs) + 72;
  return ((hours % 168) + 168) % 168;
}

/**
 * Whether a local date is a day off in all the countries of the calibration: New Year, Christmas and the day after it.
 */
export function isDayOff(local: number): boolean {
  const date = new Date(local);
  const day = date.getUTCDate();
  return date.getUTCMonth() === 11 ? day === 25 || day === 26 : date.getUTCMonth() === 0 && day === 1;
}
