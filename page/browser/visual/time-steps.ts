import type { VisualColumn } from "../../api.ts";
import { timeText } from "../format.ts";

type Granularity = NonNullable<VisualColumn["granularity"]>;

const hour = 3_600_000;
const day = 24 * hour;

/** More steps than a chart can show: then only those that have rows. */
const mostSteps = 20_000;

/** A Monday: days are counted from it, so that each seventh begins a week. */
const monday = Date.UTC(1969, 11, 29);

/** Where a step that begins at a time ends. Times are what a clock shows, as if it were UTC's. */
export function stepEnd(from: number, granularity: Granularity): number {
  switch (granularity) {
    case "HOUR":
      return from + hour;
    case "DAY":
      return from + day;
    case "WEEK":
      return from + 7 * day;
    case "MONTH": {
      const date = new Date(from);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    }
  }
}

/** All steps from the earliest to the latest, so that a gap has its width. */
export function everyStep(times: readonly number[], granularity: Granularity): number[] {
  const sorted = times.toSorted((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return [];
  const steps: number[] = [];
  for (let step = first; step <= last; step = stepEnd(step, granularity)) {
    if (steps.push(step) > mostSteps) return sorted;
  }
  return steps;
}

const hourStrides = [1, 2, 3, 6, 12];
const dayStrides = [1, 2, 7, 14, 28, 56, 91, 182];

/**
 * The steps that have a label on the axis: evenly spaced at round times.
 *
 * @param most labels that there is room for
 * @returns labels by index
 */
export function timeTicks(
  steps: readonly number[],
  granularity: Granularity,
  most: number,
): ReadonlyMap<number, string> {
  const strides =
    granularity === "HOUR"
      ? [...hourStrides.map((hours) => hours * hour), ...dayStrides.map((days) => days * day)]
      : dayStrides.map((days) => days * day);
  const fits = (stride: number) => steps.filter((step) => isAt(step, stride)).length <= Math.max(2, most);
  if (granularity === "MONTH") {
    const every = Math.ceil(steps.length / Math.max(2, most));
    return labelled(
      steps,
      (_, index) => index % every === 0,
      () => "MMM YYYY",
    );
  }
  const shortest = { HOUR: hour, DAY: day, WEEK: 7 * day }[granularity];
  const stride = strides.find((one) => one >= shortest && fits(one)) ?? Infinity;
  const found = labelled(steps, (step) => isAt(step, stride), patternOf(stride));
  return found.size > 0 ? found : labelled(steps, (_, index) => index === 0, patternOf(stride));
}

function patternOf(stride: number): (step: number) => string {
  return (step) => (stride >= day || (step - monday) % day === 0 ? "MMM D" : "HH:mm");
}

function isAt(step: number, stride: number): boolean {
  return (step - monday) % stride === 0;
}

function labelled(
  steps: readonly number[],
  isLabelled: (step: number, index: number) => boolean,
  pattern: (step: number) => string,
): Map<number, string> {
  return new Map(
    steps.flatMap((step, index): [number, string][] =>
      isLabelled(step, index) ? [[index, timeText(step, pattern(step))]] : [],
    ),
  );
}
