import type { DatasetDefinition } from "../datasets/dataset.ts";
import { dateOf, dayOf, dayOfInstant } from "../run/days.ts";
import { currentFolder } from "../run/layout.ts";
import { readMarks } from "../run/marks.ts";
import { RunError } from "../run/run-error.ts";
import type { Storage } from "../storage/index.ts";
import type { PlanConfig } from "./config.ts";
import { fixedValues, renderWith } from "./dataset-items.ts";
import type { BeginEvent, Run, RunInput } from "./events.ts";
import { named } from "./selection.ts";
import { forecastWindow, instantOf, isoOf } from "./window.ts";

/** A file is named by the arrival of its oldest record, and delivered up to a day later when a stream has to retry. */
const arrivalDays = 2;

/** Days that the latest hours are looked for in: the latest that have readings, and those before. */
const latestDays = 7;

/** No reading can be older: `ingestion.acceptFrom` of an environment is not before. */
const firstDay = "2000-01-01";

/** The datasets that a run asks about what has arrived and what there is. */
export function question(config: PlanConfig, name: string): DatasetDefinition {
  const found = config.datasets.find((dataset) => dataset.name === name);
  if (found === undefined)
    throw new RunError("UnknownDataset", `The run needs the dataset ${name}, which there is not.`);
  return found;
}

/** @throws RunError UnknownDataset, InvalidWindow, InvalidInput */
export async function begin(
  config: PlanConfig,
  storage: Pick<Storage, "find" | "list">,
  { execution, input }: BeginEvent,
): Promise<Run> {
  const asked = checkedInput(config, input);
  const started = Date.parse(execution.startTime);
  const today = dayOfInstant(started);
  const marks = await readMarks(storage, config.bucket);
  const { arrivedThrough } = marks;
  const arrivedFrom = arrivedThrough === undefined ? config.firstArrival : dateOf(dayOf(arrivedThrough) - arrivalDays);
  // A query over days that are yet to come reads nothing.
  const lookedAt = asksForArrivals(config, asked) ? arrivedFrom : dateOf(today + 2);
  const window = await latestWindow(config, storage, asked, today);
  return {
    ...asked,
    id: execution.name,
    version: versionOf(started, execution.name),
    startedAt: isoOf(started),
    scheduleTime: isoOf(asked.scheduleTime === undefined ? started : Date.parse(asked.scheduleTime)),
    arrivedFrom,
    arrivals: { sql: renderWith(question(config, "arrivals"), { arrived_from: lookedAt }) },
    latestHours: { sql: renderWith(question(config, "latest_hours"), { ...fixedValues(config), ...window }) },
  };
}

/** 20181203T100000000Z-<name>: sorts by time; of the name what may stand in a key and a text of SQL. */
export function versionOf(started: number, name: string): string {
  const stamp = new Date(started).toISOString().replaceAll(/[-:.]/g, "");
  return `${stamp}-${name.replaceAll(/[^A-Za-z0-9_.-]/g, "_")}`;
}

/** What the console, and an execution that starts another, put beside the input: AWS's own, and nothing of ours. */
const consoleKeys = /^(Comment|AWS_STEP_FUNCTIONS_.*)$/;

/** A year. */
const mostBacktestHours = 366 * 24;

type Asked = Pick<RunInput, "from" | "to" | "backtestHours" | "datasets" | "scheduleTime">;

/** What an execution is started with comes from people, too. */
function checkedInput(config: PlanConfig, input: RunInput): Asked {
  const { from, to, backtestHours, datasets, scheduleTime } = input;
  const refuse = (what: string): never => {
    throw new RunError("InvalidInput", `The input of the execution: ${what}.`);
  };
  const known = ["from", "to", "backtestHours", "datasets", "scheduleTime"];
  for (const key of Object.keys(input)) {
    if (!known.includes(key) && !consoleKeys.test(key)) refuse(`there is no "${key}"; there are ${known.join(", ")}`);
  }
  for (const [key, value] of Object.entries({ from, to, scheduleTime })) {
    if (value !== undefined && typeof value !== "string")
      refuse(`"${key}" must be a text, not ${JSON.stringify(value)}`);
  }
  if (scheduleTime !== undefined && Number.isNaN(Date.parse(scheduleTime))) {
    refuse(`"scheduleTime" must be an instant such as 2018-12-10T06:00:00Z, not "${scheduleTime}"`);
  }
  const isCount = Number.isSafeInteger(backtestHours) && Number(backtestHours) >= 0;
  if (backtestHours !== undefined && !(isCount && backtestHours <= mostBacktestHours)) {
    refuse(
      `"backtestHours" must be a whole number of hours up to ${mostBacktestHours}, not ${JSON.stringify(backtestHours)}`,
    );
  }
  if (to !== undefined && from === undefined) {
    throw new RunError("InvalidWindow", `"to" is ${to}, and there is no "from": give both, or neither.`);
  }
  if (datasets !== undefined) {
    if (!Array.isArray(datasets) || datasets.length === 0 || !datasets.every((name) => typeof name === "string")) {
      refuse('"datasets" must be a list of names');
    }
    named(config.datasets, datasets);
  } else if (from !== undefined) {
    forecastWindow(from, to, config.horizonHours);
    if (backtestHours !== undefined)
      refuse('"backtestHours" goes back from the latest hours; with "from" it has no meaning');
  }
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(backtestHours === undefined ? {} : { backtestHours }),
    ...(datasets === undefined ? {} : { datasets }),
    ...(scheduleTime === undefined ? {} : { scheduleTime }),
  };
}

/** Days that are asked for are made anew whatever arrived; so are the windows of datasets that have one of their own. */
function asksForArrivals(config: PlanConfig, { datasets, from }: Asked): boolean {
  if (datasets === undefined) return true;
  return from === undefined && named(config.datasets, datasets).some(({ stored }) => stored === "by day");
}

/**
 * The days in which the latest hours are looked for. What is there is known by the manifests; what has just arrived may lie
 * behind it.
 */
async function latestWindow(
  config: PlanConfig,
  storage: Pick<Storage, "list">,
  { from, to, backtestHours = 0, datasets }: Asked,
  today: number,
): Promise<{ from: string; to: string }> {
  if (from !== undefined && datasets === undefined) {
    const asked = forecastWindow(from, to, config.horizonHours);
    const first = dayOfInstant(instantOf("from", from)) - config.historyDays;
    return { from: dateOf(first), to: dateOf(dayOfInstant(asked.to - 1) + 1) };
  }
  const days = await storedDays(config, storage, "readings_by_day");
  const last = days.at(-1);
  const back = latestDays + Math.ceil(backtestHours / 24);
  return { from: last === undefined ? firstDay : dateOf(dayOf(last) - back), to: dateOf(today + 2) };
}

/** The days of which a dataset has rows, in order. */
export async function storedDays(
  { bucket }: PlanConfig,
  storage: Pick<Storage, "list">,
  dataset: string,
): Promise<string[]> {
  const objects = await storage.list(bucket, `${currentFolder(dataset)}/`);
  return objects
    .filter(({ size }) => size > 0)
    .flatMap(({ key }) => /\/dt=(\d{4}-\d{2}-\d{2})\/manifest$/.exec(key)?.[1] ?? [])
    .sort();
}
