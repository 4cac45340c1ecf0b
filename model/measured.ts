import type { Building } from "../lambdas/features/building.ts";
import { siteFeatures } from "../lambdas/features/site-features.ts";
import type { SiteFeatures } from "../lambdas/features/site-features.ts";
import { siteClock } from "../lambdas/features/calendar.ts";
import { hourMs, forWeatherColumns, weatherColumns } from "../lambdas/features/weather-columns.ts";
import { holidayTable } from "../lambdas/holidays.ts";
import { holidayCalendar } from "../lambdas/transform/config.ts";
import type { City, Environment } from "../environments/index.ts";
import { recordsOf } from "../loader/sources/file.ts";
import { readRegister } from "../loader/sources/register.ts";
import type { TimeZoneOption } from "../loader/sources/stamps.ts";
import { addresses } from "../loader/sources/topics.ts";
import { ModelError } from "./model-error.ts";

/** The readings of a meter of a building, in the order of time. */
export interface MeasuredSeries {
  building: Building;
  meter: number;
  site: SiteFeatures;
  /** Hours since the epoch, UTC. Two readings may claim one hour where clocks go forward. */
  hours: Int32Array;
  /** ln(1 + reading) */
  values: Float64Array;
}

/** A series as files have it. */
export interface StampedSeries extends MeasuredSeries {
  /** The readings' stamps on the wall clock of the meter: epoch ms as if that were UTC. */
  stamps: Float64Array;
}

export interface MeasuredFiles {
  environment: Environment;
  readings: string;
  weather: string;
  buildings: string;
  /** How stamps of readings without a zone are read. */
  timeZone: TimeZoneOption;
}

/** Whether a reading takes part. @param stamp of the meter's wall clock, epoch ms as if that were UTC */
export type Keep = (building: number, meter: number, stamp: number) => boolean;

/**
 * Reads the series of files (CSV, JSON, Parquet) with the weather of their sites.
 *
 * @throws SourceError for a file that cannot be read, ModelError for a site without weather or without a city
 */
export async function readMeasured(files: MeasuredFiles, keep: Keep): Promise<StampedSeries[]> {
  const { environment, timeZone } = files;
  const register = await readRegister(files.buildings);
  const buildings = new Map(register.map((building) => [building.building_id, building]));
  const toSites = addresses(environment, { meters: {}, weather: undefined }, register, "-");
  const clocks = new Map(environment.cities.map((city) => [city.siteId, meterClock(city, timeZone)]));

  const collected = new Map<number, { building: Building; meter: number; times: number[]; values: number[] }>();
  for await (const reading of recordsOf({ file: files.readings, kind: "readings", addresses: toSites, timeZone })) {
    const { building_id, meter, timestamp, meter_reading } = reading;
    const site = toSites.siteOf(building_id);
    const clock = site === undefined ? undefined : clocks.get(site);
    if (site === undefined || clock === undefined) throw noCity(environment, building_id, site);
    if (meter_reading < 0 || !keep(building_id, meter, clock(timestamp))) continue;
    const key = building_id * 4 + meter;
    let series = collected.get(key);
    if (series === undefined) {
      const building = buildings.get(building_id) ?? { building_id, site_id: site };
      collected.set(key, (series = { building, meter, times: [], values: [] }));
    }
    series.times.push(timestamp);
    series.values.push(Math.log1p(meter_reading));
  }
  const sites = await readSites(files, toSites, spanOf(collected.values()));
  return [...collected.values()].map(({ building, meter, times, values }) => {
    const site = sites.get(building.site_id);
    if (site === undefined) throw new ModelError(`${files.weather} has no weather of site ${building.site_id}.`);
    const clock = clocks.get(building.site_id)!;
    const order = Array.from(times, (_, i) => i).sort((a, b) => times[a]! - times[b]!);
    return {
      building,
      meter,
      site,
      hours: Int32Array.from(order, (i) => Math.floor(times[i]! / hourMs)),
      stamps: Float64Array.from(order, (i) => clock(times[i]!)),
      values: Float64Array.from(order, (i) => values[i]!),
    };
  });
}

function noCity(environment: Environment, building: number, site: number | undefined): ModelError {
  const what = site === undefined ? "belongs to no site" : `is at site ${site}, which is no city`;
  return new ModelError(
    `Building ${building} ${what} of the environment ${environment.name}: name its site in the file of buildings, and the environment that has the site.`,
  );
}

/** UTC to the clock that the files' stamps follow. */
function meterClock(city: City, timeZone: TimeZoneOption): (time: number) => number {
  if (timeZone === "UTC" || city.meterClock === "UTC") return (time) => time;
  const { offset } = siteClock(city.timeZone, []);
  return (time) => time + offset(time);
}

interface Span {
  first: number;
  end: number;
}

/** Hours since the epoch. */
function spanOf(series: Iterable<{ times: number[] }>): Span {
  let first = Infinity;
  let last = -Infinity;
  for (const { times } of series) {
    for (const time of times) {
      if (time < first) first = time;
      if (time > last) last = time;
    }
  }
  if (first > last) throw new ModelError("There are no readings to learn from.");
  return { first: Math.floor(first / hourMs), end: Math.floor(last / hourMs) + 1 };
}

async function readSites(
  { environment, weather }: MeasuredFiles,
  toSites: ReturnType<typeof addresses>,
  { first, end }: Span,
): Promise<Map<number, SiteFeatures>> {
  const rows = new Map<number, { timestamp: number[]; values: Record<string, number[]> }>();
  const records = recordsOf({ file: weather, kind: "weather", addresses: toSites, timeZone: "UTC" });
  for await (const record of records) {
    let site = rows.get(record.site_id);
    if (site === undefined) {
      site = { timestamp: [], values: Object.fromEntries(weatherColumns.map((column) => [column, []])) };
      rows.set(record.site_id, site);
    }
    site.timestamp.push(record.timestamp);
    for (const column of weatherColumns) {
      const value = (record as unknown as Record<string, number | null | undefined>)[column];
      site.values[column]!.push(value ?? NaN);
    }
  }
  const holidays = holidayTable(environment.cities);
  const sites = new Map<number, SiteFeatures>();
  for (const city of environment.cities) {
    const site = rows.get(city.siteId);
    if (site === undefined) continue;
    const values = forWeatherColumns((column) => Float64Array.from(site.values[column]!));
    const { siteId, timeZone } = city;
    const observations = { timestamp: site.timestamp, values };
    sites.set(
      siteId,
      siteFeatures({ siteId, timeZone, holidays: holidays[holidayCalendar(city)] ?? [], observations }, first, end),
    );
  }
  return sites;
}
