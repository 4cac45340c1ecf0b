import type { Environment } from "../environments/index.ts";
import { siteFeatures } from "../lambdas/features/site-features.ts";
import type { SiteFeatures } from "../lambdas/features/site-features.ts";
import { forWeatherColumns, hourMs } from "../lambdas/features/weather-columns.ts";
import { holidayTable } from "../lambdas/holidays.ts";
import { holidayCalendar } from "../lambdas/transform/config.ts";
import { generateCity } from "../loader/generator/index.ts";
import type { GeneratedCity, Series } from "../loader/generator/index.ts";
import type { MeasuredSeries } from "./measured.ts";

/** Hours since the epoch, from `first` up to `end`. */
export interface Hours {
  first: number;
  end: number;
}

/** An environment's fleet as the loader's generator makes it, read on the hour. */
export function generatedFleet(environment: Environment, seed: number, { first, end }: Hours): MeasuredSeries[] {
  const holidays = holidayTable(environment.cities);
  return environment.cities.flatMap((city) => {
    const generated = generateCity(city, seed);
    const site = generatedSite(generated, holidays[holidayCalendar(city)] ?? [], { first, end });
    const collected = new Map(generated.series.map((one) => [one, { hours: [] as number[], values: [] as number[] }]));
    const add = (one: Series, time: number, value: number): void => {
      const { hours, values } = collected.get(one)!;
      hours.push(Math.floor(time / hourMs));
      values.push(Math.log1p(value));
    };
    for (let hour = first; hour < end; hour++) generated.readings(hour * hourMs, add);
    return [...collected].map(([{ building, meter }, { hours, values }]): MeasuredSeries => ({
      building,
      meter,
      site,
      hours: Int32Array.from(hours),
      values: Float64Array.from(values),
    }));
  });
}

function generatedSite(
  { city, weather }: GeneratedCity,
  holidays: readonly string[],
  { first, end }: Hours,
): SiteFeatures {
  const observed = Array.from({ length: end - first }, (_, i) => weather.observation(first + i)).filter(
    (observation) => observation !== undefined,
  );
  const values = forWeatherColumns((column) => Float64Array.from(observed, (one) => one[column] ?? NaN));
  const observations = { timestamp: observed.map(({ timestamp }) => timestamp), values };
  return siteFeatures({ siteId: city.siteId, timeZone: city.timeZone, holidays, observations }, first, end);
}
