import type { Building } from "./building.ts";
import { pastColumnNames, SeriesPast } from "./past.ts";
import type { Site, SiteFeatures } from "./site-features.ts";
import { siteFeatures, staticColumnNames, StaticRows } from "./site-features.ts";
import { hourMs } from "./weather-columns.ts";

/**
 * Which features a table has and how they are computed. It is stored with a model, which refuses tables of another: a
 * change of a feature's meaning is a new version.
 */
export const featureTableVersion = "1";

/** All features, in the order of a table's columns. */
export const featureNames: readonly string[] = [...staticColumnNames, ...pastColumnNames];

/** A table of features, a row per series, forecast start and hour; NaN is missing. */
export interface FeatureTable {
  rows: number;
  /** By name, see {@link featureNames}. */
  columns: ReadonlyMap<string, Float64Array>;
  keys: FeatureKeys;
  /** The reading of the hour, where it is among the inputs; else NaN. Not a feature. */
  reading: Float64Array;
}

/** What a row is about. Times are epoch ms. */
export interface FeatureKeys {
  building_id: Int32Array;
  meter: Int32Array;
  timestamp: Float64Array;
  forecast_start: Float64Array;
  /** From 1: the hour that begins at the start. */
  hours_ahead: Int32Array;
}

/** The readings of a meter of a building. */
export interface SeriesReadings {
  building_id: number;
  /** Code of the meter type, 0 to 3. */
  meter: number;
  /** Epoch ms, ascending, in distinct hours. */
  timestamps: ArrayLike<number>;
  /** In the meter's unit, not negative. A series without any starts on what is static. */
  readings: ArrayLike<number>;
}

export interface FeatureInputs {
  site: Site;
  buildings: ReadonlyMap<number, Building>;
  series: readonly SeriesReadings[];
}

/** The hours from `start` up to `to` are predicted from the readings before `start`. Epoch ms on the hour. */
export interface Forecast {
  start: number;
  to: number;
}

export interface FeatureTableOptions {
  /** Days before a start whose readings count. @default 42 */
  historyDays?: number;
  /** Features that are wanted. @default all */
  features?: readonly string[];
  /** Called with what a reader should know, each sentence once. */
  warn?: (sentence: string) => void;
}

export const defaultHistoryDays = 42;

/** An input that no table can be made of. */
export class FeatureError extends Error {
  override name = "FeatureError";
}

/**
 * The features of one site's series for each forecast, ordered by series, start and hour.
 *
 * @throws FeatureError for a series whose readings are not in the order of time, and for a feature that does not exist
 */
export function featureTable(
  { site, buildings, series }: FeatureInputs,
  forecasts: readonly Forecast[],
  options: FeatureTableOptions = {},
): FeatureTable {
  const { historyDays = defaultHistoryDays, features = featureNames, warn = () => undefined } = options;
  const rowsPerSeries = forecasts.reduce((sum, { start, to }) => sum + Math.max(0, hoursOf(start, to)), 0);
  const table = emptyTable(series.length * rowsPerSeries, features);
  if (table.rows === 0) return table;

  const firstStart = Math.min(...forecasts.map(({ start }) => start / hourMs));
  const firstHour = firstStart - historyDays * 24;
  const endHour = Math.max(...forecasts.map(({ to }) => to / hourMs));
  const hoursOfSite = siteFeatures(site, firstHour, endHour);
  const warned = new Set<string>();
  const warnOnce = (sentence: string): void => {
    if (!warned.has(sentence)) warn(sentence);
    warned.add(sentence);
  };
  const pastColumns = pastColumnNames.map((name) => table.columns.get(name) ?? new Float64Array(table.rows));
  const needsPast = features.some((name) => (pastColumnNames as readonly string[]).includes(name));

  let row = 0;
  for (const one of series) {
    const known = history(one, hoursOfSite);
    const building = new StaticRows(hoursOfSite, buildings.get(one.building_id), one.building_id, warnOnce);
    const past = new SeriesPast(hoursOfSite.hours, one.meter, known.hours, known.values);
    for (const { start, to } of forecasts) {
      const asOf = start / hourMs;
      const hours = Int32Array.from({ length: Math.max(0, hoursOf(start, to)) }, (_, i) => asOf + i);
      building.write(hours, table.columns, row);
      const from = { first: past.before(asOf - historyDays * 24), end: past.before(asOf), asOf };
      if (needsPast) past.describe(from, hours, pastColumns, row);
      writeKeys(table, one, hours, asOf, row);
      writeReadings(table.reading, known, past, hours, row);
      row += hours.length;
    }
  }
  return table;
}

function hoursOf(start: number, to: number): number {
  if (start % hourMs !== 0 || to % hourMs !== 0) {
    throw new FeatureError(`A forecast from ${start} to ${to} does not begin and end on the hour (epoch ms).`);
  }
  return (to - start) / hourMs;
}

function emptyTable(rows: number, features: readonly string[]): FeatureTable {
  const unknown = features.filter((name) => !featureNames.includes(name));
  if (unknown.length > 0) {
    throw new FeatureError(
      `No such feature: ${unknown.join(", ")}. Table ${featureTableVersion} has ${featureNames.join(", ")}.`,
    );
  }
  return {
    rows,
    columns: new Map(features.map((name) => [name, new Float64Array(rows)])),
    keys: {
      building_id: new Int32Array(rows),
      meter: new Int32Array(rows),
      timestamp: new Float64Array(rows),
      forecast_start: new Float64Array(rows),
      hours_ahead: new Int32Array(rows),
    },
    reading: new Float64Array(rows),
  };
}

interface History {
  hours: Int32Array;
  /** ln(1 + reading) */
  values: Float64Array;
  readings: Float64Array;
}

/** The readings of a series within the site's hours. */
function history({ building_id, meter, timestamps, readings }: SeriesReadings, site: SiteFeatures): History {
  const from = site.hours.firstHour;
  const hours = new Int32Array(timestamps.length);
  const kept = new Float64Array(timestamps.length);
  let count = 0;
  let before = -Infinity;
  for (let i = 0; i < timestamps.length; i++) {
    const hour = Math.floor(timestamps[i]! / hourMs);
    if (hour <= before) {
      throw new FeatureError(
        `The readings of building ${building_id}, meter ${meter} are not in the order of time, one per hour: ${new Date(timestamps[i]!).toISOString()} is after ${new Date(timestamps[i - 1]!).toISOString()}.`,
      );
    }
    before = hour;
    const reading = readings[i]!;
    if (hour < from || hour >= site.endHour || !(reading >= 0)) continue;
    hours[count] = hour;
    kept[count] = reading;
    count++;
  }
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = Math.log1p(kept[i]!);
  return { hours: hours.subarray(0, count), values, readings: kept.subarray(0, count) };
}

function writeKeys({ keys }: FeatureTable, series: SeriesReadings, hours: Int32Array, asOf: number, row: number): void {
  const end = row + hours.length;
  keys.building_id.fill(series.building_id, row, end);
  keys.meter.fill(series.meter, row, end);
  keys.forecast_start.fill(asOf * hourMs, row, end);
  for (let i = 0; i < hours.length; i++) {
    keys.timestamp[row + i] = hours[i]! * hourMs;
    keys.hours_ahead[row + i] = hours[i]! - asOf + 1;
  }
}

function writeReadings(target: Float64Array, known: History, past: SeriesPast, hours: Int32Array, row: number): void {
  let at = past.before(hours[0] ?? 0);
  for (let i = 0; i < hours.length; i++) {
    while (at < known.hours.length && known.hours[at]! < hours[i]!) at++;
    target[row + i] = known.hours[at] === hours[i] ? known.readings[at]! : NaN;
  }
}
