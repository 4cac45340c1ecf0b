import { buildingAge, buildingFeatures } from "./building.ts";
import type { Building, BuildingFeatures } from "./building.ts";
import { siteClock } from "./calendar.ts";
import type { Observations } from "./grid.ts";
import type { SiteHours } from "./past.ts";
import { hourMs } from "./weather-columns.ts";
import { weatherFeatureNames, weatherFeatures } from "./weather.ts";

/** A site and the weather that was observed there. */
export interface Site {
  siteId: number;
  /** IANA name. */
  timeZone: string;
  /** ISO dates of its country's public holidays. */
  holidays: readonly string[];
  observations: Observations;
}

const calendarNames = ["hour", "weekday", "week", "month", "is_holiday", "off"] as const;
const buildingNames = ["log_floor_area", "area_per_floor", "building_age", "primary_use"] as const;

/** What is known of an hour without any reading: weather, local calendar, building and site. */
export const staticColumnNames: readonly string[] = [
  ...weatherFeatureNames,
  ...calendarNames,
  ...buildingNames,
  "site_id",
];

/** The hours of a site, prepared once for all of its series. */
export interface SiteFeatures {
  readonly siteId: number;
  readonly hours: SiteHours;
  /** Hours since the epoch, up to and without. */
  readonly endHour: number;
  /** Epoch ms of the last hour with an observation; NaN without any. */
  readonly lastObserved: number;
  /** Weather and calendar by name, a value per hour. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly year: Float64Array;
}

/**
 * Weather and calendar of a site's hours.
 *
 * @param fromHour hours since the epoch; the hour that `endHour` names is not among them
 */
export function siteFeatures(site: Site, fromHour: number, endHour: number): SiteFeatures {
  const length = endHour - fromHour;
  const weather = weatherFeatures(site.observations, (endHour - 1) * hourMs);
  const shift = weather.hours === 0 ? 0 : weather.from / hourMs - fromHour;
  const columns = new Map<string, Float64Array>();
  for (const name of weatherFeatureNames) columns.set(name, aligned(weather.columns.get(name)!, shift, length));
  const calendar = siteClock(site.timeZone, site.holidays).calendar(fromHour * hourMs, length);
  for (const name of calendarNames) columns.set(name, calendar[name]);
  const hourOfWeek = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const day = calendar.is_holiday[i] === 1 ? 6 : calendar.weekday[i]!;
    hourOfWeek[i] = day * 24 + calendar.hour[i]!;
  }
  const temperature = columns.get("air_temperature_mean24")!;
  return {
    siteId: site.siteId,
    hours: { firstHour: fromHour, temperature, hourOfWeek },
    endHour,
    lastObserved: weather.lastObserved,
    columns,
    year: calendar.year,
  };
}

/** A column that begins `shift` hours after another, as one of that other's length; NaN where it has no value. */
function aligned(column: Float64Array, shift: number, length: number): Float64Array {
  const result = new Float64Array(length).fill(NaN);
  const from = Math.max(0, -shift);
  const to = Math.min(column.length, length - shift);
  if (to > from) result.set(column.subarray(from, to), from + shift);
  return result;
}

/** Writes the static columns of a building. */
export class StaticRows {
  readonly #site: SiteFeatures;
  readonly #building: BuildingFeatures;

  /** @param warn called when the building is not registered, or its use has no code */
  constructor(site: SiteFeatures, building: Building | undefined, id: number, warn: (sentence: string) => void) {
    this.#site = site;
    this.#building = buildingFeatures(building, id, warn);
  }

  /**
   * A row per hour, from `row` on.
   *
   * @param hours since the epoch, among the site's
   * @param columns those of {@link staticColumnNames} that are wanted
   */
  write(hours: ArrayLike<number>, columns: ReadonlyMap<string, Float64Array>, row: number): void {
    const { columns: ofHours, hours: site, year, siteId } = this.#site;
    const { log_floor_area, area_per_floor, primary_use, year_built } = this.#building;
    const end = row + hours.length;
    for (const [name, column] of columns) {
      const source = ofHours.get(name);
      if (source !== undefined) {
        for (let i = 0; i < hours.length; i++) column[row + i] = source[hours[i]! - site.firstHour] ?? NaN;
      } else if (name === "building_age") {
        for (let i = 0; i < hours.length; i++) {
          column[row + i] = buildingAge(year_built, year[hours[i]! - site.firstHour] ?? NaN);
        }
      } else if (name === "log_floor_area") column.fill(log_floor_area, row, end);
      else if (name === "area_per_floor") column.fill(area_per_floor, row, end);
      else if (name === "primary_use") column.fill(primary_use, row, end);
      else if (name === "site_id") column.fill(siteId, row, end);
    }
  }
}
