import { cities, elements, runs } from "../data-sets/columns.ts";
import { latestDays } from "../definition/controls.ts";
import { filterOthers } from "../definition/actions.ts";
import { by, byTime, greatest, latest, sum, value } from "../definition/fields.ts";
import { only } from "../definition/filters.ts";
import { decimal, rounded } from "../definition/formats.ts";
import { row, sheet, type SheetPlan } from "../definition/sheet.ts";
import { barChart } from "../definition/visuals/bar-chart.ts";
import { kpi } from "../definition/visuals/kpi.ts";
import { table } from "../definition/visuals/table.ts";
import { type SheetContext, sheetIds } from "./context.ts";
import { city } from "./controls.ts";

/** Is the pipeline well? */
export function pipeline({ palette }: SheetContext): SheetPlan {
  const number = sum(elements, "elements", { label: "Elements", format: decimal(0) });
  const start = value(runs, "forecast_start", "Forecast from, UTC");
  const behind = value(cities, "behind_hours", "Hours behind", decimal(0));
  return sheet({
    id: sheetIds.pipeline,
    name: "Pipeline",
    question: "Is the pipeline well?",
    description:
      "Every reading and observation that was accepted is stored, dropped by an activity, or rejected for a reason; here by its day of arrival, UTC.",
    controls: [city, latestDays],
    rows: [
      row(
        5,
        kpi("stored", {
          title: "Stored",
          value: sum(elements, "elements", { label: "Stored", format: rounded() }),
        }),
        kpi("rejected", { title: "Rejected", value: number }),
        kpi("last-arrival", { title: "Last arrival, UTC", value: latest(cities, "last_arrival", "Last arrival") }),
        kpi("furthest-behind", {
          title: "City that is furthest behind",
          subtitle: "its last reading behind the latest of all",
          value: greatest(cities, "behind_hours", { label: "Behind", format: decimal(0, "h") }),
        }),
      ),
      row(
        10,
        barChart("ends-per-day", {
          title: "What became of what arrived",
          category: byTime(elements, "day", "DAY", "Day of arrival, UTC"),
          values: [number],
          color: by(elements, "ended", "Ended"),
          axis: "Readings and observations",
          actions: [filterOthers("Only this day", "day")],
        }),
        table("causes", {
          title: "What was not stored, and why",
          by: [
            by(elements, "pipeline", "Pipeline"),
            by(elements, "ended", "Ended"),
            by(elements, "cause", "Activity or reason"),
            by(elements, "city", "City"),
          ],
          values: [number],
          sort: { column: number, direction: "DESC" },
        }),
      ),
      row(
        9,
        table("freshness", {
          title: "How fresh the data are",
          values: [
            value(cities, "city", "City"),
            value(cities, "last_reading", "Last reading, the city's clock"),
            value(cities, "zone", "Zone"),
            behind,
            value(cities, "last_arrival", "Last arrival, UTC"),
            value(cities, "forecast_end", "Forecast up to, the city's clock"),
            value(cities, "meters", "Meters", decimal(0)),
          ],
          sort: { column: behind, direction: "DESC" },
          emphases: [{ column: behind, when: "{behind_hours} >= 24", color: palette.danger }],
        }),
        table("runs", {
          title: "Runs that made the forecasts",
          values: [
            value(runs, "run", "Run"),
            start,
            value(runs, "forecast_end", "Up to, UTC"),
            value(runs, "cities", "Cities", decimal(0)),
            value(runs, "series", "Meters", decimal(0)),
            value(runs, "predictions", "Predictions", decimal(0)),
            value(runs, "model", "Model"),
          ],
          sort: { column: start, direction: "DESC" },
        }),
      ),
    ],
    fixed: [
      { id: "stored-only", visuals: ["stored"], filter: only(elements, "ended", ["stored"]) },
      { id: "rejected-only", visuals: ["rejected"], filter: only(elements, "ended", ["rejected"]) },
      { id: "not-stored", visuals: ["causes"], filter: only(elements, "ended", ["stored"], "others") },
    ],
  });
}
