import type { DatasetDefinition } from "../datasets/dataset.ts";
import { deliveryKey } from "../datasets/delivery-key.ts";
import type { ParameterValue } from "../datasets/literal.ts";
import { render, type ParameterValues } from "../datasets/render.ts";
import { select, unload, type Statement } from "../datasets/statement.ts";
import { dateOf, dayOf, rangesOf, widened, type DayRange } from "../run/days.ts";
import { versionFolder } from "../run/layout.ts";
import type { PlanConfig } from "./config.ts";
import type { DatasetItem } from "./events.ts";

/**
 * Days of one statement: an UNLOAD writes 100 partitions at most, and what it reads lies in as many and some around
 * (https://docs.aws.amazon.com/athena/latest/ug/unload.html).
 */
const statementDays = 60;

/** Two ranges of days that so many days part are one: a statement more costs more than a few days that did not change. */
const gapDays = 3;

/** What a refresh of datasets is made of. */
export interface Refresh {
  version: string;
  /** ISO 8601. */
  scheduleTime: string;
  /** Days whose input has changed, or that are asked for, each with the date from which on its arrivals are read. */
  days: ReadonlyMap<number, string>;
  /** Whether days are made from their arrivals alone, and not from what they were before. */
  rebuild: boolean;
  /** The datasets that were asked for; of these a rebuild makes {@link days} themselves, of others those that they change. */
  named: readonly string[];
  /** The day on which it is made; nothing lies more than the horizon behind it. */
  today: number;
  /** The window of datasets that have one of their own; theirs, up to today, where undefined. */
  window?: DayRange;
}

/** The values that all datasets can ask for, whatever the days. */
export function fixedValues(config: PlanConfig): ParameterValues {
  return {
    reading_columns: config.readingColumns,
    weather_columns: config.weatherColumns,
    sites: config.cities.map(({ name, siteId }) => [siteId, name]),
    zones: config.cities.map(({ name, timeZone }) => [name, timeZone]),
    reference: Object.entries(config.reference).map(([meter, rmsle]) => [Number(meter), rmsle]),
    threshold: config.driftThreshold,
  };
}

/** The SQL of a dataset: of the values those that it asks for. @throws DatasetError where one is missing */
export function renderWith(dataset: DatasetDefinition, values: ParameterValues): string {
  const asked = dataset.parameters.flatMap(({ name }): [string, ParameterValue][] => {
    const value = values[name];
    return value === undefined ? [] : [[name, value]];
  });
  return render(dataset, Object.fromEntries(asked));
}

/** What each of these datasets is made anew of, in their order; those of which no day is to be made are left out. */
export function datasetItems(
  config: PlanConfig,
  selected: readonly DatasetDefinition[],
  refresh: Refresh,
): DatasetItem[] {
  return selected.flatMap((dataset) => {
    const item = dataset.stored === "by day" ? byDay(config, dataset, refresh) : atOnce(config, dataset, refresh);
    return item.statements.length === 0 ? [] : [item];
  });
}

function byDay(config: PlanConfig, dataset: DatasetDefinition, refresh: Refresh): DatasetItem {
  const last = refresh.today + 1 + Math.ceil(config.horizonHours / 24);
  const days = new Set([...daysFor(config, dataset, refresh)].filter((day) => day <= last));
  const ranges = rangesOf(days, gapDays, statementDays);
  const folder = versionFolder(dataset.name, refresh.version);
  const statements = ranges.map((range, chunk): Statement => {
    const sql = renderWith(dataset, {
      ...fixedValues(config),
      ...range,
      arrived_from: firstArrival(range, refresh.days, config.firstArrival),
      keep_current: !refresh.rebuild,
      forecast_from: dateOf(dayOf(range.from) - Math.ceil(config.horizonHours / 24)),
    });
    return unload(sql, config.bucket, `${folder}/${chunk}`, "by day");
  });
  return { name: dataset.name, version: refresh.version, statements, days: ranges, stored: "by day" };
}

/** The days of a dataset that are to be made: those of what it is made of, and those around that they change. */
function daysFor(config: PlanConfig, dataset: DatasetDefinition, refresh: Refresh): Set<number> {
  const { trigger } = dataset;
  const isAskedFor = refresh.rebuild && refresh.named.includes(dataset.name);
  if (trigger.on !== "dataset" || isAskedFor) return new Set(refresh.days.keys());
  const source = config.datasets.find(({ name }) => name === trigger.name);
  const days = source === undefined ? new Set(refresh.days.keys()) : daysFor(config, source, refresh);
  return widened(days, dataset.reach);
}

/** Days between the touched ones have no arrivals of their own to look for. */
function firstArrival({ from, to }: DayRange, days: ReadonlyMap<number, string>, otherwise: string): string {
  let first: string | undefined;
  for (let day = dayOf(from); day < dayOf(to); day++) {
    const arrived = days.get(day);
    if (arrived !== undefined && (first === undefined || arrived < first)) first = arrived;
  }
  return first ?? otherwise;
}

/** One that is no table: its result as Parquet where it is delivered so, else as CSV. */
function atOnce(config: PlanConfig, dataset: DatasetDefinition, refresh: Refresh): DatasetItem {
  const { version, scheduleTime, today } = refresh;
  const ownDays = dataset.delta.of === "days" ? dataset.delta.days : 1;
  const window = refresh.window ?? { from: dateOf(today - ownDays + 1), to: dateOf(today + 1) };
  const sql = renderWith(dataset, { ...fixedValues(config), ...window });
  const delivery =
    dataset.deliver === undefined ? undefined : deliveryKey(dataset.deliver, { scheduleTime, versionId: version });
  const parquet = dataset.stored === "whole" || delivery?.format === "parquet";
  return {
    name: dataset.name,
    version,
    statements: [
      parquet ? unload(sql, config.bucket, `${versionFolder(dataset.name, version)}/0`, "whole") : select(sql),
    ],
    days: [],
    stored: dataset.stored,
    ...(delivery === undefined ? {} : { deliver: delivery.key }),
  };
}
