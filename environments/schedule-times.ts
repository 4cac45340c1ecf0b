import awsCron from "aws-cron-parser";

const secondsPer = { minute: 60, hour: 3600, day: 86_400 };

const yearMilliseconds = 8760 * 3_600_000;

/** A fixed day, so that the same environment gives the same program at any time. */
const reference = Date.parse("2027-01-01T00:00:00Z");

/** Runs that are looked at: more than a year of daily ones. */
const mostRuns = 400;

/** The times of a cron expression's first runs from the reference on, epoch ms; the zone's changes of clocks are not looked at. */
function runsOf(fields: string): number[] {
  const cron = awsCron.parse(fields);
  const times: number[] = [];
  let after = reference;
  while (times.length < mostRuns) {
    const next = awsCron.next(cron, new Date(after));
    if (next === null) break;
    times.push(next.getTime());
    after = next.getTime() + 1;
  }
  return times;
}

/** A schedule's kind and what stands in its brackets. */
function parts(expression: string): { kind: string; inner: string } {
  const [, kind = "", inner = ""] = /^(\w+)\((.*)\)$/.exec(expression) ?? [];
  return { kind, inner };
}

function rateSeconds(inner: string): number {
  const [, value = "", unit = ""] = /^(\d+) (minute|hour|day)s?$/.exec(inner) ?? [];
  return Number(value) * secondsPer[unit as keyof typeof secondsPer];
}

/** The longest time in seconds from one run of a schedule to the next; undefined for one that runs once. */
export function longestPeriodSeconds(expression: string): number | undefined {
  const { kind, inner } = parts(expression);
  if (kind === "rate") return rateSeconds(inner);
  if (kind !== "cron") return undefined;
  const times = runsOf(inner);
  const gaps = times.slice(1).map((time, index) => (time - (times[index] ?? time)) / 1000);
  return gaps.length === 0 ? undefined : Math.max(...gaps);
}

/** Runs a month of 730 hours, on average; 0 for a schedule that runs once. */
export function runsPerMonth(expression: string): number {
  const { kind, inner } = parts(expression);
  if (kind === "rate") return (730 * 3600) / rateSeconds(inner);
  if (kind !== "cron") return 0;
  const times = runsOf(inner);
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  if (times.length < mostRuns) {
    // All that there are in years to come: those of the first year count.
    return times.filter((time) => time < reference + yearMilliseconds).length / 12;
  }
  return (times.length - 1) / ((last - first) / yearMilliseconds) / 12;
}
