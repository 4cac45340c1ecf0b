import { readFileSync } from "node:fs";
import type { Building } from "../generator/index.ts";
import { meterCodes } from "../generator/calibration.ts";
import type { MeterCode } from "../generator/calibration.ts";
import { csvRows } from "./csv.ts";
import { formatOf } from "./format.ts";
import { jsonRecords } from "./json-records.ts";
import { openParquet } from "./parquet.ts";
import { SourceError } from "./source.ts";

/** A building of a register, with the meters that it has where the file says so. */
export interface RegisteredBuilding extends Building {
  meters?: MeterCode[];
}

/**
 * Reads a register of buildings: CSV with a header, a JSON array of objects, or Parquet. Columns building_id and site_id are needed;
 * primary_use, square_feet, year_built, floor_count and meters ("0+1+2") may be there, others are passed over.
 * @throws SourceError with the position of the first row that is wrong
 */
export async function readRegister(file: string): Promise<RegisteredBuilding[]> {
  const buildings: RegisteredBuilding[] = [];
  const seen = new Set<number>();
  for await (const { row, place } of rowsOf(file)) {
    const building = buildingOf(row, `${file}, ${place}`);
    if (seen.has(building.building_id)) {
      throw new SourceError(`${file}, ${place}: building ${String(building.building_id)} occurs a second time`);
    }
    seen.add(building.building_id);
    buildings.push(building);
  }
  if (buildings.length === 0) throw new SourceError(`${file} has no buildings`);
  return buildings;
}

type Row = Record<string, unknown>;

async function* rowsOf(file: string): AsyncGenerator<{ row: Row; place: string }> {
  const format = formatOf(file);
  if (format === "text") {
    try {
      for (const { row, line } of csvRows(readFileSync(file, "utf8"))) yield { row, place: `line ${String(line)}` };
    } catch (error) {
      if (error instanceof SyntaxError) throw new SourceError(`${file}, ${error.message}`, { cause: error });
      throw error;
    }
  } else if (format === "json") {
    for await (const records of jsonRecords(file)) {
      for (const { text = "", record, line } of records) {
        const place = `record ${String(record)} (line ${String(line)})`;
        let row: unknown;
        try {
          row = JSON.parse(text);
        } catch (error) {
          throw new SourceError(`${file}, ${place}: not JSON: ${(error as Error).message}`, { cause: error });
        }
        yield { row: Object(row) as Row, place };
      }
    }
  } else {
    const parquet = await openParquet(file);
    for await (const { first, rows, columns } of parquet.groups(parquet.columns, 0)) {
      for (let i = 0; i < rows; i++) {
        const row = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[i]]));
        yield { row, place: `row ${String(first + i + 1)}` };
      }
    }
  }
}

function buildingOf(row: Row, place: string): RegisteredBuilding {
  const use = row["primary_use"];
  const meters = metersOf(row["meters"], place);
  return {
    building_id: needed(row, "building_id", place),
    site_id: needed(row, "site_id", place),
    primary_use: typeof use === "string" && use !== "" ? use : null,
    square_feet: numberIn(row, "square_feet", place),
    year_built: numberIn(row, "year_built", place),
    floor_count: numberIn(row, "floor_count", place),
    ...(meters && { meters }),
  };
}

function needed(row: Row, field: string, place: string): number {
  const value = numberIn(row, field, place);
  if (value === null || !Number.isInteger(value) || value < 0) {
    throw new SourceError(
      `${place}: ${field} is ${JSON.stringify(value)}; a register needs building_id and site_id, whole numbers`,
    );
  }
  return value;
}

function numberIn(row: Row, field: string, place: string): number | null {
  const value = row[field];
  if (value === undefined || value === null || value === "") return null;
  const number = Number(value);
  if (!Number.isFinite(number))
    throw new SourceError(`${place}: ${field} is ${JSON.stringify(value)}; a number is needed`);
  return number;
}

function metersOf(value: unknown, place: string): MeterCode[] | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const list: unknown[] = Array.isArray(value) ? value : typeof value === "string" ? value.split(/[+,; ]+/) : [value];
  const codes = list.map(Number);
  const wrong = codes.find((code) => !meterCodes.includes(code as MeterCode));
  if (wrong !== undefined)
    throw new SourceError(`${place}: meters are ${JSON.stringify(value)}; "0+1+2" is a valid form`);
  return codes as MeterCode[];
}
