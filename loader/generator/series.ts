import { calibration, residualQuantiles } from "./calibration.ts";
import type { MeterCode } from "./calibration.ts";
import { brokenSteamBuilding, firstSeriesDimension } from "./buildings.ts";
import type { MeteredBuilding } from "./buildings.ts";
import { evenly, interpolate, knotNoise, normal, normalQuantile, seedOf, uniform } from "./random.ts";

/**
 * What makes one meter of one building different from the others. Drawn once; the values then follow from it and the
 * time.
 */
export interface Series {
  readonly building: MeteredBuilding;
  readonly meter: MeterCode;
  readonly seed: number;
  /** ln of the typical reading. */
  readonly level: number;
  /** Added to ln(reading) by local hour of the week: the profile of its use, and its own habits. */
  readonly shape: Float32Array;
  /** Multiplies the meter type's response to temperature (a logarithm). */
  readonly response: number;
  /** Added to ln(reading) per degree above 15 C. */
  readonly slope: number;
  /** Deviation of the noise on ln(reading) that is not a habit. */
  readonly noise: number;
  /** A reading is zero where a latent normal process is below this, moved by temperature; -Infinity: never. */
  readonly zeroBelow: number;
  /** Readings are multiples of step / scale. */
  readonly step: number;
  readonly scale: number;
  /** Share of time that has spikes. */
  readonly spikes: number;
  /** Epoch milliseconds of the first reading. */
  readonly starts: number;
  readonly broken: boolean;
  /**
   * For each noise sequence: the latest knot's number, its value and the next one's. Kept for speed, see readings.ts.
   */
  readonly knots: Float64Array;
}

/** Six noise sequences, three numbers each. */
const knotCount = 18;

/**
 * How the variance of ln(reading) around profile and weather divides: the building's weekly habits, then noise of about
 * two days.
 */
export const habitShare = [0.6, 0.45, 0.3, 0.4] as const;

/** Deviation of ln(level) between the buildings of one site and use, by meter code. */
const levelSd = [0.8, 0.5, 0.6, 0.4] as const;

/** How much of the difference between uses shows within a site: thermal meters differ more by site. */
const useWeight = [0.5, 0.35, 0.4, 0.25] as const;

/** Larger buildings use less per square foot: exponents of the fit ln(mean) = a + b ln(area). */
const areaExponent = [0.942, 0.862, 0.761, 0.519] as const;
const medianLnArea = Math.log(57_673);

/**
 * Brings the medians of all buildings of ASHRAE's sites over 2016 to those of the real data (within 3 % for the default
 * seed): the draws above multiply means, and the mean of a logarithm is not the logarithm of the mean.
 */
const levelCorrection = [0.12, 1.37, 0.82, 2.0] as const;

/** Share of the series at or below each rate of zeros, by meter code. */
const zeroRates = [
  [
    [0.655, 0],
    [0.656, 0.0005],
    [0.799, 0.01],
    [0.949, 0.05],
    [0.98, 0.2],
    [0.993, 0.5],
    [1, 0.95],
  ],
  [
    [0.2, 0],
    [0.202, 0.001],
    [0.296, 0.01],
    [0.589, 0.05],
    [0.748, 0.2],
    [0.883, 0.5],
    [1, 0.9],
  ],
  [
    [0.148, 0],
    [0.149, 0.001],
    [0.285, 0.01],
    [0.57, 0.05],
    [0.777, 0.2],
    [0.929, 0.5],
    [1, 0.85],
  ],
  [
    [0.127, 0],
    [0.128, 0.001],
    [0.197, 0.01],
    [0.345, 0.05],
    [0.577, 0.2],
    [0.754, 0.5],
    [1, 0.95],
  ],
] as const;

/**
 * Quantiles of a series' response relative to its meter type's, from the spread of slopes of ln(reading) on
 * temperature.
 */
const responseQuantiles = [
  [
    [0, 1],
    [1, 1],
  ],
  [
    [0.1, 0.6],
    [0.25, 0.98],
    [0.5, 1.4],
    [0.75, 1.95],
    [0.9, 2.6],
  ],
  [
    [0.1, 0.55],
    [0.25, 0.95],
    [0.5, 1.5],
    [0.75, 2.3],
    [0.9, 3.1],
  ],
  [
    [0.1, 0.4],
    [0.25, 0.7],
    [0.5, 1.25],
    [0.75, 2],
    [0.9, 2.7],
  ],
] as const;
const electricitySlopes = [
  [0.1, -0.018],
  [0.25, -0.007],
  [0.5, 0.0005],
  [0.75, 0.01],
  [0.9, 0.025],
] as const;

/** Share of series with spikes, and of the time of such a series. */
const spiky = [
  [0.028, 0.06],
  [0.18, 0.08],
  [0.17, 0.03],
  [0.19, 0.11],
] as const;

export function drawSeries(building: MeteredBuilding, meter: MeterCode, generatorSeed: number): Series {
  const { building_id, site_id, primary_use, square_feet } = building;
  const siteSeed = seedOf(generatorSeed, 3, site_id, meter);
  const seed = seedOf(generatorSeed, 4, building_id, meter);
  const even = (offset: number): number => evenly(siteSeed, firstSeriesDimension + offset, building_id);
  const deviation = interpolate(residualQuantiles[meter] ?? [], even(1));
  const watts = intensity(meter, site_id, primary_use) + levelSd[meter] * normalQuantile(even(0));
  const area = medianLnArea + areaExponent[meter] * (Math.log(square_feet) - medianLnArea);
  const level = watts + area - Math.log(1000) + levelCorrection[meter];
  return {
    building,
    meter,
    seed,
    level,
    shape: weeklyShape(building, meter, deviation, seed),
    response: interpolate(responseQuantiles[meter], even(2)),
    slope: meter === 0 ? interpolate(electricitySlopes, even(2)) : 0,
    noise: deviation * Math.sqrt(1 - habitShare[meter]),
    zeroBelow: normalQuantile(interpolate(zeroRates[meter], even(3))),
    ...resolution(building, meter, level, even(4)),
    spikes: even(5) < spiky[meter][0] ? spiky[meter][1] : 0,
    starts: firstReading(seed),
    broken: building_id === brokenSteamBuilding && site_id === 13 && meter === 2,
    knots: new Float64Array(knotCount).fill(Number.NaN),
  };
}

/**
 * ln of a site's and use's median watts per square foot: the site's own median, moved some of the way that the use is
 * from all uses.
 */
function intensity(meter: MeterCode, siteId: number, use: string): number {
  const uses = calibration.intensityByUse[meter] ?? {};
  const ofAll = uses["Education"]?.lnMean ?? 0;
  const ofUse = uses[use]?.lnMean ?? ofAll;
  const ofSite = calibration.medianIntensityBySite[meter]?.[siteId];
  return (ofSite === undefined ? ofAll : Math.log(ofSite)) + useWeight[meter] * (ofUse - ofAll);
}

function weeklyShape(building: MeteredBuilding, meter: MeterCode, deviation: number, seed: number): Float32Array {
  const [weekday, weekend] =
    meter === 0
      ? (calibration.electricityProfiles[building.primary_use] ?? calibration.electricityProfiles["Other"] ?? [[], []])
      : (calibration.thermalProfiles[meter - 1] ?? [[], []]);
  // How far a building's day stands out from its night differs: p10 to p90 of Education is a factor of 0.2 to 2.3.
  const contrast = Math.max(0, 1 + 0.65 * normal(seed, 1));
  const habit = deviation * Math.sqrt(habitShare[meter]);
  const phases = [uniform(seed, 2), uniform(seed, 3)] as const;
  return Float32Array.from({ length: 168 }, (_, hour) => {
    const profile = (hour < 120 ? weekday : weekend)[hour % 24] ?? 1;
    const daily = Math.sqrt(2) * Math.cos(2 * Math.PI * (hour / 24 - phases[0]));
    const halfDaily = Math.sqrt(2) * Math.cos(2 * Math.PI * (hour / 12 - phases[1]));
    const rest = knotNoise(seed, 1000 + hour / 3);
    return contrast * Math.log(profile) + habit * (0.59 * daily + 0.5 * halfDaily + 0.63 * rest);
  });
}

/**
 * What the smallest digit of a meter is worth. Most are fine; some count whole units or so coarsely that a value stands
 * for hours.
 */
function resolution(
  building: MeteredBuilding,
  meter: MeterCode,
  level: number,
  draw: number,
): { step: number; scale: number } {
  const whole = building.site_id === 9 && meter === 0;
  if (whole && draw < 0.94) return { step: 1, scale: 1 };
  const coarse = [0.06, 0.03, 0.06, 0.107][meter] as number;
  const fine = (building.site_id === 2 && meter === 3) || (building.site_id === 0 && meter === 1) ? 0 : 0.65;
  if (draw < fine) return { step: 1, scale: 1000 };
  const relative = draw > 1 - coarse ? 0.15 : 0.01;
  const decade = Math.ceil(Math.log10(relative) + level / Math.LN10);
  return decade >= 0 ? { step: 10 ** decade, scale: 1 } : { step: 1, scale: 10 ** Math.min(4, -decade) };
}

/**
 * Of 2,380 meters 67 began after the middle of January 2016, evenly over the year. A few are taken to begin in each of
 * the two years after it, so that late meters occur in any window.
 */
function firstReading(seed: number): number {
  const draw = uniform(seed, 4);
  const years = draw < 0.028 ? draw / 0.028 : draw < 0.034 ? 1 + (draw - 0.028) / 0.003 : undefined;
  if (years === undefined) return -Infinity;
  return Math.floor(Date.UTC(2016, 0, 15) / 3_600_000 + years * 8766) * 3_600_000;
}
