/** A time zone: an IANA zone or a fixed offset. The rules are those of Intl, which Node carries: nothing is loaded. */
export interface TimeZone {
  id: string;
  /** Milliseconds that local time is ahead of UTC at an instant in epoch milliseconds. */
  offsetAt(epoch: number): number;
  /** The English name at an instant, "CST" or "Central Standard Time". */
  nameAt(epoch: number, style: "short" | "long"): string;
}

const offsetPattern = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?$/;
const minute = 60_000;
const hour = 60 * minute;
const furthestOffset = 18 * hour;

const utc: TimeZone = {
  id: "UTC",
  offsetAt: () => 0,
  nameAt: (_epoch, style) => (style === "short" ? "UTC" : "Coordinated Universal Time"),
};

const kept = new Map<string, TimeZone | undefined>();
const mostKept = 1000;

/** A zone by its id, "America/Belize", "UTC", "Z", "+01:00" or "UTC+01:00"; undefined if there is none. */
export function timeZone(id: string): TimeZone | undefined {
  if (["UTC", "GMT", "UT", "Z", "Etc/UTC", "Zulu"].includes(id)) return utc;
  if (!kept.has(id)) {
    if (kept.size >= mostKept) kept.clear();
    kept.set(id, fixedZone(id) ?? namedZone(id));
  }
  return kept.get(id);
}

function fixedZone(id: string): TimeZone | undefined {
  const [all, sign, hours, minutes = "0", seconds = "0"] = offsetPattern.exec(id) ?? [];
  if (all === undefined || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const magnitude = Number(hours) * hour + Number(minutes) * minute + Number(seconds) * 1000;
  const offset = sign === "-" ? -magnitude : magnitude;
  return magnitude > furthestOffset ? undefined : { id, offsetAt: () => offset, nameAt: () => offsetText(offset, ":") };
}

function namedZone(id: string): TimeZone | undefined {
  const part = (style: "short" | "long" | "longOffset"): ((epoch: number) => string) => {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: id, timeZoneName: style });
    return (epoch) => format.formatToParts(epoch).find(({ type }) => type === "timeZoneName")?.value ?? "";
  };
  if (!/^[A-Za-z]/.test(id)) return undefined;
  try {
    const offset = part("longOffset");
    const long = part("long");
    const short = part("short");
    return {
      id,
      offsetAt: (epoch) => {
        const [, sign, hours = "0", minutes = "0", seconds = "0"] =
          /([+-])(\d+):(\d+)(?::(\d+))?/.exec(offset(epoch)) ?? [];
        const magnitude = Number(hours) * hour + Number(minutes) * minute + Number(seconds) * 1000;
        return sign === "-" ? -magnitude : magnitude;
      },
      nameAt: (epoch, style) => (style === "long" ? long(epoch) : (abbreviations.get(long(epoch)) ?? short(epoch))),
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** "+0100" or "+01:00". */
export function offsetText(offset: number, separator: "" | ":"): string {
  const minutes = Math.trunc(Math.abs(offset) / minute);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.trunc(minutes / 60))}${separator}${two(minutes % 60)}`;
}

/**
 * The instant of a local time, given as the epoch milliseconds that it would be in UTC. Of the two instants of an hour
 * that is repeated the earlier one; a time that is skipped moves forward by what is skipped (java.time.ZonedDateTime).
 */
export function instantOf(local: number, zone: TimeZone): number {
  const before = zone.offsetAt(local - 24 * hour);
  const after = zone.offsetAt(local + 24 * hour);
  if (zone.offsetAt(local - before) !== before && zone.offsetAt(local - after) === after) return local - after;
  return local - before;
}

/** English names of zones whose abbreviation Intl gives for their own country only; Java gives it everywhere. */
const abbreviations = new Map([
  ["Greenwich Mean Time", "GMT"],
  ["British Summer Time", "BST"],
  ["Irish Standard Time", "IST"],
  ["Western European Standard Time", "WET"],
  ["Western European Summer Time", "WEST"],
  ["Central European Standard Time", "CET"],
  ["Central European Summer Time", "CEST"],
  ["Eastern European Standard Time", "EET"],
  ["Eastern European Summer Time", "EEST"],
  ["Moscow Standard Time", "MSK"],
  ["India Standard Time", "IST"],
  ["China Standard Time", "CST"],
  ["Japan Standard Time", "JST"],
  ["Korean Standard Time", "KST"],
  ["Australian Eastern Standard Time", "AEST"],
  ["Australian Eastern Daylight Time", "AEDT"],
  ["Australian Central Standard Time", "ACST"],
  ["Australian Central Daylight Time", "ACDT"],
  ["Australian Western Standard Time", "AWST"],
  ["New Zealand Standard Time", "NZST"],
  ["New Zealand Daylight Time", "NZDT"],
]);

/** Where several zones share a name, the one that Java takes for English text. */
const zonesOfNames = new Map(
  Object.entries({
    "America/New_York": "EST EDT ET",
    "America/Chicago": "CST CDT CT",
    "America/Denver": "MST MDT MT",
    "America/Los_Angeles": "PST PDT PT",
    "America/Anchorage": "AKST AKDT",
    "Pacific/Honolulu": "HST",
    "Europe/London": "BST",
    "Europe/Lisbon": "WET WEST",
    "Europe/Paris": "CET CEST",
    "Europe/Helsinki": "EET EEST",
    "Europe/Moscow": "MSK",
    "Asia/Kolkata": "IST",
    "Asia/Tokyo": "JST",
    "Asia/Seoul": "KST",
    "Australia/Sydney": "AEST AEDT",
    "Australia/Adelaide": "ACST ACDT",
    "Australia/Perth": "AWST",
    "Pacific/Auckland": "NZST NZDT",
  }).flatMap(([id, names]) => names.split(" ").map((name) => [name, id] as const)),
);

const longNames = new Map<string, string>();

/** A zone by an English name, "PST" or "Pacific Standard Time", or by its id. */
export function timeZoneOfName(name: string): TimeZone | undefined {
  if (longNames.size === 0 && name.includes(" ")) {
    for (const id of new Set(zonesOfNames.values())) {
      for (const month of [0, 6]) longNames.set(timeZone(id)?.nameAt(Date.UTC(2024, month), "long") ?? "", id);
    }
  }
  return timeZone(zonesOfNames.get(name) ?? longNames.get(name) ?? name);
}
