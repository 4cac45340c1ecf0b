import type { ControlPlan } from "./controls.ts";
import { DefinitionError } from "./definition-error.ts";
import type { FixedFilter } from "./filters.ts";
import type { ParameterName } from "./parameters.ts";
import type { CanvasSize, GridLayout, Sheet, Visual } from "./schema.ts";
import type { VisualPlan } from "./visuals/parts.ts";

/** QuickSight's grid (user guide, "Customizing dashboard layouts"). */
const gridColumns = 36;
const highestElement = 21;

export const canvas: CanvasSize = { ScreenCanvasSizeOptions: { ResizeOption: "RESPONSIVE" } };

/** Visuals beside one another, all of one height in rows of the grid. */
export interface Row {
  height: number;
  visuals: readonly (VisualPlan | readonly [VisualPlan, columns: number])[];
}

export interface SheetOptions {
  id: string;
  /** On its tab. */
  name: string;
  /** The question that it answers. */
  question: string;
  /** How to use it, in a sentence. */
  description: string;
  controls: readonly ControlPlan[];
  rows: readonly Row[];
  /** Filters that some of its visuals have of themselves. */
  fixed?: readonly Omit<FixedFilter, "sheet">[];
}

/** A sheet with what the definition needs to know of it besides. */
export interface SheetPlan {
  sheet: Sheet;
  parameters: ParameterName[];
  fixed: FixedFilter[];
}

export function row(height: number, ...visuals: Row["visuals"]): Row {
  return { height, visuals };
}

/**
 * A sheet: its controls, and its visuals row by row. Visuals whose width is not said share what is left of their row.
 *
 * @throws DefinitionError for a row that does not fit the grid.
 */
export function sheet(options: SheetOptions): SheetPlan {
  const { id, name, question, description, controls, rows, fixed = [] } = options;
  const placed = placements(id, rows);
  return {
    parameters: controls.map(({ parameter }) => parameter),
    fixed: fixed.map((one) => ({ ...one, sheet: id })),
    sheet: {
      SheetId: id,
      Name: name,
      Title: question,
      Description: description,
      ContentType: "INTERACTIVE",
      ParameterControls: controls.map(({ control }) => control(id)),
      Visuals: placed.map(({ visual }) => visual),
      Layouts: [
        {
          Configuration: {
            GridLayout: { CanvasSizeOptions: canvas, Elements: placed.map(({ element }) => element) },
          },
        },
      ],
    },
  };
}

interface Placement {
  visual: Visual;
  element: GridLayout["Elements"][number];
}

function placements(sheetId: string, rows: readonly Row[]): Placement[] {
  let top = 0;
  return rows.flatMap(({ height, visuals }) => {
    const plans = visuals.map((one) =>
      "visual" in one ? { plan: one, columns: undefined } : { plan: one[0], columns: one[1] },
    );
    const said = plans.reduce((sum, { columns }) => sum + (columns ?? 0), 0);
    const open = plans.filter(({ columns }) => columns === undefined).length;
    const share = open === 0 ? 0 : (gridColumns - said) / open;
    if (height > highestElement || !Number.isInteger(share) || said + share * open !== gridColumns) {
      throw new DefinitionError(
        `sheet "${sheetId}": the row of ${plans.map(({ plan }) => plan.id).join(", ")} must be ${gridColumns} columns wide ` +
          `and at most ${highestElement} rows high`,
      );
    }
    let left = 0;
    const placed = plans.map(({ plan, columns = share }): Placement => {
      const element = {
        ElementId: plan.id,
        ElementType: "VISUAL" as const,
        ColumnIndex: left,
        ColumnSpan: columns,
        RowIndex: top,
        RowSpan: height,
      };
      left += columns;
      return { visual: plan.visual, element };
    });
    top += height;
    return placed;
  });
}
