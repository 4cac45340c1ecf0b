import { meterTypeOf } from "./meter-types.ts";
import { allCities, type MonitoredWeek } from "./monitor.ts";

/** Hours of series with an error below which a week says nothing yet: one series over a week. */
export const fewestElements = 168;

/** SNS takes 100 characters of ASCII (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). */
const longestSubject = 100;

/** SNS takes 256 KB; a message is for people. */
const mostCities = 20;

export interface Drift {
  drifted: boolean;
  subject: string;
  message: string;
}

/**
 * What to tell of the latest weeks: which meter types are past the threshold, since when, in which cities, and what to do. A
 * meter type has drifted when all cities together have; a city that has always been hard to predict raises no alarm.
 *
 * @param threshold 0.25 for 25 %
 */
export function driftOf(weeks: readonly MonitoredWeek[], environment: string, threshold: number): Drift {
  const isPast = ({ ratio, elements }: MonitoredWeek) => ratio > 1 + threshold && elements >= fewestElements;
  const drifted = weeks.filter((week) => week.city === allCities && isPast(week));
  if (drifted.length === 0) return { drifted: false, subject: "", message: "" };
  const types = drifted.map(({ meter }) => meterTypeOf(meter));
  const paragraphs = drifted.map((week) => {
    const cities = weeks
      .filter((one) => one.meter === week.meter && one.city !== allCities && isPast(one))
      .sort((a, b) => b.ratio - a.ratio);
    const named = cities
      .slice(0, mostCities)
      .map(
        ({ city, ratio, since, rmsle }) =>
          `${city} (RMSLE ${rmsle.toFixed(3)}, ${percent(ratio)} of the reference${sinceText(since)})`,
      );
    const more = cities.length > mostCities ? ` and ${cities.length - mostCities} more` : "";
    return [
      `${meterTypeOf(week.meter)}: RMSLE ${week.rmsle.toFixed(3)} in the week up to ${week.day}, ` +
        `${percent(week.ratio)} of the reference of ${week.reference.toFixed(3)}${sinceText(week.since)}. ` +
        `It predicts ${week.bias > 0 ? "too much" : "too little"} on average (bias ${week.bias.toFixed(3)}).`,
      named.length > 0 ? `Cities: ${named.join(", ")}${more}.` : "No single city is past the threshold by itself.",
    ].join("\n");
  });
  return {
    drifted: true,
    subject: `metercast ${environment}: ${types.join(", ")} drifted`.slice(0, longestSubject),
    message: [
      `The error of the predictions in environment ${environment} is more than ${(threshold * 100).toFixed(0)} % past what the model had when it was made.`,
      ...paragraphs,
      `If the meters are sound (look at readings_cleaned for quality), the model no longer fits: train one on the latest readings with "metercast model train", and deploy it.`,
    ].join("\n\n"),
  };
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(0)} %`;
}

function sinceText(since: string | undefined): string {
  return since === undefined ? "" : `, since ${since}`;
}
