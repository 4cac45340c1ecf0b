import type { City, MeterTypeName } from "../../environments/index.ts";
import { calibration, meterCodes } from "./calibration.ts";
import type { MeterCode } from "./calibration.ts";
import { evenly, interpolate, normalQuantile, pick, seedOf, uniform } from "./random.ts";

/** A row of the register `buildings`. */
export interface Building {
  building_id: number;
  site_id: number;
  primary_use: string | null;
  /** Gross floor area. */
  square_feet: number | null;
  year_built: number | null;
  floor_count: number | null;
}

/** A building whose readings are generated. */
export interface MeteredBuilding extends Building {
  primary_use: string;
  square_feet: number;
  meters: MeterCode[];
}

export const meterTypeNames: readonly MeterTypeName[] = ["electricity", "chilledwater", "steam", "hotwater"];

/**
 * Sites whose buildings have no year, and those that have floor counts: a site's records have the column or lack it.
 */
const sitesWithoutYears = new Set([6, 8, 9, 10, 11, 12, 13, 14]);
const sitesWithFloors = new Set([1, 4, 5, 7, 8, 10]);

const yearQuantiles = [
  [0, 1900],
  [0.05, 1912],
  [0.25, 1949],
  [0.5, 1970],
  [0.75, 1995],
  [0.95, 2012],
  [1, 2017],
] as const;

/** Where a draw for a building stands among the dimensions of {@link evenly}; series use those after it. */
const dimension = { meters: 0, use: 1, area: 2, year: 3, floors: 4 };
export const firstSeriesDimension = 5;

/** One building in so many gets a meter type that its city registers and the calibration's site has not. */
const addedMeterEvery = 32;

/**
 * The buildings of a city. A building's row depends on the seed, its site and its id; only the rule that every meter
 * type of the city occurs looks at how many there are.
 */
export function generateBuildings(city: City, generatorSeed: number): MeteredBuilding[] {
  const seed = seedOf(generatorSeed, 2, city.siteId);
  const { firstId, count } = city.buildings;
  const uses =
    calibration.primaryUsesBySite[city.siteId] ??
    calibration.primaryUses.map(({ use, buildings }) => [use, buildings] as const);
  const buildings = Array.from({ length: count }, (_, index): MeteredBuilding => {
    const use = pick(uses, evenly(seed, dimension.use, index));
    const square_feet = areaOf(use, evenly(seed, dimension.area, index));
    return {
      building_id: firstId + index,
      site_id: city.siteId,
      primary_use: use,
      square_feet,
      year_built: yearOf(seed, city.siteId, index),
      floor_count: floorsOf(seed, city.siteId, index, square_feet),
      meters: [],
    };
  });
  assignMeters(city, buildings, generatorSeed);
  return buildings;
}

/** The steam meter of this building is broken, in ASHRAE's data and here. */
export const brokenSteamBuilding = 1099;

/** What a building of a register is taken to be where the register does not say. */
const assumed = { use: "Education", area: 57_673 };

/** The buildings of a city that a register has; meters are drawn for them unless the register says which they have. */
export function registeredBuildings(
  city: City,
  register: readonly (Building & { meters?: MeterCode[] })[],
  generatorSeed: number,
): MeteredBuilding[] {
  const own = register.filter(({ site_id }) => site_id === city.siteId);
  const buildings = own.map(({ primary_use, square_feet, ...rest }): MeteredBuilding => ({
    ...rest,
    primary_use: primary_use ?? assumed.use,
    square_feet: square_feet !== null && square_feet > 0 ? square_feet : assumed.area,
    meters: [],
  }));
  if (own.every(({ meters }) => meters === undefined)) assignMeters(city, buildings, generatorSeed);
  else {
    const registered = registeredMeters(city);
    buildings.forEach(
      (building, i) => (building.meters = own[i]?.meters?.filter((code) => registered.has(code)) ?? []),
    );
  }
  return buildings;
}

function registeredMeters(city: City): Set<MeterCode> {
  return new Set(meterCodes.filter((code) => city.meterTypes.includes(meterTypeNames[code] as MeterTypeName)));
}

/** Draws which meters each building has, limited to the types that the city registers; each of those occurs. */
function assignMeters(city: City, buildings: MeteredBuilding[], generatorSeed: number): void {
  const seed = seedOf(generatorSeed, 2, city.siteId);
  const registered = new Set(
    meterCodes.filter((code) => city.meterTypes.includes(meterTypeNames[code] as MeterTypeName)),
  );
  const combinations = calibration.meterCombinationsBySite[city.siteId] ?? calibration.meterCombinations;
  buildings.forEach((building, index) => {
    const drawn =
      building.building_id === brokenSteamBuilding && city.siteId === 13
        ? ([0, 2] as const)
        : pick(combinations, evenly(seed, dimension.meters, index));
    building.meters = drawn.filter((code) => registered.has(code));
  });
  for (const code of registered) {
    const atSite = combinations.some(([codes]) => codes.includes(code));
    if (atSite && buildings.some(({ meters }) => meters.includes(code))) continue;
    const first = Math.min(3 * code, buildings.length - 1);
    buildings.forEach((building, index) => {
      if (index % addedMeterEvery === first) building.meters = [...building.meters, code].sort();
    });
  }
}

function areaOf(use: string, draw: number): number {
  const { lnAreaMean, lnAreaSd } = calibration.primaryUses.find((row) => row.use === use) ?? {
    lnAreaMean: 10.79,
    lnAreaSd: 1.275,
  };
  const area = Math.exp(lnAreaMean + lnAreaSd * normalQuantile(draw));
  return Math.round(Math.min(875_000, Math.max(283, area)));
}

function yearOf(seed: number, siteId: number, index: number): number | null {
  if (sitesWithoutYears.has(siteId) || uniform(seedOf(seed, 1), index) < 0.1) return null;
  return Math.round(interpolate(yearQuantiles, evenly(seed, dimension.year, index)));
}

function floorsOf(seed: number, siteId: number, index: number, area: number): number | null {
  const known = sitesWithFloors.has(siteId) || (siteId === 12 && uniform(seedOf(seed, 2), index) < 0.25);
  if (!known) return null;
  const areaOfFloor = 12_259 * Math.exp(0.8 * normalQuantile(evenly(seed, dimension.floors, index)));
  return Math.min(26, Math.max(1, Math.round(area / areaOfFloor)));
}
