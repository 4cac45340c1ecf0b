import type { City } from "../../environments/index.ts";
import { localToUtc, zoneClock } from "../generator/calendar.ts";
import type { Clock } from "../generator/calendar.ts";

/** How stamps that carry no zone are read: as UTC, or as the wall clock of their city. */
export type TimeZoneOption = "UTC" | "city";

/** An epoch time in milliseconds, or why there is none. */
export type Stamp = number | { problem: string };

const pattern = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads stamps: numbers are epoch milliseconds, of the wall clock if the column has no zone; texts are ISO 8601, with or without a zone.
 * A city whose meters' clocks run on UTC (`meterClock`) is taken at its word.
 */
export function stampReader(
  option: TimeZoneOption,
): (value: unknown, zoneless: boolean, city: City | undefined) => Stamp {
  const clocks = new Map<string, Clock>();

  function onWallClock(local: number, city: City | undefined): Stamp {
    if (option === "UTC" || city?.meterClock === "UTC") return local;
    if (city === undefined)
      return { problem: "timestamp has no zone, and the environment has no city whose clock it follows" };
    let clock = clocks.get(city.timeZone);
    if (clock === undefined) clocks.set(city.timeZone, (clock = zoneClock(city.timeZone)));
    return localToUtc(clock, local);
  }

  return (value, zoneless, city) => {
    if (typeof value === "number") return zoneless ? onWallClock(value, city) : value;
    if (typeof value !== "string") return { problem: "timestamp is neither a time nor a text" };
    const match = pattern.exec(value.trim());
    if (match === null)
      return { problem: `timestamp is ${JSON.stringify(value)}; 2018-12-03T01:00:00Z is a valid form` };
    const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", zone] = match;
    const local =
      Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) +
      Math.floor(Number(fraction) * 1000);
    if (
      new Date(local).getUTCDate() !== Number(day) ||
      Number(month) > 12 ||
      Number(hour) > 23 ||
      Number(minute) > 59
    ) {
      return { problem: `timestamp is ${JSON.stringify(value)}, which is not in the calendar` };
    }
    if (zone === undefined) return onWallClock(local, city);
    return local - zoneOffset(zone);
  };
}

/** Of "Z", "+01:00" or "-0500", milliseconds. */
function zoneOffset(zone: string): number {
  if (zone.toUpperCase() === "Z") return 0;
  const digits = zone.replace(":", "");
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return (digits.startsWith("-") ? -minutes : minutes) * 60_000;
}
