import Holidays from "date-holidays";

import { defaultBuildings } from "./buildings.ts";
import { meterTypeCodes } from "./environment.ts";
import type { Finding } from "./finding.ts";
import { countryFault } from "./known-names.ts";
import { didYouMean } from "./nearest.ts";
import { formatPath, isMap, places, texts } from "./path.ts";
import type { Path } from "./path.ts";

const error = (path: Path, message: string): Finding => ({ path, message, severity: "error" });

/** Values that stand more than once among the places of a pattern. */
export function checkUnique(data: unknown, pattern: string, what: string): Finding[] {
  const first = new Map<unknown, Path>();
  return places(data, pattern).flatMap(({ path, value }) => {
    if (typeof value !== "string" && typeof value !== "number") return [];
    const before = first.get(value);
    if (before === undefined) {
      first.set(value, path);
      return [];
    }
    return [error(path, `the ${what} ${value} is taken by ${formatPath(before)}; each must be unique`)];
  });
}

/** Cities that name a meter type which the environment does not have, or one twice. */
function checkMeterTypes(data: unknown): Finding[] {
  const isMeterType = (name: string) => Object.hasOwn(meterTypeCodes, name);
  const offered = texts(data, "meterTypes.*.type")
    .map(({ value }) => value)
    .filter(isMeterType);
  return places(data, "cities.*").flatMap(({ path: city, value }) => {
    const ofCity = texts(value, "meterTypes.*");
    return ofCity.flatMap(({ path, value: type }, index) => {
      const at = [...city, ...path];
      if (ofCity.findIndex((other) => other.value === type) < index) {
        return [error(at, `${type} stands twice in this list; keep one`)];
      }
      // A name that is no meter type at all is the model's to report.
      if (!isMeterType(type) || offered.includes(type)) return [];
      return [
        error(
          at,
          `the environment has no meter type ${type}, only ${offered.join(", ")}; add it to meterTypes or remove it here`,
        ),
      ];
    });
  });
}

interface BuildingRange {
  path: Path;
  first: number;
  last: number;
}

function buildingRanges(data: unknown): BuildingRange[] {
  return places(data, "cities.*").flatMap(({ path, value }): BuildingRange[] => {
    if (!isMap(value)) return [];
    const { siteId, buildings } = value;
    const isDefault = buildings === undefined && Number.isInteger(siteId);
    const range: unknown = isDefault ? defaultBuildings(siteId as number) : buildings;
    if (!isMap(range)) return [];
    const { firstId, count } = range;
    if (typeof firstId !== "number" || typeof count !== "number" || !(count >= 1)) return [];
    return [{ path: isDefault ? path : [...path, "buildings"], first: firstId, last: firstId + count - 1 }];
  });
}

/** Cities whose buildings share an id; each is reported once, with the first city that it collides with. */
function checkBuildings(data: unknown): Finding[] {
  const ranges = buildingRanges(data);
  return ranges.flatMap((range, index) => {
    const other = ranges.slice(0, index).find(({ first, last }) => first <= range.last && range.first <= last);
    if (other === undefined) return [];
    const from = Math.max(range.first, other.first);
    const to = Math.min(range.last, other.last);
    const shared = from === to ? `id ${from}` : `ids ${from} to ${to}`;
    return [
      error(
        range.path,
        `buildings ${range.first} to ${range.last} share ${shared} with ${formatPath(other.path)}; a building is in one city`,
      ),
    ];
  });
}

/** Countries without a holiday calendar, and subdivisions that their country's calendar does not have. */
function checkHolidays(data: unknown): Finding[] {
  const calendars = new Holidays();
  return texts(data, "cities.*.country").flatMap(({ path, value: country }): Finding[] => {
    if (countryFault(country) !== undefined) return [];
    const city = path.slice(0, -1);
    if (!Object.hasOwn(calendars.getCountries(), country)) {
      const message = `no public holidays are known for ${country}; is_holiday will be false on every day`;
      return [{ path, message, severity: "warning" }];
    }
    const [subdivision] = texts(data, `cities.*.subdivision`).filter(({ path: at }) => at[1] === city[1]);
    if (subdivision === undefined) return [];
    const known = Object.keys(calendars.getStates(country) ?? {});
    if (known.includes(subdivision.value) || !/^[A-Z0-9]{1,3}$/.test(subdivision.value)) return [];
    const choices = known.length === 0 ? "remove it: there are none" : `one of ${known.join(", ")}`;
    const hint = didYouMean(subdivision.value, known);
    return [
      error(subdivision.path, `the holidays of ${country} know no subdivision ${subdivision.value}: ${choices}${hint}`),
    ];
  });
}

/** What the parts of a document must be to each other, outside of the pipelines. Passes over what has the wrong shape. */
export function checkCities(data: unknown): Finding[] {
  return [
    ...checkUnique(data, "meterTypes.*.type", "meter type"),
    ...checkUnique(data, "cities.*.siteId", "site id"),
    ...checkUnique(data, "cities.*.name", "name"),
    ...checkMeterTypes(data),
    ...checkBuildings(data),
    ...checkHolidays(data),
  ];
}
