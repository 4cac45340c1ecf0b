import { fillWeather } from "./fill.ts";
import { weatherGrid } from "./grid.ts";
import type { Observations } from "./grid.ts";
import { savitzkyGolay } from "./savitzky-golay.ts";
import { weatherColumns } from "./weather-columns.ts";
import type { WeatherColumn } from "./weather-columns.ts";
import { trailingMean, trailingStatistics } from "./windows.ts";

/** The weather features of one site, one value per UTC hour; NaN is missing. */
export interface WeatherFeatures {
  /** Epoch ms of the first hour; NaN when the site has no observation. */
  from: number;
  hours: number;
  /** Epoch ms of the last hour that has an observation; NaN without any. */
  lastObserved: number;
  /** By feature name, see {@link weatherFeatureNames}; each has `hours` values. */
  columns: ReadonlyMap<string, Float64Array>;
}

const windowColumns: readonly WeatherColumn[] = weatherColumns.filter((column) => column !== "cloud_coverage");
const statistics = ["mean", "max", "min", "std"] as const;
const smoothedColumns = { air: "air_temperature", dew: "dew_temperature" } as const;

/** Hours of the other trailing means of air temperature; the one of 24 is among the windows. */
const temperatureHours = [3, 72, 168] as const;
const degreeHours = [24, 168] as const;

/** Degrees Celsius above which a building is cooled, and below which it is heated. */
const coolingAbove = 18;
const heatingBelow = 15;

/** Names of the weather features, in their order. */
export const weatherFeatureNames: readonly string[] = [
  ...weatherColumns,
  ...Object.keys(smoothedColumns).flatMap((short) => [`${short}_smooth`, `${short}_diff`, `${short}_diff2`]),
  ...windowColumns.flatMap((column) => statistics.map((statistic) => `${column}_${statistic}24`)),
  ...temperatureHours.map((hours) => `air_temperature_mean${hours}`),
  ...degreeHours.flatMap((hours) => [`cooling_degrees_mean${hours}`, `heating_degrees_mean${hours}`]),
];

/**
 * The weather features of one site from its raw observations: hourly grid, filling, Savitzky-Golay, trailing windows.
 *
 * @param until epoch ms; a forecast that reaches beyond the last observation extends the grid to this hour
 */
export function weatherFeatures(observations: Observations, until?: number): WeatherFeatures {
  const grid = weatherGrid(observations, until);
  const filled = fillWeather(grid);
  const columns = new Map<string, Float64Array>();
  for (const column of weatherColumns) columns.set(column, filled[column]);
  for (const [short, column] of Object.entries(smoothedColumns)) {
    const { smooth, diff, diff2 } = savitzkyGolay(filled[column]);
    columns.set(`${short}_smooth`, smooth).set(`${short}_diff`, diff).set(`${short}_diff2`, diff2);
  }
  for (const column of windowColumns) {
    const window = trailingStatistics(filled[column], 24);
    for (const statistic of statistics) columns.set(`${column}_${statistic}24`, window[statistic]);
  }
  const temperature = filled.air_temperature;
  for (const hours of temperatureHours) columns.set(`air_temperature_mean${hours}`, trailingMean(temperature, hours));
  const cooling = temperature.map((degrees) => Math.max(0, degrees - coolingAbove));
  const heating = temperature.map((degrees) => Math.max(0, heatingBelow - degrees));
  for (const hours of degreeHours) {
    columns.set(`cooling_degrees_mean${hours}`, trailingMean(cooling, hours));
    columns.set(`heating_degrees_mean${hours}`, trailingMean(heating, hours));
  }
  return { from: grid.from, hours: grid.hours, lastObserved: grid.lastObserved, columns };
}
