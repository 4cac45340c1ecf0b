import awsCron from "aws-cron-parser";

const secondsPer = { minute: 60, hour: 3600, day: 86_400 };

/** A fixed day, so that the same environment gives the same program at any time; a leap year and its neighbours follow. */
const reference = new Date("2027-01-01T00:00:00Z");

/** Runs that are looked at: a year of daily ones. */
const runs = 400;

/**
 * The longest time in seconds from one run of a schedule to the next: of a cron expression by its dates, without a change of
 * clocks. undefined for a schedule that runs once.
 */
export function longestPeriodSeconds(expression: string): number | undefined {
  const [, kind = "", inner = ""] = /^(\w+)\((.*)\)$/.exec(expression) ?? [];
  if (kind === "rate") {
    const [, value = "", unit = ""] = /^(\d+) (minute|hour|day)s?$/.exec(inner) ?? [];
    return Number(value) * secondsPer[unit as keyof typeof secondsPer];
  }
  if (kind !== "cron") return undefined;
  const cron = awsCron.parse(inner);
  let last: Date | null = null;
  let longest = 0;
  for (let run = 0; run < runs; run++) {
    const next: Date | null = awsCron.next(cron, last === null ? reference : new Date(last.getTime() + 1));
    if (next === null) break;
    if (last !== null) longest = Math.max(longest, (next.getTime() - last.getTime()) / 1000);
    last = next;
  }
  return longest === 0 ? undefined : longest;
}
