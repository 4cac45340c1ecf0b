import { forecasts, useByHour } from "../data-sets/columns.ts";
import { filterOthers } from "../definition/actions.ts";
import { average, by, byNumber, byTime, sum, value } from "../definition/fields.ts";
import { fromDay, toDay } from "../definition/controls.ts";
import { decimal } from "../definition/formats.ts";
import { row, sheet, type SheetPlan } from "../definition/sheet.ts";
import { heatMap } from "../definition/visuals/heat-map.ts";
import { lineChart } from "../definition/visuals/line-chart.ts";
import { table } from "../definition/visuals/table.ts";
import { type SheetContext, sheetIds } from "./context.ts";
import { building, city, meterType } from "./controls.ts";

/** What happened in each hour? */
export function hours({ unit, palette }: SheetContext): SheetPlan {
  const expected = sum(forecasts, "expected", { label: "Expected", format: decimal(1, unit) });
  const off = value(forecasts, "off", `Off by (${unit})`, decimal(1));
  return sheet({
    id: sheetIds.hours,
    name: "Hours",
    question: "What happened, hour by hour?",
    description:
      "The last 35 days by the city's clock. Choose buildings and days, or come here by a click on a building or a day.",
    controls: [city, meterType, building, fromDay, toDay],
    rows: [
      row(
        11,
        lineChart("measured-hours", {
          title: "Measured and expected",
          subtitle: "of past hours what was expected a day ahead, of hours to come what is expected now",
          x: byTime(forecasts, "hour", "HOUR", "Hour, the city's clock"),
          values: [sum(forecasts, "measured", { label: "Measured", format: decimal(1, unit) }), expected],
          dashed: [expected],
          axis: `Use per hour (${unit})`,
        }),
      ),
      row(
        11,
        heatMap("hours-of-days", {
          title: "Hours of each day",
          rows: byTime(useByHour, "day", "DAY", "Day"),
          columns: byNumber(useByHour, "hour_of_day", "Hour of the day, the city's clock"),
          value: sum(useByHour, "use", { label: `Use (${unit})`, format: decimal(0, unit) }),
          colors: palette.amounts,
          actions: [filterOthers("Only this day", "day")],
        }),
        heatMap("hours-of-the-week", {
          title: "A usual week",
          subtitle: "mean of a meter",
          rows: by(useByHour, "weekday", "Weekday"),
          columns: byNumber(useByHour, "hour_of_day", "Hour of the day, the city's clock"),
          value: average(useByHour, "use", { label: `Use (${unit})`, format: decimal(1, unit) }),
          colors: palette.amounts,
          rowOrder: { DataSetIdentifier: useByHour.identifier, ColumnName: "weekday_number" },
        }),
      ),
      row(
        10,
        table("hours-off", {
          title: "Hours that were most off",
          values: [
            value(forecasts, "hour", "Hour, the city's clock"),
            value(forecasts, "building", "Building"),
            value(forecasts, "city", "City"),
            value(forecasts, "meter_type", "Meter type"),
            value(forecasts, "measured", `Measured (${unit})`, decimal(1)),
            value(forecasts, "expected", `Expected (${unit})`, decimal(1)),
            off,
          ],
          sort: { column: off, direction: "DESC" },
        }),
      ),
    ],
  });
}
