import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentFile, loadEnvironment } from "../../environments/index.ts";
import type { Environment } from "../../environments/index.ts";
import { generateCity } from "../../loader/generator/index.ts";

const hourMs = 3_600_000;

/** Two cities of prod with a few buildings each, and electricity and chilled water. */
export function smallEnvironment(): Environment {
  const prod = loadEnvironment(environmentFile("prod"));
  const cities = prod.cities
    .filter(({ siteId }) => siteId === 2 || siteId === 14)
    .map((city) => ({ ...city, buildings: { ...city.buildings, count: 6 }, meterTypes: city.meterTypes.slice(0, 2) }));
  return { ...prod, name: "small", cities };
}

export interface Files {
  readings: string;
  weather: string;
  buildings: string;
}

/** 2016 of an environment as CSV files with stamps of the wall clock in UTC: every 31st hour of each meter. */
export function writeFiles(folder: string, environment: Environment, seed: number): Files {
  mkdirSync(folder, { recursive: true });
  const readings = ["building_id,meter,timestamp,meter_reading"];
  const weather = ["site_id,timestamp,air_temperature,dew_temperature"];
  const buildings = ["building_id,site_id,primary_use,square_feet,year_built,floor_count"];
  const first = Date.UTC(2016, 0, 1) / hourMs;
  const stamp = (time: number) => new Date(time).toISOString().slice(0, 19).replace("T", " ");
  for (const city of environment.cities) {
    const generated = generateCity(city, seed);
    for (const { building_id, site_id, primary_use, square_feet, year_built, floor_count } of generated.buildings) {
      buildings.push([building_id, site_id, primary_use, square_feet, year_built, floor_count].join());
    }
    for (let hour = first; hour < first + 366 * 24; hour++) {
      const observed = generated.weather.observation(hour);
      if (observed !== undefined) {
        const { site_id, timestamp, air_temperature, dew_temperature } = observed;
        weather.push([site_id, stamp(timestamp), air_temperature, dew_temperature].join());
      }
      if (hour % 31 !== 0) continue;
      generated.readings(hour * hourMs, ({ building, meter }, time, value) => {
        readings.push([building.building_id, meter, stamp(Math.floor(time / hourMs) * hourMs), value].join());
      });
    }
  }
  const write = (name: string, lines: string[]): string => {
    const file = join(folder, `${name}.csv`);
    writeFileSync(file, `${lines.join("\n")}\n`);
    return file;
  };
  return {
    readings: write("readings", readings),
    weather: write("weather", weather),
    buildings: write("buildings", buildings),
  };
}

/** Runs `work` on a folder that is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "metercast-test-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
