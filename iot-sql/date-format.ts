import { dayNames, monthNames, patternElements, shortName } from "./date-pattern.ts";
import { offsetText, type TimeZone } from "./time-zone.ts";

const day = 86_400_000;

/** What one letter of a pattern writes; `local` holds local time in its UTC fields. */
type Field = (local: Date, count: number, epoch: number, zone: TimeZone) => string;

function number(value: (local: Date) => number): Field {
  return (local, count) => padded(value(local), count);
}

function text(value: (local: Date) => string): Field {
  return (local, count) => (count >= 4 ? value(local) : shortName(value(local)));
}

/** Two letters are the two last digits. */
function year(value: (local: Date) => number): Field {
  return (local, count) => (count === 2 ? padded(Math.abs(value(local)) % 100, 2) : padded(value(local), count));
}

function padded(value: number, count: number): string {
  const digits = String(Math.abs(value)).padStart(count, "0");
  return value < 0 ? `-${digits}` : digits;
}

const weekday = (local: Date): number => local.getUTCDay() || 7;

/** The Thursday of the ISO week, whose year is the week's. */
function thursday(local: Date): Date {
  return new Date(local.getTime() + (4 - weekday(local)) * day);
}

function dayOfYear(local: Date): number {
  const start = new Date(local);
  start.setUTCMonth(0, 1);
  return Math.floor(local.getTime() / day) - Math.floor(start.getTime() / day) + 1;
}

const yearOfEra = (local: Date): number =>
  local.getUTCFullYear() > 0 ? local.getUTCFullYear() : 1 - local.getUTCFullYear();

/** The letters of https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html */
const fields: Record<string, Field> = {
  G: (local) => (local.getUTCFullYear() > 0 ? "AD" : "BC"),
  C: number((local) => Math.trunc(yearOfEra(local) / 100)),
  Y: year(yearOfEra),
  x: year((local) => thursday(local).getUTCFullYear()),
  w: number((local) => Math.ceil(dayOfYear(thursday(local)) / 7)),
  e: number(weekday),
  E: text((local) => dayNames[local.getUTCDay()] ?? ""),
  y: year((local) => local.getUTCFullYear()),
  D: number(dayOfYear),
  M: (local, count) => {
    const name = monthNames[local.getUTCMonth()] ?? "";
    return count >= 4 ? name : count === 3 ? shortName(name) : padded(local.getUTCMonth() + 1, count);
  },
  d: number((local) => local.getUTCDate()),
  a: (local) => (local.getUTCHours() < 12 ? "AM" : "PM"),
  K: number((local) => local.getUTCHours() % 12),
  h: number((local) => local.getUTCHours() % 12 || 12),
  H: number((local) => local.getUTCHours()),
  k: number((local) => local.getUTCHours() || 24),
  m: number((local) => local.getUTCMinutes()),
  s: number((local) => local.getUTCSeconds()),
  S: (local, count) => padded(local.getUTCMilliseconds(), 3).padEnd(count, "0").slice(0, count),
  z: (_local, count, epoch, zone) => zone.nameAt(epoch, count >= 4 ? "long" : "short"),
  Z: (_local, count, epoch, zone) => (count >= 3 ? zone.id : offsetText(zone.offsetAt(epoch), count === 2 ? ":" : "")),
};

/** An instant in epoch milliseconds by a pattern of Joda-Time, in English; undefined where the pattern is not valid. */
export function formatDate(pattern: string, epoch: number, zone: TimeZone): string | undefined {
  const elements = patternElements(pattern);
  const local = new Date(epoch + zone.offsetAt(epoch));
  if (elements === undefined || elements.length === 0 || Number.isNaN(local.getTime())) return undefined;
  let result = "";
  for (const element of elements) {
    if ("text" in element) result += element.text;
    else {
      const field = Object.hasOwn(fields, element.letter) ? fields[element.letter] : undefined;
      if (field === undefined) return undefined;
      result += field(local, element.count, epoch, zone);
    }
  }
  return result;
}
