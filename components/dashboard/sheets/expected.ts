import { errors, forecasts } from "../data-sets/columns.ts";
import { goTo } from "../definition/actions.ts";
import { average, by, byTime, greatest, sum, value } from "../definition/fields.ts";
import { only } from "../definition/filters.ts";
import { decimal, rounded } from "../definition/formats.ts";
import { row, sheet, type SheetPlan } from "../definition/sheet.ts";
import { barChart } from "../definition/visuals/bar-chart.ts";
import { comboChart } from "../definition/visuals/combo-chart.ts";
import { heatMap } from "../definition/visuals/heat-map.ts";
import { kpi } from "../definition/visuals/kpi.ts";
import { lineChart } from "../definition/visuals/line-chart.ts";
import { table } from "../definition/visuals/table.ts";
import { type SheetContext, sheetIds } from "./context.ts";
import { usual } from "./controls.ts";

const mostBuildings = 8;

/** What is expected, and how wrong was it lately? */
export function expectedSheet({ unit, palette }: SheetContext): SheetPlan {
  const expected = sum(forecasts, "expected", { label: "Expected", format: decimal(0, unit) });
  const measured = sum(forecasts, "measured", { label: "Measured", format: decimal(0, unit) });
  const mean = average(forecasts, "expected", { label: "Mean expected use", format: decimal(1, unit) });
  const since = value(errors, "drifted_since", "Past the limit since");
  return sheet({
    id: sheetIds.expected,
    name: "Expected",
    question: "What is expected, and how wrong was it lately?",
    description:
      "The error is RMSLE: the root of the mean square of ln(1 + expected) - ln(1 + measured), over the week that ends with a day.",
    controls: usual,
    rows: [
      row(
        10,
        [
          lineChart("expected-hours", {
            title: "Expected of the hours ahead",
            x: byTime(forecasts, "hour", "HOUR", "Hour, the city's clock"),
            values: [expected],
            color: by(forecasts, "meter_type", "Meter type"),
            axis: `Expected use per hour (${unit})`,
          }),
          24,
        ],
        barChart("expected-cities", {
          title: "Where it is expected",
          category: by(forecasts, "city", "City"),
          values: [expected],
          color: by(forecasts, "meter_type", "Meter type"),
          axis: `Expected use of the hours ahead (${unit})`,
          orientation: "HORIZONTAL",
          sort: "value",
          actions: [goTo(sheetIds.hours, "Its hours", { City: { column: "city" } })],
        }),
      ),
      row(
        10,
        comboChart("measured-days", {
          title: "Measured and expected per day",
          subtitle: "hours that have both; the line says how far off the mean meter was",
          category: byTime(forecasts, "day", "DAY", "Day, the city's clock"),
          bars: [measured, expected],
          lines: [average(forecasts, "off", { label: "Off by, mean of a meter", format: decimal(1, unit) })],
          axis: `Use per day (${unit})`,
          lineAxis: `Off by per hour (${unit})`,
        }),
        lineChart("error-weeks", {
          title: "Error of the week up to each day",
          subtitle: "mean of the chosen cities",
          x: byTime(errors, "day", "DAY", "Day, UTC"),
          values: [average(errors, "rmsle", { label: "Error", format: decimal(3) })],
          color: by(errors, "meter_type", "Meter type"),
          axis: "Error (RMSLE)",
        }),
      ),
      row(
        9,
        kpi("worst-ratio", {
          title: "Worst error beside the model's own",
          subtitle: "1 is as good as when the model was made",
          value: greatest(errors, "latest_ratio", { label: "Ratio", format: rounded() }),
        }),
        heatMap("error-where", {
          title: "Error of the latest week",
          rows: by(errors, "city", "City"),
          columns: by(errors, "meter_type", "Meter type"),
          value: average(errors, "latest_rmsle", { label: "Error (RMSLE)", format: decimal(3) }),
          colors: palette.amounts,
        }),
        table("drifted", {
          title: "Past what is allowed",
          subtitle: "a reason to train the model anew",
          values: [
            value(errors, "city", "City"),
            value(errors, "meter_type", "Meter type"),
            value(errors, "day", "Week up to"),
            value(errors, "ratio", "Times the model's own error", decimal(2)),
            since,
          ],
          sort: { column: since, direction: "ASC" },
        }),
      ),
      row(
        10,
        barChart("expected-weeks", {
          title: "Weekly mean of the expected use",
          subtitle: `chosen buildings side by side, at most ${mostBuildings}`,
          category: byTime(forecasts, "hour", "WEEK", "Week from Monday"),
          values: [mean],
          color: by(forecasts, "building", "Building"),
          axis: `Mean expected use per hour (${unit})`,
          arrangement: "CLUSTERED",
          colors: mostBuildings,
        }),
        lineChart("expected-days", {
          title: "Daily mean of the expected use",
          subtitle: `chosen buildings side by side, at most ${mostBuildings}`,
          x: byTime(forecasts, "hour", "DAY", "Day, the city's clock"),
          values: [mean],
          color: by(forecasts, "building", "Building"),
          axis: `Mean expected use per hour (${unit})`,
          limit: mostBuildings,
        }),
      ),
    ],
    fixed: [
      {
        id: "only-ahead",
        visuals: ["expected-hours", "expected-cities"],
        filter: only(forecasts, "kind", ["ahead"]),
      },
      { id: "only-drifted", visuals: ["drifted"], filter: only(errors, "drift", ["drifted"]) },
      { id: "only-measured", visuals: ["measured-days"], filter: only(forecasts, "kind", ["measured"]) },
    ],
  });
}
