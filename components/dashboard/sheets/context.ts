import type { Palette } from "../palette.ts";

/** What the sheets need to know of an environment. */
export interface SheetContext {
  /** The unit of use where all meter types have one, else "each meter type's own unit". */
  unit: string;
  palette: Palette;
}

/** Ids of the sheets, by which actions lead from one to another. */
export const sheetIds = {
  overview: "overview",
  buildings: "buildings",
  hours: "hours",
  expected: "expected",
  differences: "differences",
  meters: "meters",
  pipeline: "pipeline",
} as const;
