import { Cron } from "./cron.ts";
import { TimeZone } from "./time-zone.ts";

/** When a schedule invokes its target. Times are epoch milliseconds. */
export interface Expression {
  /** The first time after another; undefined where there is none any more. */
  next(after: number): number | undefined;
}

/** What an expression depends on beside its text. */
export interface ExpressionSettings {
  timeZone: string;
  /** From when a rate counts: with a start date that date is its first time, without one the time is one interval later. */
  anchor: { time: number; isFirst: boolean };
}

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads a schedule's expression: `rate(1 hour)`, `cron(0 6 * * ? *)`, `at(2026-11-20T13:00:00)`.
 *
 * A cron expression is about the wall clock of its zone. A time that clocks are set forward over is left out; one that
 * they are set back over comes once, the first time. A rate's days have 24 hours (EventBridge Scheduler user guide,
 * "Schedule types", Daylight savings time).
 *
 * @throws Error that says what is wrong
 */
export function compileExpression(text: string, { timeZone, anchor }: ExpressionSettings): Expression {
  const zone = zoneOf(timeZone);
  const [, kind, inner = ""] = /^(rate|cron|at)\((.*)\)$/.exec(text) ?? [];
  switch (kind) {
    case "rate":
      return rate(inner, anchor);
    case "cron":
      return cron(new Cron(inner), zone);
    case "at":
      return once(inner, zone);
    default:
      throw new Error(`${text} is no schedule: rate(...), cron(...) and at(...) are`);
  }
}

function zoneOf(name: string): TimeZone {
  try {
    return new TimeZone(name);
  } catch (error) {
    throw new Error(`${name} is no time zone: UTC and Europe/London are`, { cause: error });
  }
}

function rate(text: string, { time, isFirst }: ExpressionSettings["anchor"]): Expression {
  const [, value, unit] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(text) ?? [];
  const milliseconds = unit === undefined ? undefined : units[unit];
  if (milliseconds === undefined) throw new Error(`"${text}" is no rate: 15 minutes, 1 hour and 7 days are`);
  const interval = Number(value) * milliseconds;
  const first = isFirst ? time : time + interval;
  return {
    next: (after) => (after < first ? first : first + (Math.floor((after - first) / interval) + 1) * interval),
  };
}

function cron(expression: Cron, zone: TimeZone): Expression {
  return {
    next: (after) => {
      for (let wall = expression.next(zone.wallAt(after)); wall !== undefined; wall = expression.next(wall)) {
        const instant = zone.instantOf(wall);
        if (instant !== undefined && instant > after) return instant;
      }
      return undefined;
    },
  };
}

function once(text: string, zone: TimeZone): Expression {
  const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  if (Number.isNaN(wall)) throw new Error(`"${text}" is no time: 2026-11-20T13:00:00 is`);
  const instant = zone.instantOf(wall);
  return { next: (after) => (instant !== undefined && instant > after ? instant : undefined) };
}
