import type { Storage } from "../storage/index.ts";
import { dayOf, dateOf, type DayRange } from "./days.ts";
import { marksKey, workFolder } from "./layout.ts";
import { RunError } from "./run-error.ts";

/** Days that are to be made anew, from what arrived since a date. */
export interface PendingDays extends DayRange {
  arrivedFrom: string;
}

/** How far runs have come. */
export interface Marks {
  /** Date up to which everything that arrived has been processed. */
  arrivedThrough?: string;
  /** Days that runs left for later ones. */
  pending: PendingDays[];
  /** How many elements had arrived, by `<pipeline> <day of arrival> <event day>`, when the latest run looked. */
  seen?: Record<string, number>;
  /** The version of that run. */
  version?: string;
  /** Date on which versions were last retired. */
  retiredOn?: string;
}

/** What the step "datasets" leaves for later steps of its run. */
export interface DatasetNotes {
  /** Days of which something arrived. */
  touched: DayRange[];
  /** What is to be marked once the datasets are made; none for a run of single datasets. */
  marks?: {
    arrivedThrough: string;
    version: string;
    seen: Record<string, number>;
    /** Of what was pending, what this run has taken upon it. */
    taken: PendingDays[];
    pending: PendingDays[];
  };
}

/** What the step "forecasts" leaves for later steps of its run. */
export interface ForecastNotes {
  window: { from: string; to: string };
  /** ISO 8601, the first hours of a city's forecasts. */
  forecasts: { city: string; starts: string[] }[];
}

export const noMarks: Marks = { pending: [] };

export async function readMarks(storage: Pick<Storage, "find">, bucket: string): Promise<Marks> {
  const object = await storage.find({ bucket, key: marksKey });
  return object === undefined ? noMarks : (json(object.bytes) as Marks);
}

/** How often a replacement is tried, before the run gives way: each try is lost to another run's write only. */
const attempts = 10;

/**
 * Changes the marks, whatever other runs do at the same time.
 *
 * @throws RunError Contention
 */
export async function changeMarks(
  storage: Pick<Storage, "find" | "put">,
  bucket: string,
  change: (marks: Marks) => Marks,
): Promise<Marks> {
  const location = { bucket, key: marksKey };
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await storage.find(location);
    const changed = change(found === undefined ? noMarks : (json(found.bytes) as Marks));
    const condition = found === undefined ? { ifAbsent: true } : { ifMatch: found.etag };
    const body = JSON.stringify(changed, undefined, 2);
    if (await storage.put(location, body, { ...condition, contentType: "application/json" })) return changed;
  }
  throw new RunError(
    "Contention",
    `s3://${bucket}/${marksKey} was changed by others ${attempts} times in a row; run it again when fewer runs are under way.`,
  );
}

/**
 * Marks after a run: never back in time, and with what it left. What was seen is what the run saw that began last: of two at
 * once its datasets are the current ones, though the other may have looked later, and seen more.
 */
export function marksAfter(marks: Marks, made: NonNullable<DatasetNotes["marks"]>): Marks {
  const { arrivedThrough, taken, pending, version, seen } = made;
  const arrivals = arrivalsByDay(marks.pending);
  for (const [day, arrivedFrom] of arrivalsByDay(taken)) if (arrivals.get(day) === arrivedFrom) arrivals.delete(day);
  for (const [day, arrivedFrom] of arrivalsByDay(pending)) {
    const known = arrivals.get(day);
    if (known === undefined || arrivedFrom < known) arrivals.set(day, arrivedFrom);
  }
  const through = marks.arrivedThrough;
  const isLatest = marks.version === undefined || marks.version <= version;
  return {
    ...marks,
    ...(isLatest ? { version, seen } : {}),
    arrivedThrough: through !== undefined && through > arrivedThrough ? through : arrivedThrough,
    pending: pendingOf(arrivals),
  };
}

/** The days that are pending, each with the date from which on its arrivals are to be looked at. */
export function arrivalsByDay(pending: readonly PendingDays[]): Map<number, string> {
  const arrivals = new Map<number, string>();
  for (const { from, to, arrivedFrom } of pending) {
    for (let day = dayOf(from); day < dayOf(to); day++) {
      const known = arrivals.get(day);
      if (known === undefined || arrivedFrom < known) arrivals.set(day, arrivedFrom);
    }
  }
  return arrivals;
}

export function pendingOf(arrivals: ReadonlyMap<number, string>): PendingDays[] {
  const ranges: { from: number; to: number; arrivedFrom: string }[] = [];
  for (const [day, arrivedFrom] of [...arrivals].sort(([a], [b]) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last.to === day && last.arrivedFrom === arrivedFrom) last.to = day + 1;
    else ranges.push({ from: day, to: day + 1, arrivedFrom });
  }
  return ranges.map(({ from, to, arrivedFrom }) => ({ from: dateOf(from), to: dateOf(to), arrivedFrom }));
}

export async function writeDatasetNotes(
  storage: Pick<Storage, "put">,
  bucket: string,
  run: string,
  notes: DatasetNotes,
): Promise<void> {
  await storage.put({ bucket, key: `${workFolder(run)}/datasets.json` }, JSON.stringify(notes));
}

export async function readDatasetNotes(
  storage: Pick<Storage, "get">,
  bucket: string,
  run: string,
): Promise<DatasetNotes> {
  return json((await storage.get({ bucket, key: `${workFolder(run)}/datasets.json` })).bytes) as DatasetNotes;
}

export async function writeForecastNotes(
  storage: Pick<Storage, "put">,
  bucket: string,
  run: string,
  notes: ForecastNotes,
): Promise<void> {
  await storage.put({ bucket, key: `${workFolder(run)}/forecasts.json` }, JSON.stringify(notes));
}

export async function readForecastNotes(
  storage: Pick<Storage, "get">,
  bucket: string,
  run: string,
): Promise<ForecastNotes> {
  return json((await storage.get({ bucket, key: `${workFolder(run)}/forecasts.json` })).bytes) as ForecastNotes;
}

function json(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}
