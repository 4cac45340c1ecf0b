import type { DatasetDefinition } from "../datasets/dataset.ts";
import { dateOf, dayOf, dayOfInstant, daysOf, rangesOf, type DayRange } from "../run/days.ts";
import {
  arrivalsByDay,
  pendingOf,
  readDatasetNotes,
  readForecastNotes,
  readMarks,
  writeDatasetNotes,
} from "../run/marks.ts";
import { RunError } from "../run/run-error.ts";
import { parseLocation, type Storage } from "../storage/index.ts";
import type { PlanConfig } from "./config.ts";
import { datasetItems, type Refresh } from "./dataset-items.ts";
import type { ComparisonsEvent, DatasetItem, DatasetsEvent, Run } from "./events.ts";
import { resultRows } from "./result-rows.ts";
import { named, triggeredBy } from "./selection.ts";
import { instantOf, millisecondsOfHour } from "./window.ts";

/** Days that one run makes anew at most; the rest is left for the next. */
const runDays = 360;

/**
 * Characters of the items: a state's input is 256 KiB at most
 * (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html), and holds the run beside them.
 */
const longestItems = 150_000;

/** What is to be made anew of the datasets, after a look at what arrived. @throws RunError */
export async function planDatasets(
  config: PlanConfig,
  storage: Pick<Storage, "find" | "get" | "put">,
  { run, result }: DatasetsEvent,
): Promise<DatasetItem[]> {
  const { bucket } = config;
  const today = dayOfInstant(Date.parse(run.startedAt));
  if (run.datasets !== undefined && run.from !== undefined) {
    const window = dayWindow(run.from, run.to);
    const selected = named(config.datasets, run.datasets);
    const days = new Map([...daysOf([window])].map((day) => [day, config.firstArrival]));
    const { items } = fitting(config, selected, { ...refreshOf(run, today, days), rebuild: true, window });
    await writeDatasetNotes(storage, bucket, run.id, { touched: [window] });
    return items;
  }
  const marks = await readMarks(storage, bucket);
  const taken = run.datasets === undefined ? marks.pending : [];
  const days = arrivalsByDay(taken);
  const arrivals = arrivalsOf(await text(storage, result));
  // Once a day what the last days brought is made anew whatever was seen: should runs that met each other have left a row
  // out, it comes in then.
  const seen = marks.arrivedThrough === dateOf(today) ? marks.seen : undefined;
  for (const { key, day, elements } of arrivals) {
    if (seen?.[key] !== elements && !days.has(day)) days.set(day, run.arrivedFrom);
  }
  const selected =
    run.datasets === undefined ? triggeredBy(config.datasets, "arrivals") : named(config.datasets, run.datasets);
  const { items, made } = fitting(config, selected, refreshOf(run, today, days));
  const left = new Map([...days].filter(([day]) => !made.has(day)));
  await writeDatasetNotes(storage, bucket, run.id, {
    touched: rangesOf(made),
    ...(run.datasets === undefined
      ? {
          marks: {
            arrivedThrough: dateOf(today),
            version: run.version,
            seen: Object.fromEntries(arrivals.map(({ key, elements }) => [key, elements])),
            taken,
            pending: pendingOf(left),
          },
        }
      : {}),
  });
  return items;
}

/** What is to be made anew of the comparisons, after predictions. */
export async function planComparisons(
  config: PlanConfig,
  storage: Pick<Storage, "get">,
  { run }: ComparisonsEvent,
): Promise<DatasetItem[]> {
  const { touched } = await readDatasetNotes(storage, config.bucket, run.id);
  const { window } = await readForecastNotes(storage, config.bucket, run.id);
  const predicted = {
    from: dateOf(dayOfInstant(Date.parse(window.from))),
    to: dateOf(dayOfInstant(Date.parse(window.to) - millisecondsOfHour) + 1),
  };
  const days = new Map([...daysOf([...touched, predicted])].map((day) => [day, run.arrivedFrom]));
  const today = dayOfInstant(Date.parse(run.startedAt));
  return fitting(config, triggeredBy(config.datasets, "predictions"), refreshOf(run, today, days)).items;
}

function refreshOf(run: Run, today: number, days: ReadonlyMap<number, string>): Refresh {
  const { version, scheduleTime } = run;
  return { version, scheduleTime, days, today, rebuild: false, named: run.datasets ?? [] };
}

/** The items of the latest days that one run can make, and which days these are. */
function fitting(
  config: PlanConfig,
  selected: readonly DatasetDefinition[],
  refresh: Refresh,
): { items: DatasetItem[]; made: Set<number> } {
  let latest = [...refresh.days].sort(([a], [b]) => b - a).slice(0, runDays);
  for (;;) {
    const items = datasetItems(config, selected, { ...refresh, days: new Map(latest) });
    const fits = JSON.stringify(items).length <= longestItems;
    const made = new Set(latest.map(([day]) => day));
    if (refresh.rebuild && (!fits || made.size < refresh.days.size)) {
      throw new RunError(
        "InvalidWindow",
        `One run makes ${runDays} days at most; ask for fewer days or fewer datasets.`,
      );
    }
    if (fits) return { items, made };
    if (latest.length <= 1) {
      throw new RunError(
        "InvalidInput",
        "The statements of a single day are too long for a state of the state machine.",
      );
    }
    latest = latest.slice(0, Math.ceil(latest.length / 2));
  }
}

/** @throws RunError InvalidWindow */
function dayWindow(from: string, to: string | undefined): DayRange {
  const [first, end] = [instantOf("from", from), to === undefined ? undefined : instantOf("to", to)];
  const window = {
    from: dateOf(dayOfInstant(first)),
    to: dateOf(end === undefined ? dayOfInstant(first) + 1 : dayOfInstant(end)),
  };
  for (const instant of [first, end ?? first]) {
    if (instant % (24 * millisecondsOfHour) !== 0) {
      throw new RunError(
        "InvalidWindow",
        `Datasets are made by whole days, UTC: "from" and "to" must be dates, not ${new Date(instant).toISOString()}.`,
      );
    }
  }
  if (dayOf(window.to) <= dayOf(window.from)) {
    throw new RunError(
      "InvalidWindow",
      `"to" (${window.to}) must be after "from" (${window.from}); it is not in the window.`,
    );
  }
  return window;
}

/** The rows of the dataset arrivals, each with what the marks know it by. */
function arrivalsOf(csv: string): { key: string; day: number; elements: number }[] {
  return resultRows(csv, ["pipeline", "arrived", "day", "elements"]).flatMap(({ pipeline, arrived, day, elements }) =>
    day === null ? [] : [{ key: `${pipeline} ${arrived} ${day}`, day: dayOf(day), elements: Number(elements) }],
  );
}

async function text(storage: Pick<Storage, "get">, url: string): Promise<string> {
  return new TextDecoder().decode((await storage.get(parseLocation(url))).bytes);
}
