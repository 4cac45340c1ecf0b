import data from "./calibration.json" with { type: "json" };

/** The code of a meter type in a message: 0 electricity, 1 chilledwater, 2 steam, 3 hotwater. */
export type MeterCode = 0 | 1 | 2 | 3;
export const meterCodes: readonly MeterCode[] = [0, 1, 2, 3];

/** How a site's air temperature and the rest of its weather behave. Hours are local, at a fixed offset from UTC. */
export interface Climate {
  utcOffsetHours: number;
  /** Degrees Celsius. */
  mean: number;
  annualAmplitude: number;
  /** Day of the year. */
  warmestDay: number;
  dailyAmplitude: number;
  warmestHour: number;
  residualSd: number;
  /** Mean of air minus dew temperature, degrees Celsius. */
  dewDepression: number;
  /** Metres per second. */
  windMean: number;
  windSd: number;
  /** Hectopascals; null where the site does not report it. */
  pressureMean: number | null;
  pressureSd: number | null;
}

type Points = readonly (readonly [number, number])[];

/**
 * What is known of real meters: {@link data.source}. The arrays stand in calibration.json beside this file; the figures
 * that are single numbers stand where they are used.
 */
interface Calibration {
  source: string;
  /** Which meters a building has, with the number of buildings that have them. */
  meterCombinations: readonly (readonly [MeterCode[], number])[];
  meterCombinationsBySite: Record<string, readonly (readonly [MeterCode[], number])[]>;
  primaryUses: readonly { use: string; buildings: number; lnAreaMean: number; lnAreaSd: number }[];
  primaryUsesBySite: Record<string, readonly (readonly [string, number])[]>;
  /** By meter code and primary use: the logarithm of mean watts per square foot. */
  intensityByUse: readonly Record<string, { lnMean: number; lnSd: number }>[];
  /** By meter code and site: median watts per square foot. */
  medianIntensityBySite: readonly Record<string, number>[];
  /** By primary use: [weekday, weekend] ratio to the mean by local hour. */
  electricityProfiles: Record<string, readonly [number[], number[]]>;
  /** By meter code - 1: [weekday, weekend]. */
  thermalProfiles: readonly (readonly [number[], number[]])[];
  /** By meter code: [air temperature averaged over 24 hours, ratio to the mean, share of zeros]. */
  temperatureResponse: readonly (readonly [number, number, number])[][];
  /** By meter code: deciles 10, 25, 50, 75, 90 of a series' residual deviation of ln(reading). */
  residualLnSd: readonly number[][];
  climates: Record<string, Climate>;
}

export const calibration = data as unknown as Calibration;

export const residualQuantiles: readonly Points[] = calibration.residualLnSd.map((sd) =>
  [0.1, 0.25, 0.5, 0.75, 0.9].map((p, i) => [p, sd[i] as number] as const),
);

/**
 * The climate of a site; one that the calibration does not know gets a plausible one from where it lies.
 * @param latitude degrees north @param longitude degrees east
 */
export function climateOf(siteId: number, latitude: number, longitude: number): Climate {
  const known = calibration.climates[siteId];
  if (known !== undefined) return known;
  const fromEquator = Math.abs(latitude);
  return {
    utcOffsetHours: longitude / 15,
    mean: 29 - 0.4 * Math.max(0, fromEquator - 10),
    annualAmplitude: 0.25 * fromEquator,
    warmestDay: latitude < 0 ? 21 : 204,
    dailyAmplitude: 3.5,
    warmestHour: 15.5,
    residualSd: 1.5 + 0.07 * fromEquator,
    dewDepression: 6,
    windMean: 3.5,
    windSd: 2.1,
    pressureMean: 1016,
    pressureSd: 7,
  };
}
