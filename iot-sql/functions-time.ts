import { toIndex, toText } from "./conversions.ts";
import { formatDate } from "./date-format.ts";
import { parseDate } from "./date-parse.ts";
import type { SqlFunction } from "./functions.ts";
import { timeZone } from "./time-zone.ts";
import type { Value } from "./value.ts";

/** Furthest instant of a Date, in milliseconds from the epoch. */
const furthestInstant = 8.64e15;

function parseTime(pattern: Value, time: Value, zoneId: Value): Value {
  const patternText = toText(pattern);
  const epoch = toIndex(time);
  const zone = timeZone(toText(zoneId) ?? "");
  if (patternText === undefined || epoch === undefined || zone === undefined) return undefined;
  return Math.abs(epoch) > furthestInstant ? undefined : formatDate(patternText, epoch, zone);
}

/** parse_time() writes by patterns of Joda-Time, time_to_epoch() reads by those of java.time; both in English. */
export const timeFunctions = {
  parse_time: {
    arity: [2, 3],
    call: (_frame, ...args) => parseTime(args[0], args[1], args.length > 2 ? args[2] : "UTC"),
  },
  time_to_epoch: {
    arity: [2, 2],
    call: (_frame, value, pattern) => {
      const text = toText(value);
      const patternText = toText(pattern);
      return text === undefined || patternText === undefined ? undefined : parseDate(text, patternText);
    },
  },
} satisfies Record<string, SqlFunction>;
