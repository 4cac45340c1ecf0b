import { dateOf, dayOf } from "../run/days.ts";
import { daysOf, type Lake, latestForecasts, tablesOfDay } from "./datasets.ts";
import type { DigestFigures, ExpectedFigure, OffFigure, Series, SilentFigure, UseFigure } from "./figures.ts";

const millisecondsOfHour = 3_600_000;

/** How many meters that were off are told, and the hours of the day that each must have. */
const mostOff = 3;
const leastHours = 12;

/** Hours behind half of its city's meters from which on a meter is silent, and days that it is looked for. */
const silentHours = 24;
const daysLookedAt = 14;

/** A forecast that a reading is compared with was made at most so many hours ahead, as the monitor has it. */
const hoursAhead = 24;

/**
 * Reads what a digest tells from the current files of the datasets.
 *
 * @param asked The local day that it is to tell of; where that has no readings, the latest before it that has.
 * @param cities Their keys.
 */
export async function gather(
  storage: Lake,
  bucket: string,
  asked: string,
  cities: readonly string[],
): Promise<DigestFigures> {
  const days = await daysOf(storage, bucket, "use_by_day");
  const day = days.filter((one) => one <= asked).at(-1);
  if (day === undefined) return { day, asked, use: [], expected: [], mostOff: [], silent: [] };
  return {
    day,
    asked,
    use: await useOf(storage, bucket, day),
    expected: await expectedOf(storage, bucket, cities),
    mostOff: await offOf(storage, bucket, day),
    silent: await silentOf(storage, bucket),
  };
}

async function useOf(storage: Lake, bucket: string, day: string): Promise<UseFigure[]> {
  const now = await sums(storage, bucket, day);
  const before = await sums(storage, bucket, dateOf(dayOf(day) - 7));
  return [...now]
    .map(([key, figure]) => {
      const week = before.get(key);
      return { ...figure, weekBefore: week && { use: week.use, hours: week.hours } };
    })
    .sort(byCity);
}

async function sums(storage: Lake, bucket: string, day: string) {
  const found = new Map<string, Omit<UseFigure, "weekBefore">>();
  const wanted = { meter: "number", city: "text", use: "number", hours: "number" } as const;
  for await (const { rows, columns } of tablesOfDay(storage, bucket, "use_by_day", day, wanted)) {
    for (let row = 0; row < rows; row++) {
      const use = columns.use[row] ?? NaN;
      if (Number.isNaN(use)) continue;
      const city = columns.city[row] ?? "";
      const meter = columns.meter[row] ?? NaN;
      const key = `${meter} ${city}`;
      const sum = found.get(key) ?? { city, meter, use: 0, hours: 0, buildings: 0 };
      found.set(key, {
        ...sum,
        use: sum.use + use,
        hours: Math.max(sum.hours, columns.hours[row] ?? NaN),
        buildings: sum.buildings + 1,
      });
    }
  }
  return found;
}

async function expectedOf(storage: Lake, bucket: string, cities: readonly string[]): Promise<ExpectedFigure[]> {
  const found = new Map<string, ExpectedFigure>();
  const wanted = { meter: "number", city: "text", timestamp: "number", predicted: "number" } as const;
  for await (const { rows, columns } of latestForecasts(storage, bucket, cities, wanted)) {
    for (let row = 0; row < rows; row++) {
      const city = columns.city[row] ?? "";
      const meter = columns.meter[row] ?? NaN;
      const time = columns.timestamp[row] ?? NaN;
      const key = `${meter} ${city}`;
      const sum = found.get(key) ?? { city, meter, expected: 0, from: Infinity, to: -Infinity };
      found.set(key, {
        ...sum,
        expected: sum.expected + (columns.predicted[row] ?? 0),
        from: Math.min(sum.from, time),
        to: Math.max(sum.to, time + millisecondsOfHour),
      });
    }
  }
  return [...found.values()].sort(byCity);
}

interface Compared {
  series: Series;
  ahead: number;
  measured: number;
  expected: number;
}

async function offOf(storage: Lake, bucket: string, day: string): Promise<OffFigure[]> {
  const hours = new Map<string, Compared>();
  const wanted = {
    building_id: "number",
    meter: "number",
    city: "text",
    timestamp: "number",
    hours_ahead: "number",
    predicted: "number",
    reading: "number",
  } as const;
  for await (const { rows, columns } of tablesOfDay(storage, bucket, "predictions_vs_readings", day, wanted)) {
    for (let row = 0; row < rows; row++) {
      const ahead = columns.hours_ahead[row] ?? NaN;
      const measured = columns.reading[row] ?? NaN;
      if (Number.isNaN(measured) || !(ahead <= hoursAhead)) continue;
      const building = columns.building_id[row] ?? NaN;
      const meter = columns.meter[row] ?? NaN;
      const key = `${building} ${meter} ${columns.timestamp[row] ?? NaN}`;
      // Of several forecasts the earliest, which could know the least.
      if ((hours.get(key)?.ahead ?? 0) >= ahead) continue;
      const series = { building, meter, city: columns.city[row] ?? "", primaryUse: undefined };
      hours.set(key, { series, ahead, measured, expected: columns.predicted[row] ?? NaN });
    }
  }
  const found = new Map<string, OffFigure>();
  for (const { series, measured, expected } of hours.values()) {
    const key = `${series.building} ${series.meter}`;
    const sum = found.get(key) ?? { ...series, measured: 0, expected: 0, error: 0, hours: 0 };
    found.set(key, {
      ...sum,
      measured: sum.measured + measured,
      expected: sum.expected + expected,
      error: sum.error + Math.abs(Math.log1p(expected) - Math.log1p(measured)),
      hours: sum.hours + 1,
    });
  }
  const furthest = [...found.values()]
    .filter(({ hours: count }) => count >= leastHours)
    .map((sum) => ({ ...sum, error: sum.error / sum.hours }))
    .sort((a, b) => b.error - a.error)
    .slice(0, mostOff);
  const uses = furthest.length === 0 ? new Map<number, string>() : await primaryUses(storage, bucket, day);
  return furthest.map((figure) => ({ ...figure, primaryUse: uses.get(figure.building) }));
}

async function primaryUses(storage: Lake, bucket: string, day: string): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  const wanted = { building_id: "number", primary_use: "text" } as const;
  for await (const { rows, columns } of tablesOfDay(storage, bucket, "use_by_day", day, wanted)) {
    for (let row = 0; row < rows; row++) {
      const use = columns.primary_use[row];
      if (typeof use === "string") found.set(columns.building_id[row] ?? NaN, use);
    }
  }
  return found;
}

async function silentOf(storage: Lake, bucket: string): Promise<SilentFigure[]> {
  const last = new Map<string, Series & { hour: number }>();
  const wanted = {
    building_id: "number",
    meter: "number",
    city: "text",
    primary_use: "text",
    hour: "number",
  } as const;
  const days = (await daysOf(storage, bucket, "use_by_hour")).slice(-daysLookedAt);
  for (const day of days) {
    for await (const { rows, columns } of tablesOfDay(storage, bucket, "use_by_hour", day, wanted)) {
      for (let row = 0; row < rows; row++) {
        const building = columns.building_id[row] ?? NaN;
        const meter = columns.meter[row] ?? NaN;
        const hour = columns.hour[row] ?? NaN;
        const key = `${building} ${meter}`;
        if ((last.get(key)?.hour ?? -Infinity) >= hour) continue;
        last.set(key, {
          building,
          meter,
          city: columns.city[row] ?? "",
          primaryUse: columns.primary_use[row] ?? undefined,
          hour,
        });
      }
    }
  }
  const byCityName = Map.groupBy(last.values(), ({ city }) => city);
  const silent = [...byCityName.values()].flatMap((series) => {
    const hours = series.map(({ hour }) => hour).sort((a, b) => a - b);
    const half = hours[Math.floor((hours.length - 1) / 2)] ?? NaN;
    return series.flatMap(({ hour, ...one }) => {
      const behind = (half - hour) / millisecondsOfHour;
      return behind >= silentHours ? [{ ...one, since: hour + millisecondsOfHour, hours: behind }] : [];
    });
  });
  return silent.sort((a, b) => b.hours - a.hours || a.building - b.building);
}

function byCity(a: { city: string; meter: number }, b: { city: string; meter: number }): number {
  return a.city === b.city ? a.meter - b.meter : a.city < b.city ? -1 : 1;
}
