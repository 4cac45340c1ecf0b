import { dayFeatures, zoneOffset } from "../transform/calendar.ts";
import { dayMs, hourMs } from "./weather-columns.ts";

/** The wall clock of a site over consecutive UTC hours, one value per hour. */
export interface CalendarFeatures {
  /** Epoch ms of the first hour. */
  from: number;
  hours: number;
  /** 0 to 23. */
  hour: Float64Array;
  /** Monday 0 to Sunday 6. */
  weekday: Float64Array;
  /** ISO 8601 week, 1 to 53: the week of its Thursday. */
  week: Float64Array;
  /** 1 to 12. */
  month: Float64Array;
  year: Float64Array;
  /** 1 on a public holiday, else 0; NaN in a year that the list of holidays does not cover. */
  is_holiday: Float64Array;
  /** 1 at the weekend and on a known holiday, else 0. */
  off: Float64Array;
}

/** Local time of a site. */
export interface SiteClock {
  /** Calendar of `hours` UTC hours from `from`, an epoch ms on the hour. */
  calendar(this: void, from: number, hours: number): CalendarFeatures;
  /** Local minus UTC, in ms, of an epoch ms. */
  offset(this: void, epochMs: number): number;
  /**
   * Epoch ms of a time on the wall clock, given as if it were UTC. A time that the clock skips in spring is read with
   * the offset before the change; of a time that it shows twice in autumn the first is meant.
   */
  toUtc(this: void, local: number): number;
}

/**
 * The clock of a time zone, to be made once per site: it keeps what it has asked of Intl.
 *
 * @param timeZone IANA name
 * @param holidays ISO dates of the public holidays; a year without any is a year that the list does not cover
 * @throws RangeError for a name that Intl does not know
 */
export function siteClock(timeZone: string, holidays: readonly string[]): SiteClock {
  const offset = zoneOffset(timeZone);
  const dates = new Set(holidays);
  const years = new Set(holidays.map((date) => date.slice(0, 4)));

  function calendar(from: number, hours: number): CalendarFeatures {
    const column = () => new Float64Array(hours);
    const result: CalendarFeatures = {
      from,
      hours,
      hour: column(),
      weekday: column(),
      week: column(),
      month: column(),
      year: column(),
      is_holiday: column(),
      off: column(),
    };
    let day = NaN;
    let year = NaN;
    let ofDay = dayFeatures(0, dates, years);
    for (let index = 0; index < hours; index++) {
      const epochMs = from + index * hourMs;
      const local = epochMs + offset(epochMs);
      const localDay = Math.floor(local / dayMs);
      if (localDay !== day) {
        day = localDay;
        year = new Date(day * dayMs).getUTCFullYear();
        ofDay = dayFeatures(day, dates, years);
      }
      result.hour[index] = Math.floor((local - day * dayMs) / hourMs);
      result.weekday[index] = ofDay.weekday;
      result.week[index] = ofDay.week;
      result.month[index] = ofDay.month;
      result.year[index] = year;
      result.is_holiday[index] = ofDay.is_holiday ?? NaN;
      result.off[index] = ofDay.weekday >= 5 || ofDay.is_holiday === 1 ? 1 : 0;
    }
    return result;
  }

  function toUtc(local: number): number {
    const before = offset(local - dayMs);
    const after = offset(local + dayMs);
    if (offset(local - before) === before) return local - before;
    return offset(local - after) === after ? local - after : local - before;
  }

  return { calendar, offset, toUtc };
}
