import type { Cell, VisualColumn, VisualData } from "../../api.ts";
import { everyStep } from "./time-steps.ts";

/** Rows of a visual as series along its categories. */
export interface Plot {
  category: VisualColumn;
  /** Of a grouped time every step, those without rows too. */
  categories: Cell[];
  series: Series[];
}

export interface Series {
  key: string;
  name: string;
  measure: VisualColumn;
  /** The field that tells series apart, and its value here. */
  color: { column: VisualColumn; value: Cell } | undefined;
  /** One for each category, null where there is no row. */
  values: (number | null)[];
}

/** @returns undefined where there is no row with a value */
export function plotOf({ columns, rows }: Pick<VisualData, "columns" | "rows">): Plot | undefined {
  const placeOf = (...roles: VisualColumn["role"][]) => columns.findIndex(({ role }) => roles.includes(role));
  const [categoryPlace, colorPlace] = [placeOf("category", "trend"), placeOf("color")];
  const category = columns[categoryPlace];
  if (!category) return undefined;
  const categories = categoriesOf(
    category,
    rows.map((row) => row[categoryPlace] ?? null),
  );
  const indices = new Map(categories.map((value, index) => [value, index]));
  const measures = columns.map((column, place) => ({ column, place })).filter(({ column }) => isMeasure(column));
  const color = columns[colorPlace];
  const series = new Map<string, Series>();
  for (const row of rows) {
    const index = indices.get(row[categoryPlace] ?? null);
    if (index === undefined) continue;
    const value = row[colorPlace] ?? null;
    for (const { column, place } of measures) {
      const key = JSON.stringify([column.field, color ? value : undefined]);
      let one = series.get(key);
      if (!one) {
        const named = color && (value === null ? "none" : String(value));
        one = {
          key,
          name: [named, measures.length > 1 || !color ? column.label : undefined].filter(Boolean).join(", "),
          measure: column,
          color: color && { column: color, value },
          values: categories.map(() => null),
        };
        series.set(key, one);
      }
      const figure = row[place];
      one.values[index] = typeof figure === "number" ? figure : null;
    }
  }
  const shown = [...series.values()].filter(({ values }) => values.some((value) => value !== null));
  return shown.length === 0 ? undefined : { category, categories, series: ordered(shown, color) };
}

function isMeasure({ role }: VisualColumn): boolean {
  return role === "value" || role === "line" || role === "target";
}

function categoriesOf({ type, granularity }: VisualColumn, values: Cell[]): Cell[] {
  const different = [...new Set(values)];
  if (type !== "time" || granularity === undefined) return different;
  return everyStep(
    different.filter((value) => typeof value === "number"),
    granularity,
  );
}

/** Series that a field tells apart stand in the order of its values, whichever came first. */
function ordered(series: Series[], color: VisualColumn | undefined): Series[] {
  if (!color) return series;
  const collator = new Intl.Collator("en", { numeric: true });
  return series.toSorted((a, b) => collator.compare(String(a.color?.value ?? ""), String(b.color?.value ?? "")));
}
