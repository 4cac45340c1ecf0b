import { forecasts } from "../data-sets/columns.ts";
import { filterOthers, goTo } from "../definition/actions.ts";
import { by, byNumber, byTime, median, sum } from "../definition/fields.ts";
import { only } from "../definition/filters.ts";
import { decimal, percent } from "../definition/formats.ts";
import { row, sheet, type SheetPlan } from "../definition/sheet.ts";
import { barChart } from "../definition/visuals/bar-chart.ts";
import { heatMap } from "../definition/visuals/heat-map.ts";
import { lineChart } from "../definition/visuals/line-chart.ts";
import { table } from "../definition/visuals/table.ts";
import { type SheetContext, sheetIds } from "./context.ts";
import { usual } from "./controls.ts";

const visuals = ["off-buildings", "off-hours", "off-cities", "off-days", "off-table"] as const;

/** Where and when do measured and expected use differ? */
export function differences({ unit, palette }: SheetContext): SheetPlan {
  const off = sum(forecasts, "off", { label: `Off by (${unit})`, format: decimal(0) });
  const share = median(forecasts, "difference_share", { label: "Measured less expected, median", format: percent(0) });
  const toHours = goTo(sheetIds.hours, "Its hours", { Building: { column: "building" } });
  return sheet({
    id: sheetIds.differences,
    name: "Differences",
    question: "Where and when do measured and expected use differ?",
    description:
      "Shares are of a meter's mean expected use: red where more was measured than expected, blue where less. Click a row or a column to narrow the sheet, a building to see its hours.",
    controls: usual,
    rows: [
      row(
        12,
        barChart("off-buildings", {
          title: "Buildings that were most off",
          subtitle: "sum of the distances of all hours",
          category: by(forecasts, "building", "Building"),
          values: [off],
          color: by(forecasts, "meter_type", "Meter type"),
          axis: `Off by (${unit})`,
          orientation: "HORIZONTAL",
          sort: "value",
          limit: 20,
          actions: [toHours],
        }),
        heatMap("off-hours", {
          title: "When: hour and weekday",
          rows: by(forecasts, "weekday", "Weekday"),
          columns: byNumber(forecasts, "hour_of_day", "Hour of the day, the city's clock"),
          value: share,
          colors: palette.differences,
          rowOrder: { DataSetIdentifier: forecasts.identifier, ColumnName: "weekday_number" },
          actions: [filterOthers("Only this weekday and hour", "weekday", "hour_of_day")],
        }),
      ),
      row(
        9,
        heatMap("off-cities", {
          title: "Where: city and meter type",
          rows: by(forecasts, "city", "City"),
          columns: by(forecasts, "meter_type", "Meter type"),
          value: share,
          colors: palette.differences,
          actions: [filterOthers("Only this city and meter type", "city", "meter_type")],
        }),
        lineChart("off-days", {
          title: "Measured less expected per day",
          x: byTime(forecasts, "day", "DAY", "Day, the city's clock"),
          values: [share],
          color: by(forecasts, "meter_type", "Meter type"),
          axis: "Share of the mean expected use",
          from: "data",
          levels: [{ value: 0, label: "as expected" }],
        }),
      ),
      row(
        10,
        table("off-table", {
          title: "Building by building",
          by: [
            by(forecasts, "building", "Building"),
            by(forecasts, "city", "City"),
            by(forecasts, "meter_type", "Meter type"),
          ],
          values: [
            sum(forecasts, "measured", { label: `Measured (${unit})`, format: decimal(0) }),
            sum(forecasts, "expected", { label: `Expected (${unit})`, format: decimal(0) }),
            sum(forecasts, "difference", { label: `Difference (${unit})`, format: decimal(0) }),
            share,
            off,
          ],
          sort: { column: off, direction: "DESC" },
          actions: [toHours],
        }),
      ),
    ],
    fixed: [{ id: "compared", visuals, filter: only(forecasts, "kind", ["measured"]) }],
  });
}
