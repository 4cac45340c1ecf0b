import { forecasts, meters, useByDay, useByHour } from "../data-sets/columns.ts";
import { goTo } from "../definition/actions.ts";
import { by, byTime, count, median, sum } from "../definition/fields.ts";
import { only } from "../definition/filters.ts";
import { decimal, percent, rounded } from "../definition/formats.ts";
import { row, sheet, type SheetPlan } from "../definition/sheet.ts";
import { barChart } from "../definition/visuals/bar-chart.ts";
import { kpi } from "../definition/visuals/kpi.ts";
import { lineChart } from "../definition/visuals/line-chart.ts";
import { type SheetContext, sheetIds } from "./context.ts";
import { usual } from "./controls.ts";

/** How much did my buildings use? */
export function overview({ unit }: SheetContext): SheetPlan {
  const toBuildings = goTo(sheetIds.buildings, "Its buildings", { City: { column: "city" } });
  const toHours = goTo(sheetIds.hours, "Hours of this day", { From: { column: "day" }, To: { column: "day" } });
  return sheet({
    id: sheetIds.overview,
    name: "Overview",
    question: "How much did my buildings use?",
    description: "Click a city to see its buildings, or a day to see its hours.",
    controls: usual,
    rows: [
      row(
        5,
        kpi("latest-day", {
          title: "Use of the latest whole day",
          subtitle: "compared with the day before",
          value: sum(useByDay, "use", { label: "Use", format: rounded(unit) }),
          trend: byTime(useByDay, "day", "DAY", "Day"),
        }),
        kpi("ahead", {
          title: "Expected of the hours ahead",
          subtitle: "by the latest forecast of each city",
          value: sum(forecasts, "expected", { label: "Expected", format: rounded(unit) }),
        }),
        kpi("usual-error", {
          title: "How far off forecasts usually were",
          subtitle: "median distance, as a share of a meter's mean use",
          value: median(forecasts, "error_share", { label: "Off", format: percent(1) }),
        }),
        kpi("not-well", {
          title: "Meters to look at",
          subtitle: "silent, stuck, zero or with wrong values",
          value: count(meters, "building", { label: "Meters", format: decimal(0) }),
        }),
      ),
      row(
        11,
        [
          barChart("use-per-day", {
            title: "Use per day",
            category: byTime(useByDay, "day", "DAY", "Day, the city's clock"),
            values: [sum(useByDay, "use", { label: "Use", format: decimal(0, unit) })],
            color: by(useByDay, "meter_type", "Meter type"),
            axis: `Use per day (${unit})`,
            actions: [toHours],
          }),
          22,
        ],
        barChart("use-per-city", {
          title: "Use per city",
          category: by(useByDay, "city", "City"),
          values: [sum(useByDay, "use", { label: "Use", format: decimal(0, unit) })],
          color: by(useByDay, "meter_type", "Meter type"),
          axis: `Use (${unit})`,
          orientation: "HORIZONTAL",
          sort: "value",
          actions: [toBuildings],
        }),
      ),
      row(
        10,
        lineChart("use-per-hour", {
          title: "Use per hour",
          subtitle: "each city by its own clock, the last 35 days at most",
          x: byTime(useByHour, "hour", "HOUR", "Hour, the city's clock"),
          values: [sum(useByHour, "use", { label: "Use", format: decimal(0, unit) })],
          color: by(useByHour, "meter_type", "Meter type"),
          axis: `Use per hour (${unit})`,
        }),
      ),
    ],
    fixed: [
      { id: "whole-days", visuals: ["latest-day"], filter: only(useByDay, "day_kind", ["whole"]) },
      { id: "hours-ahead", visuals: ["ahead"], filter: only(forecasts, "kind", ["ahead"]) },
      {
        id: "meters-to-look-at",
        visuals: ["not-well"],
        filter: only(meters, "state", ["well", "not registered"], "others"),
      },
    ],
  });
}
