import type { Activity, Pipeline } from "./config.ts";

/** How a column's values are written to JSON: as an integer, epoch ms, a number or a text. */
export type ColumnType = "int" | "timestamp" | "double" | "string";

/** Columns that a message must bring; no activity can take them away. */
export const requiredColumns: Record<Pipeline, Record<string, ColumnType>> = {
  readings: { building_id: "int", meter: "int", timestamp: "timestamp", meter_reading: "double" },
  weather: { site_id: "int", timestamp: "timestamp" },
};

/** Columns that a message may bring; absent and null are the same. */
export const optionalColumns: Record<Pipeline, Record<string, ColumnType>> = {
  readings: {},
  weather: {
    air_temperature: "double",
    cloud_coverage: "double",
    dew_temperature: "double",
    precip_depth_1_hr: "double",
    sea_level_pressure: "double",
    wind_direction: "double",
    wind_speed: "double",
  },
};

/** Columns that the transform itself writes; an attribute of the same name does not reach the table. */
export const derivedColumns: Record<Pipeline, readonly string[]> = {
  readings: ["city", "received", "record_id", "position"],
  weather: ["city", "hour", "weekday", "week", "month", "is_holiday", "received", "record_id", "position"],
};

/**
 * Columns that the activities add to the landing table, with their types: the result of `math` is a double, a copy has
 * the type of what it copies, and a copy of an attribute that is no column is a string (its JSON text unless it is a
 * string already). Those of a team's function have the types that the activity says. A name that activities fill with
 * different types is a string.
 */
export function addedColumns(pipeline: Pipeline, activities: readonly Activity[]): Record<string, ColumnType> {
  const own = { ...requiredColumns[pipeline], ...optionalColumns[pipeline] };
  const added: Record<string, ColumnType> = {};
  const add = (name: string, type: ColumnType): void => {
    if (Object.hasOwn(own, name) || derivedColumns[pipeline].includes(name)) return;
    added[name] = Object.hasOwn(added, name) && added[name] !== type ? "string" : type;
  };
  for (const activity of activities) {
    if (activity.kind === "math") add(activity.attribute, "double");
    if (activity.kind === "lambda") {
      for (const [name, type] of Object.entries(activity.columns)) add(name, type);
    }
    if (activity.kind === "addAttributes") {
      for (const [from, to] of Object.entries(activity.attributes)) {
        const type = Object.hasOwn(own, from) ? own[from] : Object.hasOwn(added, from) ? added[from] : undefined;
        add(to, type ?? "string");
      }
    }
  }
  return added;
}
