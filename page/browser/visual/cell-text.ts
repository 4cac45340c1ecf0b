import type { Cell, VisualColumn } from "../../api.ts";
import { plain, numberText, timeText } from "../format.ts";
import type { DrawnVisual } from "../definition/visual.ts";

/** A value as readers see it: as its field declares it, else as it is. */
export function cellText(value: Cell, { field, type }: VisualColumn, { formats }: DrawnVisual): string {
  const { number, time } = formats.get(field) ?? {};
  if (type === "time") return timeText(typeof value === "number" ? value : null, time ?? "YYYY-MM-DD HH:mm");
  if (type === "number" && number) return numberText(typeof value === "number" ? value : null, number);
  if (value === null) return "–";
  return typeof value === "number" ? plain(value) : value;
}
