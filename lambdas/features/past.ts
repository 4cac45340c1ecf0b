import {
  binTemperature,
  decay,
  missingBin,
  nearCodes,
  nearCount,
  nearWeights,
  oldestAge,
  temperatureBin,
  temperatureKernel,
  temperatureOffset,
} from "./kernels.ts";

/** The hours of a site that its series share; index 0 is `firstHour`, a value per hour. */
export interface SiteHours {
  /** Hours since the epoch. */
  readonly firstHour: number;
  /** Mean air temperature of the trailing day, degrees Celsius; NaN is missing. */
  readonly temperature: Float64Array;
  /** Hour of the local week, Monday 00 = 0; a public holiday counts as a Sunday. */
  readonly hourOfWeek: Uint8Array;
}

/** What is known of a series when a forecast starts: the readings of its history from `first` up to, without, `end`. */
export interface Known {
  first: number;
  end: number;
  /** The hour (since the epoch) that ages count from: the start of the forecast. */
  asOf: number;
}

/**
 * What the past says of an hour of a series, in the order of the columns. y is ln(1 + reading). A mean is weighted with
 * exp(-age / time), a kernel mean also by how near its readings are in hour and weekday, in temperature, or in all. All
 * are missing without a past, but for `past_count`, which is 0 then.
 */
export const pastColumnNames = [
  // ln(1 + number of readings)
  "past_count",
  // y of the reading nearest to the start, hours from it to the hour to predict, and y of the second nearest
  "past_last",
  "past_age",
  "past_second",
  "past_mean",
  "past_deviation",
  // share of readings that are zero
  "past_zero_share",
  "past_zero_share_7d",
  "past_mean_6h",
  "past_mean_36h",
  "past_mean_7d",
  "past_mean_30d",
  // sum of the weights of the 7 day mean
  "past_weight_7d",
  // temperature of the hour minus that of the means
  "past_warmer_7d",
  "past_warmer_30d",
  // y per degree below and above 15, and what the line gives at the hour's temperature
  "past_heating_slope",
  "past_cooling_slope",
  "past_line",
  // near in hour and weekday
  "past_hour_mean_3d",
  "past_hour_mean_30d",
  "past_hour_weight_3d",
  "past_hour_weight_30d",
  // near in temperature
  "past_temperature_mean",
  "past_temperature_weight",
  // near in hour, weekday and temperature
  "past_kernel_7d",
  "past_kernel_weight_7d",
  "past_kernel_90d",
  "past_kernel_weight_90d",
  "past_kernel_zero_share",
  "past_kernel_warmer",
  // the last reading minus the kernel mean of the others at its hour, and readings of three days minus their hour means
  "past_surprise_last",
  "past_surprise_36h",
] as const;

/** Readings with a weight of 1 that a kernel mean is drawn to its broader mean by. */
const broaderWeight = 0.5;

/** Ridge of the slopes, in readings times squared degrees, and where they meet. */
const slopeRidge = 200;
const bendDegrees = 15;

/** Age of the oldest reading that `past_surprise_36h` looks at, hours. */
const surpriseHours = 72;

/** A mean whose weights are all together below this is replaced by the nearest reading. */
const leastWeight = 1e-9;

const week = 168;
/** Bins of temperature on either side that count as near: 3 deviations. */
const nearBins = 15;

// What one start adds up: by hour of the week, and by bin of temperature.
const weight3 = new Float64Array(week);
const sum3 = new Float64Array(week);
const weight30 = new Float64Array(week);
const sum30 = new Float64Array(week);
const binWeight = new Float64Array(missingBin + 1);
const binSum = new Float64Array(missingBin + 1);

/** Weight and sum of the kernel of 7 days, then weight, sum, weight of zeros, weight and sum of temperatures of 90. */
const kernel = new Float64Array(7);

/** The history of one series, prepared for many starts. */
export class SeriesPast {
  readonly #site: SiteHours;
  readonly #hours: Int32Array;
  readonly #values: Float64Array;
  readonly #temperatures: Float64Array;
  readonly #codes: Uint8Array;
  readonly #bins: Uint16Array;
  /** Indices of the readings by hour of the week, in the order of time: those of an hour from #starts[hour] on. */
  readonly #byCode: Int32Array;
  readonly #starts: Int32Array;
  readonly #decay7: Float64Array;
  readonly #decay90: Float64Array;

  /**
   * @param hours hours since the epoch, ascending, each once, among the site's
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
    this.#starts = new Int32Array(week + 1);
    this.#decay7 = new Float64Array(length);
    this.#decay90 = new Float64Array(length);
    for (let i = 0; i < length; i++) {
      const at = hours[i]! - site.firstHour;
      const temperature = site.temperature[at] ?? NaN;
      const code = site.hourOfWeek[at] ?? 0;
      this.#temperatures[i] = temperature;
      this.#bins[i] = temperatureBin(temperature);
      this.#codes[i] = code;
      this.#starts[code + 1]!++;
    }
    for (let code = 0; code < week; code++) this.#starts[code + 1]! += this.#starts[code]!;
    const next = this.#starts.slice();
    for (let i = 0; i < length; i++) this.#byCode[next[this.#codes[i]!]!++] = i;
  }

  /** How many readings of the history are before an hour (since the epoch). */
  before(hour: number): number {
    const hours = this.#hours;
    let low = 0;
    let high = hours.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (hours[middle]! < hour) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Writes what the known readings say of some hours: a row per hour, from `row` on.
   *
   * @param queries hours since the epoch, among the site's
   * @param columns one per name of {@link pastColumnNames}
   */
  describe(known: Known, queries: ArrayLike<number>, columns: readonly Float64Array[], row: number): void {
    const { first, end, asOf } = known;
    const count = end - first;
    for (const column of columns) column.fill(NaN, row, row + queries.length);
    columns[0]!.fill(Math.log1p(count), row, row + queries.length);
    if (count === 0) return;
    const hours = this.#hours;
    const values = this.#values;
    const { decay7, decay90 } = this.#weigh(known);

    weight3.fill(0);
    sum3.fill(0);
    weight30.fill(0);
    sum30.fill(0);
    binWeight.fill(0);
    binSum.fill(0);
    let lowBin = missingBin;
    let highBin = -1;
    let sum = 0;
    let squares = 0;
    let zeros = 0;
    let w6 = 0;
    let y6 = 0;
    let w36 = 0;
    let y36 = 0;
    let w7 = 0;
    let y7 = 0;
    let zeros7 = 0;
    let wt7 = 0;
    let t7 = 0;
    let w30 = 0;
    let y30 = 0;
    let wt30 = 0;
    let t30 = 0;
    for (let i = first; i < end; i++) {
      const y = values[i]!;
      const age = Math.min(Math.abs(asOf - hours[i]!), oldestAge);
      const temperature = this.#temperatures[i]!;
      const code = this.#codes[i]!;
      const d6 = decay.hours6[age]!;
      const d36 = decay.hours36[age]!;
      const d3 = decay.days3[age]!;
      const d7 = decay7[i]!;
      const d30 = decay.days30[age]!;
      const d90 = decay90[i]!;
      sum += y;
      squares += y * y;
      w6 += d6;
      y6 += d6 * y;
      w36 += d36;
      y36 += d36 * y;
      w7 += d7;
      y7 += d7 * y;
      w30 += d30;
      y30 += d30 * y;
      if (y === 0) {
        zeros++;
        zeros7 += d7;
      }
      weight3[code]! += d3;
      sum3[code]! += d3 * y;
      weight30[code]! += d30;
      sum30[code]! += d30 * y;
      const bin = this.#bins[i]!;
      if (bin !== missingBin) {
        wt7 += d7;
        t7 += d7 * temperature;
        wt30 += d30;
        t30 += d30 * temperature;
        binWeight[bin]! += d90;
        binSum[bin]! += d90 * y;
        if (bin < lowBin) lowBin = bin;
        if (bin > highBin) highBin = bin;
      }
    }

    const nearest = this.#nearest(first, end, asOf, -1);
    const second = this.#nearest(first, end, asOf, nearest);
    const last = values[nearest]!;
    const mean = sum / count;
    const mean7 = w7 > leastWeight ? y7 / w7 : last;
    const mean30 = w30 > leastWeight ? y30 / w30 : mean;
    const line = slopes(lowBin, highBin);
    const surpriseLast = this.#surprise(known, nearest, mean30);
    const surprise36 = this.#recentSurprise(known, mean30);
    const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));

    for (let q = 0; q < queries.length; q++) {
      const at = row + q;
      const hour = queries[q]!;
      const index = hour - this.#site.firstHour;
      const temperature = this.#site.temperature[index] ?? NaN;
      const code = this.#site.hourOfWeek[index] ?? 0;
      const bin = temperatureBin(temperature);
      let column = 1;
      columns[column++]![at] = last;
      columns[column++]![at] = Math.abs(hour - hours[nearest]!);
      columns[column++]![at] = second < 0 ? NaN : values[second]!;
      columns[column++]![at] = mean;
      columns[column++]![at] = deviation;
      columns[column++]![at] = zeros / count;
      columns[column++]![at] = w7 > leastWeight ? zeros7 / w7 : zeros / count;
      columns[column++]![at] = w6 > leastWeight ? y6 / w6 : last;
      columns[column++]![at] = w36 > leastWeight ? y36 / w36 : last;
      columns[column++]![at] = mean7;
      columns[column++]![at] = mean30;
      columns[column++]![at] = w7;
      columns[column++]![at] = wt7 > leastWeight ? temperature - t7 / wt7 : NaN;
      columns[column++]![at] = wt30 > leastWeight ? temperature - t30 / wt30 : NaN;
      columns[column++]![at] = line.heating;
      columns[column++]![at] = line.cooling;
      columns[column++]![at] =
        line.level + line.heating * heatingDegrees(temperature) + line.cooling * coolingDegrees(temperature);

      let hw3 = 0;
      let hy3 = 0;
      let hw30 = 0;
      let hy30 = 0;
      for (let near = code * nearCount; near < (code + 1) * nearCount; near++) {
        const other = nearCodes[near]!;
        const nearness = nearWeights[near]!;
        hw3 += nearness * weight3[other]!;
        hy3 += nearness * sum3[other]!;
        hw30 += nearness * weight30[other]!;
        hy30 += nearness * sum30[other]!;
      }
      const hourMean30 = (hy30 + broaderWeight * mean30) / (hw30 + broaderWeight);
      columns[column++]![at] = (hy3 + broaderWeight * mean7) / (hw3 + broaderWeight);
      columns[column++]![at] = hourMean30;
      columns[column++]![at] = hw3;
      columns[column++]![at] = hw30;

      let tw = 0;
      let ty = 0;
      if (bin !== missingBin) {
        const to = Math.min(highBin, bin + nearBins);
        for (let other = Math.max(lowBin, bin - nearBins); other <= to; other++) {
          const nearness = temperatureKernel[other - bin + temperatureOffset]!;
          tw += nearness * binWeight[other]!;
          ty += nearness * binSum[other]!;
        }
      }
      columns[column++]![at] = (ty + broaderWeight * mean30) / (tw + broaderWeight);
      columns[column++]![at] = tw;

      this.#kernelAt(known, code, bin);
      columns[column++]![at] = (kernel[1]! + broaderWeight * mean7) / (kernel[0]! + broaderWeight);
      columns[column++]![at] = kernel[0]!;
      columns[column++]![at] = (kernel[3]! + broaderWeight * hourMean30) / (kernel[2]! + broaderWeight);
      columns[column++]![at] = kernel[2]!;
      columns[column++]![at] = kernel[4]! / kernel[2]!;
      columns[column++]![at] = kernel[5]! > leastWeight ? temperature - kernel[6]! / kernel[5]! : NaN;
      columns[column++]![at] = surpriseLast;
      columns[column]![at] = surprise36;
    }
  }

  #weigh({ first, end, asOf }: Known): { decay7: Float64Array; decay90: Float64Array } {
    const decay7 = this.#decay7;
    const decay90 = this.#decay90;
    for (let i = first; i < end; i++) {
      const age = Math.min(Math.abs(asOf - this.#hours[i]!), oldestAge);
      decay7[i] = decay.days7[age]!;
      decay90[i] = decay.days90[age]!;
    }
    return { decay7, decay90 };
  }

  /** Index of the known reading nearest to an hour, the earlier of two; other than `without`; -1 without any. */
  #nearest(first: number, end: number, hour: number, without: number): number {
    let after = Math.min(Math.max(this.before(hour), first), end);
    let before = after - 1;
    if (after === without) after++;
    if (before === without) before--;
    if (before < first) return after < end ? after : -1;
    if (after >= end) return before;
    return hour - this.#hours[before]! <= this.#hours[after]! - hour ? before : after;
  }

  /** Fills {@link kernel} for an hour of the week and a bin of temperature. */
  #kernelAt({ first, end }: Known, code: number, bin: number): void {
    const byCode = this.#byCode;
    const starts = this.#starts;
    let w7 = 0;
    let y7 = 0;
    let w90 = 0;
    let y90 = 0;
    let zeros = 0;
    let wt = 0;
    let t = 0;
    const shift = temperatureOffset - bin;
    for (let near = code * nearCount; near < (code + 1) * nearCount; near++) {
      const other = nearCodes[near]!;
      const to = starts[other + 1]!;
      const nearness = nearWeights[near]!;
      for (let position = starts[other]!; position < to; position++) {
        const i = byCode[position]!;
        if (i < first) continue;
        if (i >= end) break;
        const otherBin = this.#bins[i]!;
        const weight = nearness * temperatureKernel[otherBin + shift]!;
        const y = this.#values[i]!;
        const a = weight * this.#decay7[i]!;
        const b = weight * this.#decay90[i]!;
        w7 += a;
        y7 += a * y;
        w90 += b;
        y90 += b * y;
        if (y === 0) zeros += b;
        if (otherBin !== missingBin) {
          wt += b;
          t += b * this.#temperatures[i]!;
        }
      }
    }
    kernel[0] = w7;
    kernel[1] = y7;
    kernel[2] = w90;
    kernel[3] = y90;
    kernel[4] = zeros;
    kernel[5] = wt;
    kernel[6] = t;
  }

  /** A known reading minus the kernel mean of the others at its hour and temperature. */
  #surprise(known: Known, index: number, mean: number): number {
    const y = this.#values[index]!;
    this.#kernelAt(known, this.#codes[index]!, this.#bins[index]!);
    const own = this.#decay90[index]!;
    const weight = Math.max(0, kernel[2]! - own);
    return y - (kernel[3]! - own * y + broaderWeight * mean) / (weight + broaderWeight);
  }

  /** How far the readings of the days before the start lie above the means of their hours of the week. */
  #recentSurprise({ first, end, asOf }: Known, mean: number): number {
    let weight = 0;
    let sum = 0;
    const from = Math.max(first, this.before(asOf - surpriseHours));
    const to = Math.min(end, this.before(asOf + surpriseHours));
    for (let i = from; i < to; i++) {
      const code = this.#codes[i]!;
      let hourWeight = broaderWeight;
      let hourSum = broaderWeight * mean;
      for (let near = code * nearCount; near < (code + 1) * nearCount; near++) {
        const other = nearCodes[near]!;
        const nearness = nearWeights[near]!;
        hourWeight += nearness * weight30[other]!;
        hourSum += nearness * sum30[other]!;
      }
      const d = decay.hours36[Math.abs(asOf - this.#hours[i]!)]!;
      weight += d;
      sum += d * (this.#values[i]! - hourSum / hourWeight);
    }
    return weight > 0 ? sum / weight : 0;
  }
}

function heatingDegrees(temperature: number): number {
  return Math.max(0, bendDegrees - temperature);
}

function coolingDegrees(temperature: number): number {
  return Math.max(0, temperature - bendDegrees);
}

/** Ridge line of y on heating and cooling degrees, from the sums of the bins. */
function slopes(lowBin: number, highBin: number): { level: number; heating: number; cooling: number } {
  let w = 0;
  let y = 0;
  let h = 0;
  let c = 0;
  let hh = 0;
  let cc = 0;
  let hy = 0;
  let cy = 0;
  for (let bin = lowBin; bin <= highBin; bin++) {
    const weight = binWeight[bin]!;
    if (weight === 0) continue;
    const temperature = binTemperature(bin);
    const heating = heatingDegrees(temperature);
    const cooling = coolingDegrees(temperature);
    w += weight;
    y += binSum[bin]!;
    h += weight * heating;
    c += weight * cooling;
    hh += weight * heating * heating;
    cc += weight * cooling * cooling;
    hy += heating * binSum[bin]!;
    cy += cooling * binSum[bin]!;
  }
  if (w <= leastWeight) return { level: NaN, heating: NaN, cooling: NaN };
  // Centred normal equations; a bin is on one side of the bend, so that the product of the two sums to nothing.
  const a = hh - (h * h) / w + slopeRidge;
  const d = cc - (c * c) / w + slopeRidge;
  const b = -(h * c) / w;
  const p = hy - (h * y) / w;
  const q = cy - (c * y) / w;
  const determinant = a * d - b * b;
  const heating = (p * d - q * b) / determinant;
  const cooling = (q * a - p * b) / determinant;
  return { level: (y - heating * h - cooling * c) / w, heating, cooling };
}
