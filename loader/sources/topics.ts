import type { City, Environment } from "../../environments/index.ts";
import type { Building } from "../generator/index.ts";
import { meterTypeNames } from "../generator/buildings.ts";
import { fillTopic } from "./source.ts";
import type { TopicTemplates } from "./source.ts";

/** Finds the topic of a record, and the site that it comes from. */
export interface Addresses {
  /** The site of a building, by the register or the environment's ranges of ids. */
  siteOf(buildingId: number): number | undefined;
  city(siteId: number): City | undefined;
  /** A topic, or why there is none. @param siteId as the record says it; undefined: the building's */
  ofReading(buildingId: number, meter: number, siteId: number | undefined): Address;
  ofWeather(siteId: number): Address;
}

/** Topics of a site: those of the meter types by their codes, and the weather's. */
const kindsPerSite = 5;
const weatherKind = 4;

export type Address = { topic: string; problem?: undefined } | { topic?: undefined; problem: string };

/**
 * @param register buildings that are known beside the environment's ranges of ids
 * @param topic where all records go, whatever the templates say
 */
export function addresses(
  environment: Pick<Environment, "name" | "cities">,
  templates: TopicTemplates,
  register: readonly Building[],
  topic: string | undefined,
): Addresses {
  const cities = new Map(environment.cities.map((city) => [city.siteId, city]));
  const sites = new Map<number, number>();
  for (const { siteId, buildings } of environment.cities) {
    for (let i = 0; i < buildings.count; i++) sites.set(buildings.firstId + i, siteId);
  }
  for (const { building_id, site_id } of register) sites.set(building_id, site_id);
  const known = new Map<number, Address>();

  /** A site that is no city of the environment has a place among the topics all the same: its records are not refused for that. */
  const cityName = (siteId: number): string => cities.get(siteId)?.name ?? `site-${String(siteId)}`;

  function remembered(key: number, find: () => Address): Address {
    let address = known.get(key);
    if (address === undefined) known.set(key, (address = find()));
    return address;
  }

  return {
    siteOf: (buildingId) => sites.get(buildingId),
    city: (siteId) => cities.get(siteId),
    ofReading(buildingId, meter, given) {
      if (topic !== undefined) return { topic };
      const siteId = given ?? sites.get(buildingId);
      const key = siteId === undefined ? -(buildingId * kindsPerSite + meter) - 1 : siteId * kindsPerSite + meter;
      return remembered(key, () => {
        const type = meterTypeNames[meter];
        const template = type && templates.meters[type];
        if (template === undefined) {
          return { problem: `the environment ${environment.name} has no single topic for ${String(type)}: name one` };
        }
        if (siteId !== undefined) return { topic: fillTopic(template, cityName(siteId), type) };
        if (!template.includes("{city}")) return { topic: fillTopic(template, "", type) };
        return {
          problem: `building ${String(buildingId)} belongs to no city of ${environment.name}: give a register of buildings, or a topic`,
        };
      });
    },
    ofWeather(siteId) {
      if (topic !== undefined) return { topic };
      const template = templates.weather;
      if (template === undefined)
        return { problem: `the environment ${environment.name} has no single topic for weather: name one` };
      return remembered(siteId * kindsPerSite + weatherKind, () => ({
        topic: fillTopic(template, cityName(siteId), undefined),
      }));
    },
  };
}
