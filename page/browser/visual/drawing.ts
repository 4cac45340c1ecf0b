import type { Action } from "../../../components/dashboard/definition/schema.ts";
import type { Cell, Picked, VisualColumn, VisualData } from "../../api.ts";
import type { Colors } from "../colors.ts";
import type { DrawnVisual } from "../definition/visual.ts";

/** What a visual is drawn of. */
export interface Drawing<Visual extends DrawnVisual = DrawnVisual> {
  visual: Visual;
  data: VisualData;
  colors: Colors;
  /** Keys of series that the reader has put away. */
  hidden: ReadonlySet<string>;
  /** What was picked in this visual. */
  picked: readonly Picked[];
  /** Says whose clock an axis or a column shows. */
  clock: (label: string) => string;
  act: (action: Action, mark: Mark) => void;
}

/** Of a visual of one kind, or of some. */
export type DrawingOf<Kind extends DrawnVisual["kind"]> = Drawing<Extract<DrawnVisual, { kind: Kind }>>;

/** What a reader has clicked: values by field. */
export type Mark = ReadonlyMap<string, { column: VisualColumn; value: Cell }>;

export function markOf(...parts: (readonly [VisualColumn, Cell])[]): Mark {
  return new Map(parts.map(([column, value]) => [column.field, { column, value }]));
}

/** The action of a click. */
export function clickOf({ visual }: Drawing): Action | undefined {
  return visual.actions.find(({ Trigger }) => Trigger === "DATA_POINT_CLICK");
}

/** Whether a mark is among what was picked in its own visual; all are where nothing was. */
export function isPicked(picked: readonly Picked[], mark: Mark): boolean {
  return picked.every((pick) => {
    const found = [...mark.values()].find(({ column }) => column.column === pick.column);
    if (!found) return true;
    return "from" in pick
      ? typeof found.value === "number" && found.value >= pick.from && found.value < pick.to
      : found.value === pick.value;
  });
}
