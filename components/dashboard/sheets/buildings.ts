import { buildings, useByDay } from "../data-sets/columns.ts";
import { goTo } from "../definition/actions.ts";
import { average, by, byTime, sum, value } from "../definition/fields.ts";
import { atLeast } from "../definition/filters.ts";
import { decimal } from "../definition/formats.ts";
import { row, sheet, type SheetPlan } from "../definition/sheet.ts";
import { barChart } from "../definition/visuals/bar-chart.ts";
import { lineChart } from "../definition/visuals/line-chart.ts";
import { table } from "../definition/visuals/table.ts";
import { type SheetContext, sheetIds } from "./context.ts";
import { usual } from "./controls.ts";

/** As many bars as can be read beside their names. */
const mostBars = 20;
/** As many lines as can be told apart. */
const mostLines = 8;

/** Which buildings stand out for their size and use? */
export function buildingsSheet({ unit, palette }: SheetContext): SheetPlan {
  const toHours = goTo(sheetIds.hours, "Its hours", { Building: { column: "building" } });
  const timesPeers = value(buildings, "times_peers", "Times the usual", decimal(1));
  return sheet({
    id: sheetIds.buildings,
    name: "Buildings",
    question: "Which buildings stand out for their size and use?",
    description:
      "Use per floor area over the last 28 days, beside buildings of the same use and meter type. Click a building to see its hours.",
    controls: usual,
    rows: [
      row(
        12,
        barChart("most-use", {
          title: "Buildings that use the most",
          category: by(useByDay, "building", "Building"),
          values: [sum(useByDay, "use", { label: "Use", format: decimal(0, unit) })],
          color: by(useByDay, "meter_type", "Meter type"),
          axis: `Use (${unit})`,
          orientation: "HORIZONTAL",
          sort: "value",
          limit: mostBars,
          actions: [toHours],
        }),
        barChart("most-for-size", {
          title: "Buildings that use the most for their size",
          subtitle: "at the rate of the last 28 days",
          category: by(buildings, "building", "Building"),
          values: [sum(buildings, "intensity", { label: "Use per floor area", format: decimal(0, `${unit}/m²`) })],
          color: by(buildings, "meter_type", "Meter type"),
          axis: `Use per floor area and year (${unit}/m²)`,
          orientation: "HORIZONTAL",
          sort: "value",
          limit: mostBars,
          actions: [toHours],
        }),
      ),
      row(
        10,
        table("beside-peers", {
          title: "Beside their peers",
          subtitle: "peers: buildings of the same use, by their median; from twice as much on in red",
          values: [
            value(buildings, "building", "Building"),
            value(buildings, "city", "City"),
            value(buildings, "meter_type", "Meter type"),
            value(buildings, "floor_area", "Floor area (m²)", decimal(0)),
            value(buildings, "use_per_day", `Use per day (${unit})`, decimal(0)),
            value(buildings, "intensity", `Per m² and year (${unit})`, decimal(1)),
            value(buildings, "peers_intensity", `Their peers (${unit})`, decimal(1)),
            timesPeers,
          ],
          sort: { column: timesPeers, direction: "DESC" },
          emphases: [{ column: timesPeers, when: "{times_peers} >= 2", color: palette.danger }],
          actions: [toHours],
        }),
      ),
      row(
        10,
        lineChart("side-by-side", {
          title: "Buildings side by side",
          subtitle: `the chosen ones, at most ${mostLines}`,
          x: byTime(useByDay, "day", "DAY", "Day, the city's clock"),
          values: [sum(useByDay, "use", { label: "Use", format: decimal(0, unit) })],
          color: by(useByDay, "building", "Building"),
          axis: `Use per day (${unit})`,
          limit: mostLines,
        }),
        barChart("use-types", {
          title: "What buildings are used for",
          category: by(buildings, "primary_use", "Primary use"),
          values: [average(buildings, "intensity", { label: "Use per floor area", format: decimal(0, `${unit}/m²`) })],
          color: by(buildings, "meter_type", "Meter type"),
          axis: `Mean use per floor area and year (${unit}/m²)`,
          orientation: "HORIZONTAL",
          arrangement: "CLUSTERED",
          sort: "value",
        }),
      ),
    ],
    fixed: [{ id: "with-peers", visuals: ["beside-peers"], filter: atLeast(buildings, "times_peers", 0) }],
  });
}
