import { readParquet } from "../parquet/index.ts";
import type { ParquetFile } from "../parquet/index.ts";
import { formatLocation, parseLocation } from "../storage/index.ts";
import type { Storage } from "../storage/index.ts";
import { holidayCalendar } from "../transform/config.ts";
import type { Building } from "./building.ts";
import type { FeaturesCity, FeaturesConfig } from "./config.ts";
import type { FeaturesEvent, FeaturesMade } from "./events.ts";
import { featureTable } from "./feature-table.ts";
import type { FeatureTable, Forecast } from "./feature-table.ts";
import { readRegister } from "./register.ts";
import { seriesOf } from "./series.ts";
import { writeFeatureTable } from "./table-file.ts";
import { forWeatherColumns, hourMs, weatherColumns } from "./weather-columns.ts";

/** Hours without an observation before a forecast that are worth a warning: what a line does not bridge. */
const silentHours = 6;

/** Sentences that an answer holds; a state's payload is limited to 256 KiB. */
const mostWarnings = 20;

const readingColumns = {
  building_id: "number",
  meter: "number",
  timestamp: "number",
  meter_reading: "number",
} as const;

const observationColumns = {
  timestamp: "number",
  ...(Object.fromEntries(weatherColumns.map((column) => [column, "number"])) as Record<
    (typeof weatherColumns)[number],
    "number"
  >),
} as const;

/** An event that the configuration does not allow. */
export class FeaturesEventError extends Error {
  override name = "FeaturesEventError";
}

/**
 * Makes the feature table of a city's forecasts from what two UNLOADs wrote, its readings and its weather, and stores it
 * in the lake's bucket. Every series that has a reading there is forecast.
 */
export async function makeFeatures(
  event: FeaturesEvent,
  config: FeaturesConfig,
  storage: Pick<Storage, "get" | "list" | "put">,
): Promise<FeaturesMade> {
  const { run, item } = event;
  const { table, warnings } = await tableOfItem(event, config, storage);
  const key = `features/${run.id}/${item.id}.parquet`;
  await storage.put({ bucket: config.bucket, key }, writeFeatureTable(table, item.city));
  return { key, rows: table.rows, warnings: shortened(warnings) };
}

/** The table itself. @param features those that are wanted; all where absent */
export async function tableOfItem(
  { item, readings, weather }: FeaturesEvent,
  config: FeaturesConfig,
  storage: Pick<Storage, "get" | "list">,
  features?: readonly string[],
): Promise<{ table: FeatureTable; warnings: string[] }> {
  const city = cityOf(item.city, config);
  const forecasts = forecastsOf(item);
  const [readingFiles, weatherFiles, buildings] = await Promise.all([
    unloaded(readings, storage),
    unloaded(weather, storage),
    register(config.bucket, storage),
  ]);
  const { columns: readingRows } = await readParquet(readingFiles, readingColumns);
  const { columns: observed } = await readParquet(weatherFiles, observationColumns);
  const series = seriesOf(readingRows);
  const warnings: string[] = [];
  if (series.length === 0) warnings.push(`${item.city} has no readings in its history of ${config.historyDays} days.`);
  warnings.push(...silence(item.city, observed.timestamp, forecasts));
  const table = featureTable(
    {
      site: {
        siteId: city.siteId,
        timeZone: city.timeZone,
        holidays: config.holidays[holidayCalendar(city)] ?? [],
        observations: { timestamp: observed.timestamp, values: forWeatherColumns((column) => observed[column]) },
      },
      buildings,
      series,
    },
    forecasts,
    {
      historyDays: config.historyDays,
      warn: (sentence) => warnings.push(sentence),
      ...(features === undefined ? {} : { features }),
    },
  );
  return { table, warnings };
}

function cityOf(name: string, { cities }: FeaturesConfig): FeaturesCity {
  const city = cities.find((one) => one.name === name);
  if (city !== undefined) return city;
  throw new FeaturesEventError(
    `The environment has no city ${name}; it has ${cities.map((one) => one.name).join(", ")}.`,
  );
}

function forecastsOf({ id, starts, to, horizonHours }: FeaturesEvent["item"]): Forecast[] {
  const end = epochMs(to, id);
  return starts.map((text) => {
    const start = epochMs(text, id);
    return { start, to: Math.min(start + horizonHours * hourMs, end) };
  });
}

function epochMs(text: string, item: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new FeaturesEventError(`Item ${item}: "${text}" is no time such as 2018-12-17T00:00:00Z.`);
  return time;
}

/** The files that an UNLOAD wrote: its manifest has an address per line. */
async function unloaded(manifest: string, storage: Pick<Storage, "get">): Promise<ParquetFile[]> {
  const { bytes } = await storage.get(parseLocation(manifest));
  const addresses = new TextDecoder().decode(bytes).split(/\r?\n/).filter(Boolean);
  return Promise.all(
    addresses.map(async (address) => ({ name: address, bytes: (await storage.get(parseLocation(address))).bytes })),
  );
}

async function register(bucket: string, storage: Pick<Storage, "get" | "list">): Promise<Map<number, Building>> {
  const buildings = new Map<number, Building>();
  for (const { key } of await storage.list(bucket, "buildings/")) {
    const location = { bucket, key };
    const { bytes } = await storage.get(location);
    readRegister(new TextDecoder().decode(bytes), formatLocation(location), buildings);
  }
  return buildings;
}

function silence(city: string, timestamps: Float64Array, forecasts: readonly Forecast[]): string[] {
  const start = Math.max(...forecasts.map((forecast) => forecast.start));
  const last = timestamps.reduce((latest, time) => Math.max(latest, time), -Infinity);
  const stamp = (time: number) => new Date(time).toISOString();
  if (last === -Infinity) return [`${city} has no weather: it is predicted from its readings and the calendar alone.`];
  if (start - last <= silentHours * hourMs) return [];
  const hours = Math.floor((start - last) / hourMs);
  return [
    `The weather of ${city} has been silent since ${stamp(last)}, ${hours} hours before the forecast from ${stamp(start)}: the means of at most three dates before stand in for it.`,
  ];
}

function shortened(warnings: string[]): string[] {
  const more = warnings.length - mostWarnings;
  return more <= 0 ? warnings : [...warnings.slice(0, mostWarnings), `And ${more} more like these.`];
}
