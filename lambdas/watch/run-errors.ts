import { readParquet } from "../parquet/index.ts";
import { dayOfInstant } from "../run/days.ts";
import type { ForecastNotes } from "../run/marks.ts";
import type { Storage } from "../storage/index.ts";
import { filesOfDay } from "./dataset-files.ts";
import type { Rmsle } from "./events.ts";
import { meterTypes } from "./meter-types.ts";

/** What a run predicted, beside what has been read since. */
export interface RunErrors {
  /** Predicted hours of series. */
  rows: number;
  /** Those that have a reading. */
  compared: number;
  rmsle: Rmsle;
}

/** The errors of a run's own forecasts, as predictions_vs_readings has them. */
export async function runErrors(
  storage: Pick<Storage, "find" | "get">,
  bucket: string,
  { window, forecasts }: ForecastNotes,
): Promise<RunErrors> {
  const starts = new Map<string, Set<number>>();
  for (const forecast of forecasts) {
    const known = starts.get(forecast.city) ?? new Set();
    for (const start of forecast.starts) known.add(Date.parse(start));
    starts.set(forecast.city, known);
  }
  let rows = 0;
  const [counts, squares] = [new Float64Array(meterTypes.length), new Float64Array(meterTypes.length)];
  const last = dayOfInstant(Date.parse(window.to) - 1);
  for (let day = dayOfInstant(Date.parse(window.from)); day <= last; day++) {
    for await (const file of filesOfDay(storage, bucket, "predictions_vs_readings", day)) {
      const table = await readParquet([file], {
        city: "text",
        meter: "number",
        forecast_start: "number",
        log_error: "number",
      });
      const { city, meter, forecast_start, log_error } = table.columns;
      for (let row = 0; row < table.rows; row++) {
        if (starts.get(city[row] ?? "")?.has(forecast_start[row] ?? NaN) !== true) continue;
        rows++;
        const error = log_error[row] ?? NaN;
        const code = meter[row] ?? -1;
        if (Number.isNaN(error) || !(code in counts)) continue;
        counts[code] = (counts[code] ?? 0) + 1;
        squares[code] = (squares[code] ?? 0) + error * error;
      }
    }
  }
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const rmsle: Rmsle = {};
  if (sum(counts) > 0) rmsle.overall = Math.sqrt(sum(squares) / sum(counts));
  for (const [code, type] of meterTypes.entries()) {
    const count = counts[code] ?? 0;
    if (count > 0) rmsle[type] = Math.sqrt((squares[code] ?? 0) / count);
  }
  return { rows, compared: sum(counts), rmsle };
}
