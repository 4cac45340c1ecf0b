/** Calendar features of an instant on a city's wall clock. */
export interface LocalTime {
  /** 0 to 23. */
  hour: number;
  /** Monday 0 to Sunday 6. */
  weekday: number;
  /** ISO 8601 week, 1 to 53: the week of its Thursday. */
  week: number;
  /** 1 to 12. */
  month: number;
  /** 1 on a public holiday, else 0; null where the year is not in the list of holidays. */
  is_holiday: 0 | 1 | null;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * The calendar of a time zone: local time features of an epoch ms.
 *
 * @param holidays ISO dates; a year without any is a year that the list does not cover.
 */
export function localCalendar(timeZone: string, holidays: readonly string[]): (epochMs: number) => LocalTime {
  const offsetAt = zoneOffset(timeZone);
  const dates = new Set(holidays);
  const years = new Set(holidays.map((date) => date.slice(0, 4)));
  const days = new Map<number, Omit<LocalTime, "hour">>();
  return (epochMs) => {
    const local = epochMs + offsetAt(epochMs);
    const day = Math.floor(local / dayMs);
    let features = days.get(day);
    if (features === undefined) {
      features = dayFeatures(day, dates, years);
      days.set(day, features);
    }
    const { weekday, week, month, is_holiday } = features;
    return { hour: Math.floor((local - day * dayMs) / hourMs), weekday, week, month, is_holiday };
  };
}

/** Calendar features of a local date, given as days since 1970-01-01. @param years those that `holidays` covers */
export function dayFeatures(
  day: number,
  holidays: ReadonlySet<string>,
  years: ReadonlySet<string>,
): Omit<LocalTime, "hour"> {
  const date = new Date(day * dayMs);
  const iso = date.toISOString().slice(0, 10);
  // 1970-01-01 was a Thursday.
  const weekday = (((day + 3) % 7) + 7) % 7;
  const thursday = new Date((day - weekday + 3) * dayMs);
  const firstOfYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return {
    weekday,
    week: Math.floor((thursday.getTime() - firstOfYear) / dayMs / 7) + 1,
    month: date.getUTCMonth() + 1,
    is_holiday: years.has(iso.slice(0, 4)) ? (holidays.has(iso) ? 1 : 0) : null,
  };
}

/** The offset of one UTC day, which changes at most once: `before` until `change`, then `after`; all in ms. */
interface DayOffset {
  before: number;
  change: number;
  after: number;
}

/**
 * Local minus UTC, in ms, of an epoch ms. Asking Intl takes microseconds, so the offset is kept per UTC day, and on a
 * day that begins and ends with different ones the instant of the change as well: it need not be on the hour.
 */
export function zoneOffset(timeZone: string): (epochMs: number) => number {
  const ask = askOffset(timeZone);
  const days = new Map<number, DayOffset>();
  return (epochMs) => {
    const day = Math.floor(epochMs / dayMs);
    let offset = days.get(day);
    if (offset === undefined) {
      offset = dayOffset(ask, day * dayMs);
      days.set(day, offset);
    }
    return epochMs < offset.change ? offset.before : offset.after;
  };
}

function dayOffset(ask: (epochMs: number) => number, start: number): DayOffset {
  const before = ask(start);
  const after = ask(start + dayMs);
  if (before === after) return { before, change: start, after };
  let unchanged = start;
  let change = start + dayMs;
  while (change - unchanged > 1000) {
    const middle = unchanged + Math.floor((change - unchanged) / 2000) * 1000;
    if (ask(middle) === before) unchanged = middle;
    else change = middle;
  }
  return { before, change, after };
}

function askOffset(timeZone: string): (epochMs: number) => number {
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
  return (epochMs) => {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(epochMs)) parts[type] = Number(value);
    const { year = NaN, month = NaN, day, hour, minute, second } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(epochMs / 1000) * 1000;
  };
}
