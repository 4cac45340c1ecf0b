import { days as decayDays, decayTables, hourKernel, missingBin, temperatureBin, temperatureKernel } from "./kernels.ts";

/** The hours of a site that its series share; index 0 is `firstHour`, a value per hour. */
export interface SiteHours {
  /** Hours since the epoch. */
  readonly firstHour: number;
  /** Mean air temperature of the trailing day, degrees Celsius; NaN is missing. */
  readonly temperature: Float64Array;
  /** Hour of the local week, Monday 00 = 0; a public holiday counts as a Sunday. */
  readonly hourOfWeek: Uint8Array;
}

/** What is known of a series at a forecast's start: the readings `first` up to, not including, `end` of its history. */
export interface Known {
  first: number;
  end: number;
  /** The hour (since the epoch) that ages count from: the start of the forecast. */
  asOf: number;
}

/**
 * What the past says of a series' hour, in the order of the columns. y is ln(1 + reading). A mean is weighted with
 * exp(-age / n days), for a kernel mean also by how near its readings are in hour, weekday and temperature (see
 * kernels.ts). Without a past all are missing, but for `past_count`, which is 0.
 */
export const pastColumnNames = [
  /** ln(1 + number of readings) */
  "past_count",
  /** y of the reading nearest to the start, its distance in hours from the hour to predict, and the one after it */
  "past_last",
  "past_age",
  "past_second",
  "past_mean",
  "past_deviation",
  /** share of readings that are zero: of all, and with a decay of 7 days */
  "past_zero_share",
  "past_zero_share_7d",
  "past_mean_6h",
  "past_mean_36h",
  "past_mean_7d",
  "past_mean_30d",
  /** sum of the weights of the 7 day mean */
  "past_weight_7d",
  /** temperature of the hour minus the mean temperature of the 7 and 30 day means */
  "past_warmer_7d",
  "past_warmer_30d",
  /** y per degree below and above 15 degrees, and what the line through the mean gives at the hour's temperature */
  "past_heating_slope",
  "past_cooling_slope",
  "past_line",
  /** near in hour and weekday */
  "past_hour_mean_3d",
  "past_hour_mean_30d",
  "past_hour_weight_3d",
  "past_hour_weight_30d",
  /** near in temperature */
  "past_temperature_mean",
  "past_temperature_weight",
  /** near in hour, weekday and temperature */
  "past_kernel_7d",
  "past_kernel_weight_7d",
  "past_kernel_90d",
  "past_kernel_weight_90d",
  "past_kernel_zero_share",
  /** temperature of the hour minus the mean temperature of the 90 day kernel mean */
  "past_kernel_warmer",
  /** the last reading minus the kernel mean of the others at its hour; readings of three days minus their hour means */
  "past_surprise_last",
  "past_surprise_36h",
] as const;

/** Weight of the broader mean that a kernel mean is drawn to, in readings. */
const broader = 0.5;

/** Ridge of the slopes, in readings times squared degrees. */
const slopeRidge = 200;
const hingeDegrees = 15;

/** Age of the oldest reading that `past_surprise_36h` looks at, hours. */
const surpriseHours = 72;

const bins = missingBin + 1;
const hoursOfWeek = 168;

/** The history of one series, prepared for many starts. Computes in double precision; not to be shared by two at once. */
export class SeriesPast {
  readonly #hours: Int32Array;
  readonly #values: Float64Array;
  readonly #temperatures: Float64Array;
  readonly #codes: Uint8Array;
  readonly #bins: Uint16Array;
  /** Indices of the readings by hour of the week, in the order of time: those of code c from #starts[c] on. */
  readonly #byCode: Int32Array;
  readonly #starts: Int32Array;
  readonly #site: SiteHours;
  readonly #decay7: Float64Array;
  readonly #decay90: Float64Array;

  /**
   * @param hours hours since the epoch, ascending, each once, within the site's
   * @param values y of those hours
   */
  constructor(site: SiteHours, hours: Int32Array, values: Float64Array) {
    const length = hours.length;
    this.#site = site;
    this.#hours = hours;
    this.#values = values;
    this.#temperatures = new Float64Array(length);
    this.#codes = new Uint8Array(length);
    this.#bins = new Uint16Array(length);
    this.#byCode = new Int32Array(length);
    this.#starts = new Int32Array(hoursOfWeek + 1);
    this.#decay7 = new Float64Array(length);
    this.#decay90 = new Float64Array(length);
    for (let i = 0; i < length; i++) {
      const at = hours[i]! - site.firstHour;
      this.#temperatures[i] = site.temperature[at] ?? NaN;
      this.#bins[i] = temperatureBin(this.#temperatures[i]!);
      this.#codes[i] = site.hourOfWeek[at]!;
      this.#starts[this.#codes[i]! + 1]!++;
    }
    for (let code = 0; code < hoursOfWeek; code++) this.#starts[code + 1]! += this.#starts[code]!;
    const next = this.#starts.slice();
    for (let i = 0; i < length; i++) this.#byCode[next[this.#codes[i]!]!++] = i;
  }
}
