import { oldestAge } from "../lambdas/features/kernels.ts";
import { bendDegrees, usualSlopes } from "../lambdas/features/past.ts";
import type { SiteHours } from "../lambdas/features/past.ts";

/**
 * Covariance of y, ln(1 + reading), between two hours of a series, in units of the series' own variance: a level and
 * slopes on temperature that the series has to itself, habits by temperature, by hour and kind of day and by both, and
 * what lasts hours, days and months.
 */
const covariance = {
  level: 60,
  /** Per degree and degree. */
  slope: 0.002,
  temperature: { variance: 0.25, degrees: 5 },
  hour: { variance: 0.2, hours: 2.5, otherKind: 0.35 },
  both: { variance: 0.25, degrees: 4, hours: 3 },
  lasting: [
    { variance: 0.2, days: 0.2 },
    { variance: 0.25, days: 3 },
    { variance: 0.35, days: 45 },
  ],
  noise: 0.2,
} as const;

/** Saturday 00, from which on the hours of the week are off. */
const firstHourOff = 120;

/** Tenths of a degree are as fine as thermometers are; beyond this difference two temperatures have nothing in common. */
const degreeSteps = 4;
const mostDegrees = 60;

const ofAge = Float64Array.from({ length: oldestAge + 1 }, (_, age) =>
  covariance.lasting.reduce((sum, { variance, days }) => sum + variance * Math.exp(-age / (24 * days)), 0),
);

function gaussian(variance: number, scale: number): Float64Array {
  return Float64Array.from(
    { length: mostDegrees * degreeSteps + 1 },
    (_, i) => variance * Math.exp(-0.5 * (i / degreeSteps / scale) ** 2),
  );
}

const ofTemperature = gaussian(covariance.temperature.variance, covariance.temperature.degrees);
const ofBoth = gaussian(covariance.both.variance, covariance.both.degrees);

/** By difference of hours of the day, then of the kinds of day: the same, the other. */
const ofHour = new Float64Array(48);
const ofHourWithin = new Float64Array(48);
for (let difference = 0; difference < 24; difference++) {
  const apart = Math.min(difference, 24 - difference);
  const { hour, both } = covariance;
  ofHour[difference] = hour.variance * Math.exp(-0.5 * (apart / hour.hours) ** 2);
  ofHourWithin[difference] = Math.exp(-0.5 * (apart / both.hours) ** 2);
  ofHour[24 + difference] = hour.otherKind * ofHour[difference]!;
  ofHourWithin[24 + difference] = hour.otherKind * ofHourWithin[difference]!;
}

/** The factor of the covariances of so many readings is a matter of milliseconds; it grows with the third power. */
export const mostReadings = 600;

/** A Gaussian process over the readings of a series: what they say of other hours, for histories of some hundred. */
export class SeriesProcess {
  readonly #site: SiteHours;
  readonly #usual: readonly [heating: number, cooling: number];
  readonly #length: number;
  // Of the readings, and at the end of the hour to predict.
  readonly #hours: Float64Array;
  readonly #steps: Float64Array;
  readonly #heating: Float64Array;
  readonly #cooling: Float64Array;
  readonly #clock: Int32Array;
  readonly #off: Uint8Array;
  /** Rows of the lower factor of the covariances, one after the other. */
  readonly #factor: Float64Array;
  /** The factor's solution for the residuals of the usual slopes, and what the covariances are weighted with. */
  readonly #solved: Float64Array;
  #weights: Float64Array | undefined;
  readonly #row: Float64Array;

  /**
   * @param meter code of the meter type
   * @param hours hours since the epoch, ascending, among the site's; at most {@link mostReadings}
   * @param values y of those hours
   * @throws RangeError for more
   */
  constructor(site: SiteHours, meter: number, hours: Int32Array, values: Float64Array) {
    const length = hours.length;
    if (length > mostReadings) {
      throw new RangeError(`A Gaussian process over ${length} readings: ${mostReadings} are allowed.`);
    }
    this.#site = site;
    this.#usual = usualSlopes[meter] ?? [0, 0];
    this.#length = length;
    this.#hours = new Float64Array(length + 1);
    this.#steps = new Float64Array(length + 1);
    this.#heating = new Float64Array(length + 1);
    this.#cooling = new Float64Array(length + 1);
    this.#clock = new Int32Array(length + 1);
    this.#off = new Uint8Array(length + 1);
    this.#factor = new Float64Array((length * (length + 1)) / 2);
    this.#solved = new Float64Array(length);
    this.#row = new Float64Array(length);
    for (let i = 0; i < length; i++) this.#place(i, hours[i]!);
    for (let i = 0; i < length; i++) this.#factorRow(i, values[i]!);
  }

  /** What the first `end` readings say of the hour of a later one: y. */
  ofReading(index: number, end: number): number {
    const start = (index * (index + 1)) / 2;
    const factor = this.#factor;
    const solved = this.#solved;
    let mean = this.#usualAt(index);
    for (let j = 0; j < end; j++) mean += factor[start + j]! * solved[j]!;
    return mean;
  }

  /** What all readings say of an hour: y. */
  ofHour(hour: number): number {
    const length = this.#length;
    const weights = (this.#weights ??= this.#solveBack());
    const row = this.#row;
    this.#place(length, hour);
    this.#covariances(length, length, row, 0);
    let mean = this.#usualAt(length);
    for (let j = 0; j < length; j++) mean += row[j]! * weights[j]!;
    return mean;
  }

  #place(i: number, hour: number): void {
    const at = hour - this.#site.firstHour;
    const temperature = this.#site.temperature[at] ?? NaN;
    const code = this.#site.hourOfWeek[at] ?? 0;
    const known = Number.isNaN(temperature) ? bendDegrees : temperature;
    this.#hours[i] = hour;
    this.#steps[i] = known * degreeSteps;
    this.#heating[i] = Math.max(0, bendDegrees - known);
    this.#cooling[i] = Math.max(0, known - bendDegrees);
    this.#clock[i] = code % 24;
    this.#off[i] = code >= firstHourOff ? 1 : 0;
  }

  #usualAt(i: number): number {
    return this.#usual[0] * this.#heating[i]! + this.#usual[1] * this.#cooling[i]!;
  }

  /** Fills `row` from `offset` with the covariances of the hour at an index with those before `end`. */
  #covariances(i: number, end: number, row: Float64Array, offset: number): void {
    const hours = this.#hours;
    const steps = this.#steps;
    const heating = this.#heating;
    const cooling = this.#cooling;
    const clock = this.#clock;
    const off = this.#off;
    const ownHour = hours[i]!;
    const ownSteps = steps[i]!;
    const h = covariance.slope * heating[i]!;
    const c = covariance.slope * cooling[i]!;
    const ownClock = clock[i]!;
    const kind = off[i]!;
    for (let j = 0; j < end; j++) {
      const age = Math.min(Math.abs(ownHour - hours[j]!), oldestAge);
      const apart = Math.min((Math.abs(ownSteps - steps[j]!) + 0.5) | 0, mostDegrees * degreeSteps);
      const time = Math.abs(ownClock - clock[j]!) + (kind === off[j]! ? 0 : 24);
      row[offset + j] =
        covariance.level +
        h * heating[j]! +
        c * cooling[j]! +
        ofTemperature[apart]! +
        ofHour[time]! +
        ofBoth[apart]! * ofHourWithin[time]! +
        ofAge[age]!;
    }
  }

  /** A row of the factor, by substitution of the rows before it. */
  #factorRow(i: number, value: number): void {
    const factor = this.#factor;
    const solved = this.#solved;
    const start = (i * (i + 1)) / 2;
    this.#covariances(i, i, factor, start);
    let squares = 0;
    let rest = value - this.#usualAt(i);
    let before = 0;
    for (let j = 0; j < i; j++) {
      let sum = factor[start + j]!;
      for (let k = 0; k < j; k++) sum -= factor[before + k]! * factor[start + k]!;
      const entry = sum / factor[before + j]!;
      factor[start + j] = entry;
      squares += entry * entry;
      rest -= entry * solved[j]!;
      before += j + 1;
    }
    const h = this.#heating[i]!;
    const c = this.#cooling[i]!;
    const variance =
      covariance.level + covariance.slope * (h * h + c * c) + ofTemperature[0]! + ofHour[0]! + ofBoth[0]! + ofAge[0]!;
    const diagonal = Math.sqrt(variance + covariance.noise - squares);
    factor[start + i] = diagonal;
    solved[i] = rest / diagonal;
  }

  #solveBack(): Float64Array {
    const factor = this.#factor;
    const weights = this.#solved.slice();
    for (let i = this.#length - 1; i >= 0; i--) {
      const start = (i * (i + 1)) / 2;
      const weight = weights[i]! / factor[start + i]!;
      weights[i] = weight;
      for (let j = 0; j < i; j++) weights[j]! -= weight * factor[start + j]!;
    }
    return weights;
  }
}
