/** What a weather station reports, in the order of the table's columns. */
export const weatherColumns = [
  "air_temperature",
  "cloud_coverage",
  "dew_temperature",
  "precip_depth_1_hr",
  "sea_level_pressure",
  "wind_direction",
  "wind_speed",
] as const;

export type WeatherColumn = (typeof weatherColumns)[number];

/** A value per row for each column of the weather; NaN is missing. */
export type WeatherValues = Record<WeatherColumn, Float64Array>;

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** The same for each column of the weather. */
export function forWeatherColumns(value: (column: WeatherColumn) => Float64Array): WeatherValues {
  return Object.fromEntries(weatherColumns.map((column) => [column, value(column)])) as WeatherValues;
}
