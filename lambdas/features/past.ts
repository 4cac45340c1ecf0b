import {
  binTemperature,
  decay,
  missingBin,
  nearCodes,
  nearCount,
  nearWeights,
  sameKindCount,
  oldestAge,
  temperatureBin,
  temperatureKernel,
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
  // y per degree below and above 15, what the line gives at the hour's temperature, and that plus its mean residuals
  "past_heating_slope",
  "past_cooling_slope",
  "past_line",
  "past_line_36h",
  "past_line_7d",
  "past_line_30d",
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
  // the line plus the kernel means of its residuals
  "past_fit_7d",
  "past_fit_90d",
  // the nearest readings minus such a fit to the others, and means of the nearest four
  "past_surprise_last",
  "past_surprise_second",
  "past_surprise_6h",
  "past_surprise_36h",
] as const;

/** Readings with a weight of 1 that a kernel mean is drawn to its broader mean by. */
const broaderWeight = 0.5;

/** Where the lines of heating and of cooling meet. */
export const bendDegrees = 15;

/**
 * What y does per degree below and above the bend, by meter code: medians of the ASHRAE series. A series' own slopes are
 * drawn to them, by a ridge in readings times squared degrees.
 */
export const usualSlopes: readonly (readonly [heating: number, cooling: number])[] = [
  [0.003, 0.004],
  [-0.076, 0.088],
  [0.06, -0.04],
  [0.066, -0.034],
];
const slopeRidge = 200;

/** How many of the nearest readings are looked at for surprises. */
const surprises = 4;

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

/** A kernel's sums with the decay of 7 days and of 90: weights, y, residuals of the line; degrees above the bend, zeros. */
class KernelSums {
  w7 = 0;
  y7 = 0;
  residual7 = 0;
  w90 = 0;
  y90 = 0;
  residual90 = 0;
  warmth90 = 0;
  zeros90 = 0;
}

const sums = new KernelSums();

/** The history of one series, prepared for many starts. */
export class SeriesPast {
  readonly #site: SiteHours;
  readonly #hours: Int32Array;
  readonly #values: Float64Array;
  readonly #heating: Float64Array;
  readonly #cooling: Float64Array;
  readonly #codes: Uint8Array;
  readonly #bins: Uint16Array;
  /** Indices of the readings by hour of the week, in the order of time: those of an hour from #starts[hour] on. */
  readonly #byCode: Int32Array;
  readonly #starts: Int32Array;
  /** Where each reading stands in that order; then what a kernel reads, in that order. */
  readonly #places: Int32Array;
  readonly #orderedValues: Float64Array;
  readonly #orderedBins: Uint16Array;
  /** Degrees above the bend, below 0 where it is colder. */
  readonly #orderedWarmth: Float64Array;
  readonly #orderedDecay7: Float64Array;
  readonly #orderedDecay90: Float64Array;
  readonly #orderedResiduals: Float64Array;
  readonly #usual: readonly [heating: number, cooling: number];

  /**
   * @param meter code of the meter type
   * @param hours hours since the epoch, ascending, among the site's
   * @param values y of those hours
   */
  constructor(site: SiteHours, meter: number, hours: Int32Array, values: Float64Array) {
    const length = hours.length;
    this.#site = site;
    this.#hours = hours;
    this.#values = values;
    this.#usual = usualSlopes[meter] ?? [0, 0];
    this.#heating = new Float64Array(length);
    this.#cooling = new Float64Array(length);
    this.#codes = new Uint8Array(length);
    this.#bins = new Uint16Array(length);
    this.#byCode = new Int32Array(length);
    this.#starts = new Int32Array(week + 1);
    this.#places = new Int32Array(length);
    this.#orderedValues = new Float64Array(length);
    this.#orderedBins = new Uint16Array(length);
    this.#orderedWarmth = new Float64Array(length);
    this.#orderedDecay7 = new Float64Array(length);
    this.#orderedDecay90 = new Float64Array(length);
    this.#orderedResiduals = new Float64Array(length);
    for (let i = 0; i < length; i++) {
      const at = hours[i]! - site.firstHour;
      const temperature = site.temperature[at] ?? NaN;
      const code = site.hourOfWeek[at] ?? 0;
      this.#heating[i] = heatingDegrees(temperature);
      this.#cooling[i] = coolingDegrees(temperature);
      this.#bins[i] = temperatureBin(temperature);
      this.#codes[i] = code;
      this.#starts[code + 1]!++;
    }
    for (let code = 0; code < week; code++) this.#starts[code + 1]! += this.#starts[code]!;
    const next = this.#starts.slice();
    for (let i = 0; i < length; i++) {
      const place = next[this.#codes[i]!]!++;
      this.#places[i] = place;
      this.#byCode[place] = i;
      this.#orderedValues[place] = values[i]!;
      this.#orderedBins[place] = this.#bins[i]!;
      this.#orderedWarmth[place] = this.#cooling[i]! - this.#heating[i]!;
    }
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
    const heating = this.#heating;
    const cooling = this.#cooling;
    const codes = this.#codes;
    const bins = this.#bins;
    const places = this.#places;
    const decay7 = this.#orderedDecay7;
    const decay90 = this.#orderedDecay90;

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
    let h36 = 0;
    let c36 = 0;
    let w7 = 0;
    let y7 = 0;
    let h7 = 0;
    let c7 = 0;
    let zeros7 = 0;
    let w30 = 0;
    let y30 = 0;
    let h30 = 0;
    let c30 = 0;
    for (let i = first; i < end; i++) {
      const y = values[i]!;
      const age = Math.min(Math.abs(asOf - hours[i]!), oldestAge);
      const h = heating[i]!;
      const c = cooling[i]!;
      const code = codes[i]!;
      const place = places[i]!;
      const d6 = decay.hours6[age]!;
      const d36 = decay.hours36[age]!;
      const d3 = decay.days3[age]!;
      const d7 = decay.days7[age]!;
      const d30 = decay.days30[age]!;
      const d90 = decay.days90[age]!;
      decay7[place] = d7;
      decay90[place] = d90;
      sum += y;
      squares += y * y;
      w6 += d6;
      y6 += d6 * y;
      w36 += d36;
      y36 += d36 * y;
      h36 += d36 * h;
      c36 += d36 * c;
      w7 += d7;
      y7 += d7 * y;
      h7 += d7 * h;
      c7 += d7 * c;
      w30 += d30;
      y30 += d30 * y;
      h30 += d30 * h;
      c30 += d30 * c;
      if (y === 0) {
        zeros++;
        zeros7 += d7;
      }
      weight3[code]! += d3;
      sum3[code]! += d3 * y;
      weight30[code]! += d30;
      sum30[code]! += d30 * y;
      const bin = bins[i]!;
      if (bin !== missingBin) {
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
    const line = slopes(lowBin, highBin, this.#usual, mean);
    const residual36 = (y36 - line.level * w36 - line.heating * h36 - line.cooling * c36) / (w36 + broaderWeight);
    const residual7 = (y7 - line.level * w7 - line.heating * h7 - line.cooling * c7) / (w7 + broaderWeight);
    const residual30 = (y30 - line.level * w30 - line.heating * h30 - line.cooling * c30) / (w30 + broaderWeight);
    const residuals = this.#orderedResiduals;
    for (let i = first; i < end; i++) residuals[places[i]!] = values[i]! - onLine(line, heating[i]!, cooling[i]!);
    const surprise = this.#surprises(known);
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
      columns[column++]![at] = w7 > leastWeight ? temperature - bendDegrees - (c7 - h7) / w7 : NaN;
      columns[column++]![at] = w30 > leastWeight ? temperature - bendDegrees - (c30 - h30) / w30 : NaN;
      columns[column++]![at] = line.heating;
      columns[column++]![at] = line.cooling;
      const usual = onLine(line, heatingDegrees(temperature), coolingDegrees(temperature));
      columns[column++]![at] = usual;
      columns[column++]![at] = usual + residual36;
      columns[column++]![at] = usual + residual7;
      columns[column++]![at] = usual + residual30;

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
          const nearness = temperatureKernel[other - bin + missingBin]!;
          tw += nearness * binWeight[other]!;
          ty += nearness * binSum[other]!;
        }
      }
      columns[column++]![at] = (ty + broaderWeight * mean30) / (tw + broaderWeight);
      columns[column++]![at] = tw;

      const near = this.#kernelAt(known, code, bin);
      columns[column++]![at] = (near.y7 + broaderWeight * mean7) / (near.w7 + broaderWeight);
      columns[column++]![at] = near.w7;
      columns[column++]![at] = (near.y90 + broaderWeight * hourMean30) / (near.w90 + broaderWeight);
      columns[column++]![at] = near.w90;
      columns[column++]![at] = near.zeros90 / near.w90;
      columns[column++]![at] = temperature - bendDegrees - near.warmth90 / near.w90;
      columns[column++]![at] = usual + near.residual7 / (near.w7 + broaderWeight);
      columns[column++]![at] = usual + near.residual90 / (near.w90 + broaderWeight);
      columns[column++]![at] = surprise.last;
      columns[column++]![at] = surprise.second;
      columns[column++]![at] = surprise.hours6;
      columns[column]![at] = surprise.hours36;
    }
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

  /** Sums over the known readings near in hour, day of its kind and temperature; the next call overwrites them. */
  #kernelAt({ first, end }: Known, code: number, bin: number): KernelSums {
    const byCode = this.#byCode;
    const starts = this.#starts;
    const bins = this.#orderedBins;
    const values = this.#orderedValues;
    const warmth = this.#orderedWarmth;
    const residuals = this.#orderedResiduals;
    const decay7 = this.#orderedDecay7;
    const decay90 = this.#orderedDecay90;
    let w7 = 0;
    let y7 = 0;
    let residual7 = 0;
    let w90 = 0;
    let y90 = 0;
    let residual90 = 0;
    let warmth90 = 0;
    let zeros90 = 0;
    const shift = missingBin - bin;
    const nearest = code * nearCount;
    const furthest = nearest + sameKindCount[code]!;
    for (let near = nearest; near < furthest; near++) {
      const other = nearCodes[near]!;
      const to = starts[other + 1]!;
      const nearness = nearWeights[near]!;
      for (let place = starts[other]!; place < to; place++) {
        const i = byCode[place]!;
        if (i < first) continue;
        if (i >= end) break;
        const weight = nearness * temperatureKernel[bins[place]! + shift]!;
        const y = values[place]!;
        const r = residuals[place]!;
        const a = weight * decay7[place]!;
        const b = weight * decay90[place]!;
        w7 += a;
        y7 += a * y;
        residual7 += a * r;
        w90 += b;
        y90 += b * y;
        residual90 += b * r;
        warmth90 += b * warmth[place]!;
        if (y === 0) zeros90 += b;
      }
    }
    sums.w7 = w7;
    sums.y7 = y7;
    sums.residual7 = residual7;
    sums.w90 = w90;
    sums.y90 = y90;
    sums.residual90 = residual90;
    sums.warmth90 = warmth90;
    sums.zeros90 = zeros90;
    return sums;
  }

  /** How far the readings nearest to the start lie above what the others say of their hours. */
  #surprises(known: Known): { last: number; second: number; hours6: number; hours36: number } {
    const { first, end, asOf } = known;
    const found: number[] = [];
    let w6 = 0;
    let y6 = 0;
    let w36 = 0;
    let y36 = 0;
    let after = Math.min(Math.max(this.before(asOf), first), end);
    let before = after - 1;
    while (found.length < surprises && (before >= first || after < end)) {
      const earlier = after >= end || (before >= first && asOf - this.#hours[before]! <= this.#hours[after]! - asOf);
      const i = earlier ? before-- : after++;
      const near = this.#kernelAt(known, this.#codes[i]!, this.#bins[i]!);
      const own = this.#orderedDecay90[this.#places[i]!]!;
      const ofReading = this.#orderedResiduals[this.#places[i]!]!;
      const others = Math.max(0, near.w90 - own);
      const surprise = ofReading - (near.residual90 - own * ofReading) / (others + broaderWeight);
      found.push(surprise);
      const age = Math.min(Math.abs(asOf - this.#hours[i]!), oldestAge);
      const d6 = decay.hours6[age]!;
      const d36 = decay.hours36[age]!;
      w6 += d6;
      y6 += d6 * surprise;
      w36 += d36;
      y36 += d36 * surprise;
    }
    return {
      last: found[0] ?? NaN,
      second: found[1] ?? NaN,
      hours6: y6 / (w6 + broaderWeight),
      hours36: y36 / (w36 + broaderWeight),
    };
  }
}

/** Nothing where the temperature is missing. */
function heatingDegrees(temperature: number): number {
  return temperature < bendDegrees ? bendDegrees - temperature : 0;
}

function coolingDegrees(temperature: number): number {
  return temperature > bendDegrees ? temperature - bendDegrees : 0;
}

/** y at the bend, and per degree below and above it. */
interface Line {
  level: number;
  heating: number;
  cooling: number;
}

function onLine({ level, heating, cooling }: Line, heatingDegrees: number, coolingDegrees: number): number {
  return level + heating * heatingDegrees + cooling * coolingDegrees;
}

/** Ridge line of y on heating and cooling degrees, from the sums of the bins; level where no temperature is known. */
function slopes(lowBin: number, highBin: number, usual: readonly [number, number], mean: number): Line {
  const [usualHeating, usualCooling] = usual;
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
    const sum = binSum[bin]! - weight * (usualHeating * heating + usualCooling * cooling);
    w += weight;
    y += sum;
    h += weight * heating;
    c += weight * cooling;
    hh += weight * heating * heating;
    cc += weight * cooling * cooling;
    hy += heating * sum;
    cy += cooling * sum;
  }
  if (w <= leastWeight) return { level: mean, heating: 0, cooling: 0 };
  // Centred normal equations; a bin is on one side of the bend, so that the products of both sum to nothing.
  const a = hh - (h * h) / w + slopeRidge;
  const d = cc - (c * c) / w + slopeRidge;
  const b = -(h * c) / w;
  const p = hy - (h * y) / w;
  const q = cy - (c * y) / w;
  const determinant = a * d - b * b;
  const heating = (p * d - q * b) / determinant;
  const cooling = (q * a - p * b) / determinant;
  const level = (y - heating * h - cooling * c) / w;
  return { level, heating: heating + usualHeating, cooling: cooling + usualCooling };
}
