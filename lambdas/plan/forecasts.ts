import { unload } from "../datasets/statement.ts";
import { workFolder } from "../run/layout.ts";
import { writeForecastNotes } from "../run/marks.ts";
import { RunError } from "../run/run-error.ts";
import { parseLocation, type Storage } from "../storage/index.ts";
import { question, storedDays } from "./begin.ts";
import type { PlanConfig } from "./config.ts";
import { renderWith } from "./dataset-items.ts";
import type { ForecastItem, ForecastPlan, ForecastsEvent, Run } from "./events.ts";
import { resultRows } from "./result-rows.ts";
import { forecastWindow, isoOf, millisecondsOfHour } from "./window.ts";

/** Rows that are predicted together at most: what the features of a Lambda's memory hold. */
const itemRows = 100_000;

/** As in the step "datasets": a state's input is 256 KiB at most. */
const longestItems = 200_000;

/** What there is of a city. Times in epoch ms. */
export interface CityHours {
  city: string;
  series: number;
  first: number;
  last: number;
  /** Undefined where no hour is complete. */
  complete: number | undefined;
}

/** What is to be predicted, after a look at the latest hours. @throws RunError NoData, InvalidWindow */
export async function planForecasts(
  config: PlanConfig,
  storage: Pick<Storage, "get" | "put" | "list">,
  { run, result }: ForecastsEvent,
): Promise<ForecastPlan> {
  const csv = new TextDecoder().decode((await storage.get(parseLocation(result))).bytes);
  const hours = new Map(cityHours(csv).map((entry) => [entry.city, entry]));
  const planned = config.cities.map((city) => {
    const found = hours.get(city.name);
    const reason = found === undefined ? "it has no readings there" : undefined;
    return { city, found, ...(found === undefined ? { starts: [], reason } : startsOf(config, run, found)) };
  });
  const skipped = planned.flatMap(({ city, starts, reason }) =>
    starts.length > 0 ? [] : [{ city: city.name, reason: reason ?? "there is nothing to predict" }],
  );
  const items = planned.flatMap(({ city, found, starts }) =>
    chunks(starts, startsPerItem(config, found?.series ?? 1)).map((chunk, index) =>
      itemOf(config, run, city, `${city.name}-${index}`, chunk),
    ),
  );
  if (items.length === 0) throw await noData(config, storage, run);
  if (JSON.stringify(items).length > longestItems) {
    throw new RunError(
      "InvalidWindow",
      `${items.length} parts of forecasts are too many for one run; ask for a shorter window or fewer hours of backtest.`,
    );
  }
  const window = {
    from: isoOf(Math.min(...items.flatMap(({ starts }) => starts.map((start) => Date.parse(start))))),
    to: isoOf(Math.max(...items.map(({ to }) => Date.parse(to)))),
  };
  const forecasts = items.map(({ city, starts }) => ({ city, starts }));
  await writeForecastNotes(storage, config.bucket, run.id, { window, forecasts });
  return { items, skipped, window };
}

/** The rows of the dataset latest_hours. */
export function cityHours(csv: string): CityHours[] {
  const rows = resultRows(csv, ["city", "series", "first_hour", "last_hour", "complete_hour"]);
  return rows.flatMap(({ city, series, first_hour, last_hour, complete_hour }) => {
    if (city === null || first_hour === null || last_hour === null) return [];
    const complete = complete_hour === null ? undefined : hourOf(complete_hour);
    return { city, series: Number(series), first: hourOf(first_hour), last: hourOf(last_hour), complete };
  });
}

/** `2018-12-03 10:00:00.000`, UTC. */
function hourOf(text: string): number {
  const hour = Date.parse(`${text.replace(" ", "T")}Z`);
  if (Number.isNaN(hour))
    throw new RunError("InvalidResult", `The latest hours have "${text}" in the place of a time.`);
  return hour;
}

/** The first hours of a city's forecasts, in order, or why there are none. */
export function startsOf(
  { horizonHours, historyDays }: PlanConfig,
  run: Pick<Run, "from" | "to" | "backtestHours">,
  { first, last, complete }: CityHours,
): { starts: number[]; reason?: string } {
  const step = horizonHours * millisecondsOfHour;
  const asked = run.from === undefined ? undefined : forecastWindow(run.from, run.to, horizonHours);
  const latest = (complete ?? last) + millisecondsOfHour;
  const from = asked?.from ?? latest - (run.backtestHours ?? 0) * millisecondsOfHour;
  const starts: number[] = [];
  for (let start = from; start < (asked?.to ?? latest); start += step) starts.push(start);
  if (asked === undefined) starts.push(latest);
  const history = historyDays * 24 * millisecondsOfHour;
  const known = starts.filter((start) => start > first && start - history <= last);
  if (known.length > 0) return { starts: known };
  return {
    starts: [],
    reason: `it has readings from ${isoOf(first)} to ${isoOf(last)}, and none in the ${historyDays} days before ${isoOf(from)}`,
  };
}

function startsPerItem({ horizonHours }: PlanConfig, series: number): number {
  return Math.max(1, Math.floor(itemRows / (Math.max(1, series) * horizonHours)));
}

function itemOf(
  config: PlanConfig,
  run: Run,
  { name, siteId }: PlanConfig["cities"][number],
  id: string,
  starts: readonly number[],
): ForecastItem {
  const { bucket, historyDays, horizonHours } = config;
  const [first = 0, last = 0] = [starts[0], starts.at(-1)];
  const asked = run.from === undefined ? undefined : forecastWindow(run.from, run.to, horizonHours);
  const to = Math.min(last + horizonHours * millisecondsOfHour, asked?.to ?? Infinity);
  const from = isoOf(first - historyDays * 24 * millisecondsOfHour);
  const folder = `${workFolder(run.id)}/${id}`;
  const readings = renderWith(question(config, "feature_readings"), { city: name, from, to: isoOf(last) });
  const weather = renderWith(question(config, "feature_weather"), { site: siteId, from, to: isoOf(to) });
  return {
    id,
    city: name,
    siteId,
    starts: starts.map(isoOf),
    to: isoOf(to),
    horizonHours,
    readings: unload(readings, bucket, `${folder}/readings`, "whole"),
    weather: unload(weather, bucket, `${folder}/weather`, "whole"),
  };
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < list.length; at += size) parts.push(list.slice(at, at + size));
  return parts;
}

/** Which window was asked, and what there is. */
async function noData(config: PlanConfig, storage: Pick<Storage, "list">, run: Run): Promise<RunError> {
  const asked =
    run.from === undefined
      ? "The latest hours were looked for"
      : `Forecasts from ${run.from}${run.to === undefined ? "" : ` to ${run.to}`} were asked for`;
  const days = await storedDays(config, storage, "readings_by_day");
  const [first, last] = [days[0], days.at(-1)];
  const there =
    first === undefined
      ? "there are no readings at all in readings_by_day; send some, or wait until they are delivered"
      : `readings_by_day has readings of ${days.length} days, from ${first} to ${last}; ask for hours after the first of them`;
  const cities = config.cities.map(({ name }) => name).join(", ");
  return new RunError("NoData", `${asked}, and no city (${cities}) has readings before: ${there}.`);
}
