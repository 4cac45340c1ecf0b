import { primaryUseCodes } from "./primary-use.ts";

/** A building's entry in the register. */
export interface Building {
  building_id: number;
  site_id: number;
  primary_use?: string | null;
  square_feet?: number | null;
  year_built?: number | null;
  floor_count?: number | null;
}

/** What is known of a building whatever the hour; NaN is missing. */
export interface BuildingFeatures {
  /** Natural logarithm of 1 + floor area in square feet. */
  log_floor_area: number;
  /** Square feet. */
  area_per_floor: number;
  /** Code of {@link primaryUseCodes}. */
  primary_use: number;
  /** For {@link buildingAge}. */
  year_built: number;
}

/**
 * Features of a building; of one that the register lacks, all missing.
 *
 * @param warn called with a sentence when the building is not registered, or its use has no code
 */
export function buildingFeatures(
  building: Building | undefined,
  buildingId: number,
  warn: (sentence: string) => void,
): BuildingFeatures {
  if (building === undefined) {
    warn(
      `Building ${buildingId} is not in the register of buildings: its predictions know nothing of its size and use.`,
    );
    return { log_floor_area: NaN, area_per_floor: NaN, primary_use: NaN, year_built: NaN };
  }
  const area = building.square_feet ?? NaN;
  const floors = building.floor_count ?? NaN;
  return {
    log_floor_area: area >= 0 ? Math.log1p(area) : NaN,
    area_per_floor: floors > 0 ? area / floors : NaN,
    primary_use: useCode(building, warn),
    year_built: building.year_built ?? NaN,
  };
}

/** Years since a building was built, at least 0. @param localYear the year on the wall clock of its site */
export function buildingAge(yearBuilt: number, localYear: number): number {
  return Math.max(0, localYear - yearBuilt);
}

function useCode({ building_id, primary_use }: Building, warn: (sentence: string) => void): number {
  if (primary_use != null && Object.hasOwn(primaryUseCodes, primary_use)) return primaryUseCodes[primary_use] ?? NaN;
  const what = primary_use == null ? "has no primary use" : `has the primary use "${primary_use}", which has no code`;
  warn(`Building ${building_id} ${what}: it counts as unknown. Known are ${Object.keys(primaryUseCodes).join(", ")}.`);
  return NaN;
}
