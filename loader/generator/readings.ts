import type { City } from "../../environments/index.ts";
import { calibration } from "./calibration.ts";
import { hourOfWeek, isDayOff, zoneClock } from "./calendar.ts";
import * as faults from "./faults.ts";
import { interpolate, normal, normalQuantile } from "./random.ts";
import { habitShare } from "./series.ts";
import type { Series } from "./series.ts";
import { trailingDay } from "./weather.ts";

const hourMs = 3_600_000;

/** A city, what it is made of, and its weather. */
export interface MeteredCity {
  city: City;
  series: readonly Series[];
  /** Air temperature at a full hour since the epoch, degrees Celsius. */
  temperature: (hour: number) => number;
}

/** Takes a reading; `time` is epoch milliseconds UTC. */
export type ReadingSink = (series: Series, time: number, value: number) => void;

/** Hours between the knots of the six noise sequences of a series: three move its readings, three its zeros. */
const periods = [60, 8, 1, 300, 24, 1] as const;

/** Weights of the first three sequences by meter code; the variances leave the share of the building's habits out. */
const noiseWeights = (
  [
    [0.1, 0.25, 0.05],
    [0.2, 0.27, 0.08],
    [0.25, 0.2, 0.25],
    [0.25, 0.17, 0.18],
  ] as const
).map((variances, meter) => variances.map((v) => Math.sqrt(v / (1 - (habitShare[meter] as number)))));

/** Weights of the last three by meter code: they set how long zeros last. */
const zeroWeights = (
  [
    [0.6, 0.395, 0.005],
    [0.7, 0.28, 0.02],
    [0.65, 0.2, 0.15],
    [0.7, 0.26, 0.04],
  ] as const
).map((variances) => variances.map(Math.sqrt));

const responsePoints = calibration.temperatureResponse.map((rows) =>
  rows.map(([t, ratio]) => [t, Math.log(ratio)] as const),
);
const zeroPoints = calibration.temperatureResponse.map((rows) =>
  rows.map(([t, , zero]) => [t, normalQuantile(zero)] as const),
);
/** By meter code: the quantile of zeros at which temperature moves a series neither way. */
const zeroReference = [-2.15, -1, -1.13, -0.62] as const;

/** What the meters of a city share at one time. */
interface Moment {
  time: number;
  hour: number;
  /** Hours of the local week that the time lies between, and how far between them. */
  thisHour: number;
  nextHour: number;
  fraction: number;
  /** Degrees above 15 of the trailing day. */
  warmth: number;
  /** By meter code. */
  response: Float64Array;
  zeroShift: Float64Array;
  /** By noise sequence: the knot before, and the weights of it and the one after. */
  knot: Float64Array;
  before: Float64Array;
  after: Float64Array;
}

/**
 * The readings of a city's meters at a time (epoch milliseconds, a whole minute), in the order of its series. Ask for
 * times in any order and at any step: a series has the same value at a time whatever else was asked for. Ascending
 * times are fastest.
 */
export function cityReadings(
  { city, series, temperature }: MeteredCity,
  seed: number,
): (time: number, sink: ReadingSink) => void {
  const clock = zoneClock(city.timeZone);
  const trailing = trailingDay(temperature);
  const missing = faults.missingShare(city.siteId);
  const now = newMoment();
  const then = newMoment();
  const stuck = new Map<Series, { since: number; value: number }>();
  let outageHour = Number.NaN;
  let outage = false;

  return (time, sink) => {
    const hour = Math.floor(time / hourMs);
    const minute = Math.floor(time / 60_000);
    if (hour !== outageHour) {
      outageHour = hour;
      outage = faults.isSiteOutage(city.siteId, seed, hour);
    }
    if (outage) return;
    moveTo(now, time);
    let late: [Series, number, number][] | undefined;
    for (const one of series) {
      if (time < one.starts || faults.isUnread(one, minute, missing)) continue;
      const value = reading(one, hour);
      const seconds = faults.lateSeconds(one, minute);
      if (seconds === 0) sink(one, time, value);
      else (late ??= []).push([one, time + seconds * 1000, value]);
    }
    late?.sort((a, b) => a[1] - b[1]).forEach((reading) => sink(...reading));
  };

  function moveTo(moment: Moment, time: number): void {
    const hour = Math.floor(time / hourMs);
    const local = time + clock.offset(time);
    moment.time = time;
    moment.fraction = (local % hourMs) / hourMs;
    moment.thisHour = dayOffAsSunday(local);
    moment.nextHour = dayOffAsSunday(local + hourMs);
    if (hour !== moment.hour) {
      moment.hour = hour;
      const mean = trailing(hour);
      moment.warmth = mean - 15;
      for (let meter = 0; meter < 4; meter++) {
        moment.response[meter] = interpolate(responsePoints[meter] ?? [], mean);
        moment.zeroShift[meter] = interpolate(zeroPoints[meter] ?? [], mean) - (zeroReference[meter] as number);
      }
    }
    periods.forEach((period, j) => {
      const position = time / (period * hourMs);
      const knot = Math.floor(position);
      const f = position - knot;
      const norm = 1 / Math.sqrt((1 - f) * (1 - f) + f * f);
      moment.knot[j] = knot;
      moment.before[j] = (1 - f) * norm;
      moment.after[j] = f * norm;
    });
  }

  function reading(one: Series, hour: number): number {
    const since = faults.stuckSince(one, hour);
    if (since === undefined) return measured(one, now);
    const known = stuck.get(one);
    if (known?.since === since) return known.value;
    moveTo(then, since * hourMs);
    const value = measured(one, then);
    stuck.set(one, { since, value });
    return value;
  }
}

/** What a meter shows that is not stuck. */
function measured(one: Series, moment: Moment): number {
  const { meter } = one;
  if (one.broken) return rounded(one, faults.brokenSteam(one, moment.time));
  if (faults.isDeadElectricity(one, moment.time)) return 0;
  if (one.zeroBelow > -Infinity) {
    const latent = sumOf(one, moment, 3, zeroWeights[meter] as number[]);
    if (latent < one.zeroBelow + (moment.zeroShift[meter] as number)) return 0;
  }
  const { fraction, thisHour, nextHour } = moment;
  const habits = (one.shape[thisHour] as number) * (1 - fraction) + (one.shape[nextHour] as number) * fraction;
  const noise = sumOf(one, moment, 0, noiseWeights[meter] as number[]);
  // Real residuals have more drops than spikes: the lowest half percent goes further down.
  const skewed = noise < -2.5 ? noise * 2.2 + 3 : noise;
  const ln =
    one.level +
    habits +
    one.response * (moment.response[meter] as number) +
    one.slope * moment.warmth +
    one.noise * (skewed - 0.5 * one.noise);
  return rounded(one, Math.exp(ln) * faults.spike(one, moment.hour));
}

/**
 * A weighted sum of three noise sequences, beginning with `first`. A series keeps the knots on both sides of the latest
 * time.
 */
function sumOf(one: Series, moment: Moment, first: number, weights: number[]): number {
  const { knots } = one;
  let sum = 0;
  for (let i = 0; i < 3; i++) {
    const j = first + i;
    const at = 3 * j;
    const knot = moment.knot[j] as number;
    const kept = knots[at] as number;
    if (kept !== knot) {
      const seed = one.seed + Math.imul(j + 1, 0x3c6ef372);
      knots[at + 1] = kept + 1 === knot ? (knots[at + 2] as number) : normal(seed, knot);
      knots[at + 2] = normal(seed, knot + 1);
      knots[at] = knot;
    }
    sum +=
      (weights[i] as number) *
      ((moment.before[j] as number) * (knots[at + 1] as number) +
        (moment.after[j] as number) * (knots[at + 2] as number));
  }
  return sum;
}

/** To the meter's resolution; what is not zero does not become zero. */
function rounded(one: Series, value: number): number {
  const units = Math.round((value * one.scale) / one.step) || 1;
  return (units * one.step) / one.scale;
}

function dayOffAsSunday(local: number): number {
  const hour = hourOfWeek(local);
  return isDayOff(local) ? 144 + (hour % 24) : hour;
}

function newMoment(): Moment {
  return {
    time: Number.NaN,
    hour: Number.NaN,
    thisHour: 0,
    nextHour: 0,
    fraction: 0,
    warmth: 0,
    response: new Float64Array(4),
    zeroShift: new Float64Array(4),
    knot: new Float64Array(periods.length),
    before: new Float64Array(periods.length),
    after: new Float64Array(periods.length),
  };
}
