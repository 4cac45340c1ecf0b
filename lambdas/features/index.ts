/**
 * Features of buildings, weather and calendar, as the model is trained on them and predicts from them. Pure functions
 * over typed arrays; hours are UTC, and NaN is missing.
 */

export { buildingAge, buildingFeatures } from "./building.ts";
export type { Building, BuildingFeatures } from "./building.ts";
export { siteClock } from "./calendar.ts";
export type { CalendarFeatures, SiteClock } from "./calendar.ts";
export type { Observations } from "./grid.ts";
export { primaryUseCodes } from "./primary-use.ts";
export { weatherFeatureNames, weatherFeatures, weatherRow } from "./weather.ts";
export type { WeatherFeatures } from "./weather.ts";
export { weatherColumns } from "./weather-columns.ts";
export type { WeatherColumn, WeatherValues } from "./weather-columns.ts";
