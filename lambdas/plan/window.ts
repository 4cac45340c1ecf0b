import { RunError } from "../run/run-error.ts";

export const millisecondsOfHour = 3_600_000;

const form = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * An instant of a run's input in epoch ms; a date is its midnight, UTC.
 *
 * @throws RunError InvalidWindow
 */
export function instantOf(name: string, text: string): number {
  const instant = form.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(instant) || !isCalendarDate(text.slice(0, 10))) {
    throw new RunError(
      "InvalidWindow",
      `"${name}" must be a date or an instant with its zone, such as 2018-12-10 or 2018-12-10T06:00:00Z, not "${text}".`,
    );
  }
  return instant;
}

/** JavaScript takes 2018-02-30 for the 2nd of March. */
function isCalendarDate(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

/** ISO 8601 in UTC, to the second. */
export function isoOf(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

/** The hours of forecasts that were asked for. @throws RunError InvalidWindow */
export function forecastWindow(
  from: string,
  to: string | undefined,
  horizonHours: number,
): { from: number; to: number } {
  const first = instantOf("from", from);
  const end = to === undefined ? first + horizonHours * millisecondsOfHour : instantOf("to", to);
  for (const [name, instant] of [
    ["from", first],
    ["to", end],
  ] as const) {
    if (instant % millisecondsOfHour !== 0) {
      throw new RunError(
        "InvalidWindow",
        `"${name}" must be a whole hour: forecasts are hourly, and ${isoOf(instant)} is none.`,
      );
    }
  }
  if (end <= first) throw new RunError("InvalidWindow", `"to" (${isoOf(end)}) must be after "from" (${isoOf(first)}).`);
  return { from: first, to: end };
}
