import type { Building } from "./building.ts";

/** A line of the register of buildings that is not an entry. */
export class RegisterError extends Error {
  override name = "RegisterError";
}

/**
 * Reads a register of buildings, a JSON object per line, into `buildings`, by id. A later entry replaces an earlier one.
 *
 * @param file name for messages
 * @throws RegisterError
 */
export function readRegister(text: string, file: string, buildings: Map<number, Building>): void {
  let line = 0;
  for (const entry of text.split("\n")) {
    line++;
    if (entry.trim() === "") continue;
    const building = parsed(entry, `${file}, line ${line}`);
    buildings.set(building.building_id, building);
  }
}

function parsed(entry: string, place: string): Building {
  let value: unknown;
  try {
    value = JSON.parse(entry);
  } catch (error) {
    throw new RegisterError(`${place}: not JSON: ${(error as Error).message}`, { cause: error });
  }
  const { building_id, site_id, ...rest } = Object(value) as Record<string, unknown>;
  if (typeof building_id !== "number" || typeof site_id !== "number") {
    throw new RegisterError(
      `${place}: an entry has the numbers building_id and site_id, and may have primary_use, square_feet, year_built and floor_count.`,
    );
  }
  return {
    building_id,
    site_id,
    primary_use: typeof rest.primary_use === "string" ? rest.primary_use : null,
    square_feet: numberOrNull(rest.square_feet),
    year_built: numberOrNull(rest.year_built),
    floor_count: numberOrNull(rest.floor_count),
  };
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
