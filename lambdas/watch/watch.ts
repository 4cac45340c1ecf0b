import { readForecastNotes } from "../run/marks.ts";
import type { Storage } from "../storage/index.ts";
import type { WatchConfig } from "./config.ts";
import { driftOf } from "./drift.ts";
import type { Watched, WatchEvent } from "./events.ts";
import { metricLines } from "./metrics.ts";
import { latestWeeks } from "./monitor.ts";
import { runErrors } from "./run-errors.ts";

const millisecondsOfHour = 3_600_000;

/**
 * What the readings say of the predictions: of the run's own, and of the latest week.
 *
 * @param log takes a line of the function's log
 * @param now epoch ms
 */
export function compileWatch(
  config: WatchConfig,
  storage: Pick<Storage, "find" | "get" | "list">,
  log: (line: string) => void,
  now: () => number,
): (event: WatchEvent) => Promise<Watched> {
  const { environment, bucket, driftThreshold } = config;
  return async ({ run }) => {
    const notes = await readForecastNotes(storage, bucket, run.id);
    const errors = await runErrors(storage, bucket, notes);
    const weeks = await latestWeeks(storage, bucket);
    const latest = run.from === undefined ? Date.parse(notes.window.to) - millisecondsOfHour : undefined;
    for (const line of metricLines(config, errors, weeks, latest, now())) log(line);
    return { ...driftOf(weeks, environment, driftThreshold), rmsle: errors.rmsle, rows: errors.rows };
  };
}
