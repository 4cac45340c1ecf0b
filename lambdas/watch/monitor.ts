import { readParquet } from "../parquet/index.ts";
import { dateOf, dayOf } from "../run/days.ts";
import { currentFolder } from "../run/layout.ts";
import type { Storage } from "../storage/index.ts";
import { filesOfDay } from "./dataset-files.ts";

/** The latest week of a meter type in a city, or in all of them. */
export interface MonitoredWeek {
  meter: number;
  city: string;
  /** Its last day. */
  day: string;
  elements: number;
  rmsle: number;
  bias: number;
  /** NaN where the model's card gives none. */
  reference: number;
  ratio: number;
  /** First day of the days without a break that are past the threshold; undefined where this week is not. */
  since: string | undefined;
}

/** What the monitor calls all cities together. */
export const allCities = "(all)";

/** Days back from the latest one that has errors: a meter type that has none of a week is not compared. */
const weekDays = 7;

/** The latest week of each meter type and city, as the dataset monitor has it. */
export async function latestWeeks(
  storage: Pick<Storage, "find" | "get" | "list">,
  bucket: string,
): Promise<MonitoredWeek[]> {
  const listed = await storage.list(bucket, `${currentFolder("monitor")}/`);
  const days = listed
    .filter(({ size }) => size > 0)
    .flatMap(({ key }) => /\/dt=(\d{4}-\d{2}-\d{2})\/manifest$/.exec(key)?.[1] ?? [])
    .sort();
  const last = days.at(-1);
  if (last === undefined) return [];
  const latest = new Map<string, MonitoredWeek>();
  for (const day of days.filter((one) => dayOf(one) > dayOf(last) - weekDays)) {
    for await (const file of filesOfDay(storage, bucket, "monitor", dayOf(day))) {
      for (const week of await weeksOf(file, day)) latest.set(`${week.meter} ${week.city}`, week);
    }
  }
  return [...latest.values()].sort((a, b) => a.meter - b.meter || (a.city < b.city ? -1 : 1));
}

async function weeksOf(file: { name: string; bytes: Uint8Array }, day: string): Promise<MonitoredWeek[]> {
  const { rows, columns } = await readParquet([file], {
    meter: "number",
    city: "text",
    week_elements: "number",
    week_rmsle: "number",
    week_bias: "number",
    reference: "number",
    ratio: "number",
    since: "number",
  });
  return Array.from({ length: rows }, (_, row) => {
    const number = (values: Float64Array) => values[row] ?? NaN;
    const since = number(columns.since);
    return {
      meter: number(columns.meter),
      city: columns.city[row] ?? "",
      day,
      elements: number(columns.week_elements),
      rmsle: number(columns.week_rmsle),
      bias: number(columns.week_bias),
      reference: number(columns.reference),
      ratio: number(columns.ratio),
      since: Number.isNaN(since) ? undefined : dateOf(Math.floor(since / 86_400_000)),
    };
  });
}
