import type { Cell, VisualColumn } from "../../api.ts";
import { element } from "../dom.ts";
import { countText } from "../format.ts";
import { cellText } from "./cell-text.ts";
import { clickOf, type Drawing, isPicked, type Mark, markOf } from "./drawing.ts";

/** Rows of a chart that are shown as a table: more are for the file. */
const mostRows = 500;

/** Rows as a table: those of a declared table, or of a chart whose figures are wanted. */
export function rowTable(drawing: Drawing): HTMLElement {
  const { visual, data, clock } = drawing;
  const isTable = visual.kind === "table";
  const rows = isTable ? data.rows : data.rows.slice(0, mostRows);
  const order = orderOf(drawing);
  const action = isTable ? clickOf(drawing) : undefined;
  const table = element(
    "table",
    {},
    element("caption", { class: "unseen" }, visual.title),
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        ...order.map(([column]) => element("th", { scope: "col", class: column.type }, clock(column.label))),
      ),
    ),
    element("tbody", {}, ...rows.map((row, index) => rowOf(drawing, order, row, index, action))),
  );
  const rest = data.rows.length - rows.length;
  return element(
    "div",
    { "class": "table-scroll", "tabindex": 0, "role": "region", "aria-label": `${visual.title}: table` },
    table,
    rest > 0 && element("p", { class: "note" }, `${countText(rest)} more rows are in the file: CSV.`),
  );
}

type Ordered = (readonly [column: VisualColumn, place: number])[];

/** Columns in the declared order. */
function orderOf({ visual, data: { columns } }: Drawing): Ordered {
  const all = columns.map((column, place) => [column, place] as const);
  if (visual.kind !== "table") return all;
  const declared = visual.chart.FieldOptions.Order;
  return all.toSorted(([a], [b]) => declared.indexOf(a.field) - declared.indexOf(b.field));
}

function rowOf(
  { visual, data: { emphases }, colors, picked, act }: Drawing,
  order: Ordered,
  row: readonly Cell[],
  index: number,
  action: ReturnType<typeof clickOf>,
): HTMLElement {
  const mark: Mark = markOf(...order.map(([column, place]) => [column, row[place] ?? null] as const));
  const target = action && actedOn(JSON.stringify(action.ActionOperations), order);
  const cells = order.map(([column, place]) => {
    const text = cellText(row[place] ?? null, column, visual);
    const color = emphases.find(({ field, rows }) => field === column.field && rows.includes(index))?.color;
    const inside =
      action && column.field === target
        ? element(
            "button",
            { type: "button", class: "link", title: action.Name, on: { click: () => act(action, mark) } },
            text,
          )
        : text;
    const cell = element("td", { class: color === undefined ? column.type : `${column.type} emphasis` }, inside);
    if (color !== undefined) cell.style.setProperty("color", colors.shown(color));
    return cell;
  });
  return element("tr", { class: isPicked(picked, mark) ? undefined : "faded" }, ...cells);
}

/** The field that an action reads is the one to click; else the first. */
function actedOn(operations: string, order: Ordered): string | undefined {
  const found = order.find(([{ field }]) => operations.includes(`"${field}"`)) ?? order[0];
  return found?.[0].field;
}
