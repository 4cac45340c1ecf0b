import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { defaultSeed } from "@metercast/loader";
import { environmentFile, loadEnvironment } from "../environments/index.ts";
import { holidayTable } from "../lambdas/holidays.ts";
import type { FeaturesConfig } from "../lambdas/features/config.ts";
import type { FeaturesEvent } from "../lambdas/features/events.ts";
import { primaryUseCodes } from "../lambdas/features/primary-use.ts";
import { weatherColumns } from "../lambdas/features/weather-columns.ts";
import { writeParquet } from "../lambdas/parquet/index.ts";
import { holidayCalendar } from "../lambdas/transform/config.ts";
import { generateCity, type GeneratedCity } from "../loader/generator/index.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The first forecast, the number of them, a day apart, and the days before each whose readings count. */
const firstStart = Date.UTC(2018, 11, 3);
const forecasts = 14;
const historyDays = 42;
const horizonHours = 24;

/** What is to be forecast, by whichever code: job.json of the fleet's folder. */
export interface Job {
  config: FeaturesConfig;
  /** As `config` has them, each with its holidays, for code that is not ours. */
  cities: (FeaturesConfig["cities"][number] & { holidays: string[]; series: number })[];
  /** Epoch ms. */
  starts: number[];
  horizonHours: number;
  historyDays: number;
  primaryUses: Readonly<Record<string, number>>;
}

export function readJob(folder: string): Job {
  return JSON.parse(readFileSync(join(folder, "job.json"), "utf8")) as Job;
}

/** All forecasts of a city, as the state machine asks for them. */
export function itemOf({ starts, horizonHours }: Job, city: string): FeaturesEvent {
  const iso = (epochMs: number) => new Date(epochMs).toISOString();
  return {
    run: { id: "bench" },
    item: {
      id: city,
      city,
      starts: starts.map(iso),
      to: iso(Math.max(...starts) + horizonHours * hourMs),
      horizonHours,
    },
    readings: `s3://lake/work/${city}/readings-manifest.csv`,
    weather: `s3://lake/work/${city}/weather-manifest.csv`,
  };
}

/**
 * Writes hourly readings and weather of all cities of the environment "prod" into a folder that stands for the lake's
 * bucket: two weeks, and the history before them.
 */
export function writeFleet(folder: string): Job {
  const { cities } = loadEnvironment(environmentFile("prod"));
  const holidays = holidayTable(cities);
  const register: string[] = [];
  const written = cities.map((city) => {
    const generated = generateCity(city, defaultSeed);
    for (const { building_id, site_id, primary_use, square_feet, year_built, floor_count } of generated.buildings) {
      register.push(JSON.stringify({ building_id, site_id, primary_use, square_feet, year_built, floor_count }));
    }
    writeCity(folder, generated);
    const { name, siteId, timeZone, country, subdivision } = city;
    const short = { name, siteId, timeZone, country, ...(subdivision === undefined ? {} : { subdivision }) };
    return { ...short, holidays: holidays[holidayCalendar(city)] ?? [], series: generated.series.length };
  });
  put(folder, "buildings/buildings.json", `${register.join("\n")}\n`);
  const job: Job = {
    config: { bucket: "lake", historyDays, cities: written, holidays },
    cities: written,
    starts: Array.from({ length: forecasts }, (_, day) => firstStart + day * dayMs),
    horizonHours,
    historyDays,
    primaryUses: primaryUseCodes,
  };
  put(folder, "job.json", JSON.stringify(job));
  return job;
}

function writeCity(folder: string, { city, weather, readings }: GeneratedCity): void {
  const from = firstStart - historyDays * dayMs;
  const to = firstStart + forecasts * dayMs;
  const rows = { building_id: [] as number[], meter: [] as number[], timestamp: [] as number[], value: [] as number[] };
  for (let time = from; time < to; time += hourMs) {
    readings(time, ({ building, meter }, at, value) => {
      rows.building_id.push(building.building_id);
      rows.meter.push(meter);
      rows.timestamp.push(at);
      rows.value.push(value);
    });
  }
  put(
    folder,
    `work/${city.name}/readings`,
    writeParquet([
      { name: "building_id", kind: "int", data: Int32Array.from(rows.building_id) },
      { name: "meter", kind: "int", data: Int32Array.from(rows.meter) },
      { name: "timestamp", kind: "timestamp", data: Float64Array.from(rows.timestamp) },
      { name: "meter_reading", kind: "double", data: Float64Array.from(rows.value) },
    ]),
  );
  put(folder, `work/${city.name}/readings-manifest.csv`, `s3://lake/work/${city.name}/readings\n`);
  const observations = Array.from({ length: (to - from) / hourMs }, (_, hour) =>
    weather.observation(from / hourMs + hour),
  );
  const there = observations.filter((observation) => observation !== undefined);
  put(
    folder,
    `work/${city.name}/weather`,
    writeParquet([
      { name: "site_id", kind: "int", data: Int32Array.from(there, ({ site_id }) => site_id) },
      { name: "timestamp", kind: "timestamp", data: Float64Array.from(there, ({ timestamp }) => timestamp) },
      ...weatherColumns.map((name) => ({
        name,
        kind: "double" as const,
        data: Float64Array.from(there, (observation) => observation[name] ?? NaN),
      })),
    ]),
  );
  put(folder, `work/${city.name}/weather-manifest.csv`, `s3://lake/work/${city.name}/weather\n`);
}

function put(folder: string, key: string, content: Uint8Array | string): void {
  const file = join(folder, key);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
