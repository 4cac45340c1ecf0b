import type { Columns, DataSet } from "../definition/data-set.ts";

/**
 * The data sets as the sheets know them. Each is a file of SQL in this folder; that its header declares these columns is
 * held by a test. Columns with one name mean one thing, so that one choice filters all of them.
 */

function declare<const C extends Columns>(identifier: string, columns: C): DataSet<C> {
  return { identifier, columns };
}

/** Wherever a building's meter stands. */
const meter = { city: "text", meter_type: "text", building: "text" } as const;

/** An hour on the city's clock, and its parts. */
const localHour = {
  hour: "time",
  day: "time",
  hour_of_day: "integer",
  weekday: "text",
  weekday_number: "integer",
  days_ago: "integer",
} as const;

export const useByDay = declare("use_by_day", {
  ...meter,
  primary_use: "text",
  day: "time",
  days_ago: "integer",
  day_kind: "text",
  use: "number",
  hours: "integer",
});

export const useByHour = declare("use_by_hour", { ...meter, ...localHour, use: "number" });

export const forecasts = declare("forecasts", {
  ...meter,
  ...localHour,
  kind: "text",
  expected: "number",
  measured: "number",
  difference: "number",
  off: "number",
  difference_share: "number",
  error_share: "number",
});

export const errors = declare("errors", {
  city: "text",
  meter_type: "text",
  day: "time",
  days_ago: "integer",
  rmsle: "number",
  bias: "number",
  ratio: "number",
  latest_rmsle: "number",
  latest_ratio: "number",
  drift: "text",
  drifted_since: "time",
});

export const buildings = declare("buildings", {
  ...meter,
  primary_use: "text",
  floor_area: "number",
  use_per_day: "number",
  intensity: "number",
  peers_intensity: "number",
  times_peers: "number",
  hours: "integer",
});

export const meters = declare("meters", {
  ...meter,
  state: "text",
  state_number: "integer",
  last_reading: "time",
  last_value: "number",
  silent_hours: "integer",
  well_until: "time",
  wrong: "integer",
});

export const elements = declare("elements", {
  city: "text",
  pipeline: "text",
  ended: "text",
  cause: "text",
  day: "time",
  days_ago: "integer",
  elements: "integer",
});

export const runs = declare("runs", {
  run: "text",
  model: "text",
  forecast_start: "time",
  forecast_end: "time",
  cities: "integer",
  series: "integer",
  predictions: "integer",
});

export const cities = declare("cities", {
  city: "text",
  zone: "text",
  meters: "integer",
  last_reading: "time",
  last_arrival: "time",
  forecast_end: "time",
  behind_hours: "integer",
});

/** All of them. */
export const dataSets: readonly DataSet[] = [
  useByDay,
  useByHour,
  forecasts,
  errors,
  buildings,
  meters,
  elements,
  runs,
  cities,
];
