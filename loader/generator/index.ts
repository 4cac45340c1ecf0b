import type { City } from "../../environments/index.ts";
import { generateBuildings } from "./buildings.ts";
import type { Building, MeteredBuilding } from "./buildings.ts";
import { cityReadings } from "./readings.ts";
import type { ReadingSink } from "./readings.ts";
import { drawSeries } from "./series.ts";
import type { Series } from "./series.ts";
import { siteWeather } from "./weather.ts";
import type { SiteWeather } from "./weather.ts";

export type { Building, MeteredBuilding, ReadingSink, Series, SiteWeather };

/** A city with everything that is generated for it. */
export interface GeneratedCity {
  city: City;
  buildings: readonly MeteredBuilding[];
  series: readonly Series[];
  weather: SiteWeather;
  /** Calls the sink for each reading of the city's meters at a time: epoch milliseconds, a whole minute. */
  readonly readings: (time: number, sink: ReadingSink) => void;
}

/** What the generated data may be made to fit. */
export interface Surroundings {
  /** Buildings that are known; drawn where absent. */
  buildings?: readonly MeteredBuilding[] | undefined;
  /**
   * Air temperature that is known at a site's hour (hours since the epoch); the generated weather's where it is
   * undefined.
   */
  temperature?: ((hour: number) => number | undefined) | undefined;
}

/**
 * Draws a city's buildings, meters and weather. Everything is a function of the seed, the site and the time.
 * @param seed a 32-bit integer
 */
export function generateCity(city: City, seed: number, { buildings, temperature }: Surroundings = {}): GeneratedCity {
  const weather = siteWeather(city, seed);
  const metered = buildings ?? generateBuildings(city, seed);
  const series = metered.flatMap((building) => building.meters.map((meter) => drawSeries(building, meter, seed)));
  const felt =
    temperature === undefined
      ? weather.temperature
      : (hour: number): number => temperature(hour) ?? weather.temperature(hour);
  return {
    city,
    buildings: metered,
    series,
    weather,
    readings: cityReadings({ city, series, temperature: felt }, seed),
  };
}
