import { meters } from "../data-sets/columns.ts";
import { filterOthers, goTo } from "../definition/actions.ts";
import { by, count, value } from "../definition/fields.ts";
import { only } from "../definition/filters.ts";
import { decimal } from "../definition/formats.ts";
import { row, sheet, type SheetPlan } from "../definition/sheet.ts";
import { barChart } from "../definition/visuals/bar-chart.ts";
import { kpi } from "../definition/visuals/kpi.ts";
import { table } from "../definition/visuals/table.ts";
import { type SheetContext, sheetIds } from "./context.ts";
import { building, city, meterType } from "./controls.ts";

/** Which meters are silent, stuck or wrong? */
export function metersSheet({ unit, palette }: SheetContext): SheetPlan {
  const number = count(meters, "building", { label: "Meters", format: decimal(0) });
  const state = value(meters, "state", "State");
  const order = value(meters, "state_number", "Order", decimal(0));
  const figures = [
    ["silent", "Silent", "no reading for 24 hours or more"],
    ["stuck", "Stuck", "the same value for 48 hours or more"],
    ["zero", "Zero", "electricity of zero for 24 hours or more"],
    ["wrong values", "Wrong values", "below zero, or ten times the usual, this week"],
  ] as const;
  return sheet({
    id: sheetIds.meters,
    name: "Meters",
    question: "Which meters are silent, stuck or wrong?",
    description:
      "The state of each meter, by the readings of the last 14 days. A meter is silent when it lies 24 hours behind half of its city's meters.",
    controls: [city, meterType, building],
    rows: [
      row(
        5,
        ...figures.map(([id, title, subtitle]) =>
          kpi(`count-${id.replace(" ", "-")}`, { title, subtitle, value: number }),
        ),
      ),
      row(
        9,
        barChart("states-of-cities", {
          title: "Meters to look at, per city",
          category: by(meters, "city", "City"),
          values: [number],
          color: by(meters, "state", "State"),
          axis: "Meters",
          orientation: "HORIZONTAL",
          sort: "value",
          actions: [filterOthers("Only this city and state", "city", "state")],
        }),
        barChart("states-of-types", {
          title: "Meters to look at, per meter type",
          category: by(meters, "meter_type", "Meter type"),
          values: [number],
          color: by(meters, "state", "State"),
          axis: "Meters",
          orientation: "HORIZONTAL",
          sort: "value",
          actions: [filterOthers("Only this meter type and state", "meter_type", "state")],
        }),
      ),
      row(
        14,
        table("states", {
          title: "Meter by meter",
          values: [
            state,
            value(meters, "building", "Building"),
            value(meters, "city", "City"),
            value(meters, "meter_type", "Meter type"),
            value(meters, "last_reading", "Last reading, the city's clock"),
            value(meters, "silent_hours", "Hours behind", decimal(0)),
            value(meters, "last_value", `Last value (${unit})`, decimal(1)),
            value(meters, "well_until", "Well until, the city's clock"),
            value(meters, "wrong", "Wrong values this week", decimal(0)),
            order,
          ],
          sort: { column: order, direction: "ASC" },
          emphases: [
            { column: state, when: '{state} = "silent"', color: palette.danger },
            { column: state, when: '{state} = "stuck"', color: palette.warning },
          ],
          actions: [goTo(sheetIds.hours, "Its hours", { Building: { column: "building" } })],
        }),
      ),
    ],
    fixed: [
      ...figures.map(([id]) => ({
        id: `count-of-${id.replace(" ", "-")}`,
        visuals: [`count-${id.replace(" ", "-")}`] as const,
        filter: only(meters, "state", [id]),
      })),
      {
        id: "states-to-look-at",
        visuals: ["states-of-cities", "states-of-types"],
        filter: only(meters, "state", ["well"], "others"),
      },
    ],
  });
}
