import { dayNames, monthNames, patternElements, shortName, type PatternElement } from "./date-pattern.ts";
import { instantOf, timeZone, timeZoneOfName, type TimeZone } from "./time-zone.ts";

/** What has been read from a text; months count from 1. */
interface Read {
  year?: number;
  yearOfEra?: number;
  era?: string;
  month?: number;
  day?: number;
  dayOfYear?: number;
  weekday?: number;
  hour?: number;
  halfHour?: number;
  afternoon?: boolean;
  minute?: number;
  second?: number;
  milliseconds?: number;
  zone?: TimeZone | undefined;
}

interface Field {
  /** A regular expression without groups. */
  source: string;
  read: (text: string, into: Read) => void;
}

/** Digits of a number: one letter takes any count, two take two. */
function digits(count: number): string {
  return count === 1 ? "-?\\d{1,19}" : `\\d{${count}}`;
}

function numeric(set: (value: number, into: Read) => void): (count: number) => Field | undefined {
  return (count) => (count > 2 ? undefined : { source: digits(count), read: (text, into) => set(Number(text), into) });
}

function named(
  names: readonly string[],
  set: (index: number, into: Read) => void,
): (count: number) => Field | undefined {
  return (count) => {
    if (count > 4) return undefined;
    const known = count === 4 ? names : names.map(shortName);
    return { source: known.join("|"), read: (text, into) => set(known.indexOf(text), into) };
  };
}

/** Two letters are a year of this century, four are four digits or more behind a sign, as SignStyle.EXCEEDS_PAD. */
function year(set: (value: number, into: Read) => void): (count: number) => Field | undefined {
  return (count) => {
    if (count === 2) return { source: "\\d{2}", read: (text, into) => set(2000 + Number(text), into) };
    const source = count < 4 ? `-?\\d{${count},19}` : `-?\\d{${count}}|[-+]\\d{${count + 1},19}`;
    return count > 10 ? undefined : { source, read: (text, into) => set(Number(text), into) };
  };
}

function zoned(source: string, find: (text: string) => TimeZone | undefined): Field {
  return { source, read: (text, into) => void (into.zone = find(text)) };
}

const zoneId = "[A-Za-z][A-Za-z0-9/._~+:-]*|[-+]\\d[\\d:]*";

/** Offsets by count of letters: hours with optional minutes, minutes, `:`, and with optional seconds. */
const offsets = [
  "[-+]\\d{2}(?:\\d{2})?",
  "[-+]\\d{4}",
  "[-+]\\d{2}:\\d{2}",
  "[-+]\\d{4}(?:\\d{2})?",
  "[-+]\\d{2}:\\d{2}(?::\\d{2})?",
];

function offset(zero: string): (count: number) => Field | undefined {
  return (count) => {
    const source = offsets[count - 1];
    return source === undefined ? undefined : zoned(`${zero}${source}`, timeZone);
  };
}

const month = numeric((value, into) => (into.month = value));
const monthText = named(monthNames, (index, into) => (into.month = index + 1));

/** The letters of https://docs.oracle.com/en/java/javase/11/docs/api/java.base/java/time/format/DateTimeFormatter.html */
const fields: Record<string, (count: number) => Field | undefined> = {
  G: (count) => ({
    source: count === 4 ? "Anno Domini|Before Christ" : "AD|BC",
    read: (text, into) => (into.era = text.startsWith("A") ? "AD" : "BC"),
  }),
  u: year((value, into) => (into.year = value)),
  y: year((value, into) => (into.yearOfEra = value)),
  M: (count) => (count > 2 ? monthText(count) : month(count)),
  L: (count) => (count > 2 ? monthText(count) : month(count)),
  d: numeric((value, into) => (into.day = value)),
  D: (count) =>
    count > 3 ? undefined : { source: `\\d{${count},3}`, read: (text, into) => void (into.dayOfYear = Number(text)) },
  E: named(dayNames, (index, into) => (into.weekday = index)),
  a: (count) => (count > 1 ? undefined : { source: "AM|PM", read: (text, into) => (into.afternoon = text === "PM") }),
  H: numeric((value, into) => (into.hour = value)),
  k: numeric((value, into) => (into.hour = value === 24 ? 0 : value)),
  K: numeric((value, into) => (into.halfHour = value)),
  h: numeric((value, into) => (into.halfHour = value === 12 ? 0 : value)),
  m: numeric((value, into) => (into.minute = value)),
  s: numeric((value, into) => (into.second = value)),
  S: (count) =>
    count > 9
      ? undefined
      : {
          source: `\\d{${count}}`,
          read: (text, into) => (into.milliseconds = Math.floor(Number(`0.${text}`) * 1000 + 1e-6)),
        },
  n: (count) => ({
    source: `\\d{${count},19}`,
    read: (text, into) => (into.milliseconds = Math.floor(Number(text) / 1e6)),
  }),
  V: (count) => (count === 2 ? zoned(zoneId, timeZone) : undefined),
  v: (count) => (count === 1 || count === 4 ? zoned(`[A-Za-z]+(?: [A-Za-z]+)*|${zoneId}`, timeZoneOfName) : undefined),
  z: (count) => (count > 4 ? undefined : zoned(`[A-Za-z]+(?: [A-Za-z]+)+|${zoneId}`, timeZoneOfName)),
  O: (count) => (count === 1 || count === 4 ? zoned("GMT(?:[-+][\\d:]+)?", timeZone) : undefined),
  X: offset("Z|"),
  x: offset(""),
  Z: (count) => {
    if (count === 4) return zoned("GMT(?:[-+][\\d:]+)?", timeZone);
    return count === 5 ? offset("Z|")(5) : offset("")(2);
  },
};

interface Parser {
  expression: RegExp;
  fields: Field[];
}

const kept = new Map<string, Parser | undefined>();
const mostKept = 100;

/** A pattern as one regular expression, whose backtracking is java.time's adjacent value parsing. */
function parserOf(pattern: string): Parser | undefined {
  if (!kept.has(pattern)) {
    if (kept.size >= mostKept) kept.clear();
    kept.set(pattern, compiled(pattern));
  }
  return kept.get(pattern);
}

function compiled(pattern: string): Parser | undefined {
  const elements = patternElements(pattern);
  if (elements === undefined) return undefined;
  const used: Field[] = [];
  let source = "";
  let open = 0;
  for (const element of elements) {
    const part = sourceOf(element, used);
    if (part === undefined) return undefined;
    if (part === "(?:") open++;
    if (part === ")?" && --open < 0) return undefined;
    source += part;
  }
  return { expression: new RegExp(`^${source}${")?".repeat(open)}$`), fields: used };
}

function sourceOf(element: PatternElement, used: Field[]): string | undefined {
  if ("letter" in element) {
    const field = Object.hasOwn(fields, element.letter) ? fields[element.letter]?.(element.count) : undefined;
    if (field !== undefined) used.push(field);
    return field && `(${field.source})`;
  }
  if (element.text === "[") return "(?:";
  if (element.text === "]") return ")?";
  return "{}#".includes(element.text) ? undefined : element.text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** Epoch milliseconds of a text by a pattern of java.time, in English; UTC where it has no zone. */
export function parseDate(text: string, pattern: string): number | undefined {
  const parser = parserOf(pattern);
  const match = parser?.expression.exec(text);
  if (!parser || !match) return undefined;
  const read: Read = { zone: timeZone("UTC") };
  for (const [index, field] of parser.fields.entries()) {
    const found = match[index + 1];
    if (found !== undefined) field.read(found, read);
  }
  const date = resolvedDate(read);
  const time = resolvedTime(read);
  if (date === undefined || time === undefined || read.zone === undefined) return undefined;
  return instantOf(date + time, read.zone);
}

/** Midnight of the date, in ResolverStyle.SMART: a day that a short month lacks is its last day. */
function resolvedDate(read: Read): number | undefined {
  const year = read.year ?? (read.yearOfEra === undefined ? undefined : yearOf(read.yearOfEra, read.era));
  if (year === undefined || Math.abs(year) > 200_000) return undefined;
  let { month = 0, day = 0 } = read;
  if (read.dayOfYear !== undefined) {
    const leap = new Date(utc(year, 2, 29)).getUTCDate() === 29;
    if (read.dayOfYear < 1 || read.dayOfYear > (leap ? 366 : 365)) return undefined;
    [month, day] = [1, read.dayOfYear];
  } else {
    if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
    day = Math.min(day, new Date(utc(year, month + 1, 0)).getUTCDate());
  }
  const date = utc(year, month, day);
  return read.weekday !== undefined && new Date(date).getUTCDay() !== read.weekday ? undefined : date;
}

function yearOf(yearOfEra: number, era: string | undefined): number {
  return era === "BC" ? 1 - yearOfEra : yearOfEra;
}

/** Date.UTC takes years 0 to 99 for those of the 20th century. */
function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/** Milliseconds of the day; midnight where there is no hour, and where it is 24:00 that of the next day. */
function resolvedTime(read: Read): number | undefined {
  const { minute = 0, second = 0, milliseconds = 0 } = read;
  if (read.halfHour !== undefined && (read.afternoon === undefined || read.halfHour > 11 || read.halfHour < 0))
    return undefined;
  const hour = read.hour ?? (read.halfHour === undefined ? 0 : read.halfHour + (read.afternoon ? 12 : 0));
  const time = ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds;
  const valid = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
  return valid || (hour === 24 && time === 86_400_000) ? time : undefined;
}
