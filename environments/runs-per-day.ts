import { scheduleFault } from "./schedule.ts";

const secondsOf: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

/**
 * How many times a day a schedule of EventBridge Scheduler runs at most, on the days that it runs; undefined for what is no
 * schedule.
 */
export function runsPerDay(schedule: string): number | undefined {
  if (scheduleFault(schedule) !== undefined) return undefined;
  const rate = /^rate\((\d+)\s+(minute|hour|day)s?\)$/.exec(schedule);
  if (rate !== null) {
    const [, value, unit = "day"] = rate;
    return Math.ceil(86_400 / (Number(value) * (secondsOf[unit] ?? 86_400)));
  }
  const [minutes, hours] = /^cron\(\s*(\S+)\s+(\S+)/.exec(schedule)?.slice(1) ?? [];
  if (minutes === undefined || hours === undefined) return 1;
  return countValues(minutes, 60) * countValues(hours, 24);
}

/** The values of a field of numbers from 0 on: `*`, `5`, `8-18`, `0/15` and lists of them. */
function countValues(field: string, values: number): number {
  const chosen = new Set<number>();
  for (const part of field.split(",")) {
    const [range = "*", step] = part.split("/");
    const [first, last] = range === "*" ? [0, values - 1] : range.split("-").map(Number);
    const from = first ?? 0;
    // 5 is one value, 5/15 goes on from there to the end.
    const to = last ?? (step === undefined ? from : values - 1);
    for (let value = from; value <= to; value += Number(step ?? 1)) chosen.add(value);
  }
  return chosen.size;
}
