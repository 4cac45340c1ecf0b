import { actionsOf } from "../actions.ts";
import { type Dimension, identified, type Measure, type Value } from "../fields.ts";
import type { ChartVisual, FieldSort, Table, TableConditionalFormatting } from "../schema.ts";
import { frame, sortedBy, type Taken, take, type VisualOptions, type VisualPlan } from "./parts.ts";

/** Colours the text of a column where an expression of QuickSight's holds. */
export interface Emphasis {
  column: Dimension | Measure | Value;
  /** `{ratio} >= 2`, `{state} = "silent"`; a measure's column stands in its aggregation: `SUM({elements}) > 0`. */
  when: string;
  color: string;
}

export interface TableOptions extends VisualOptions {
  /** A row for each combination of these... */
  by?: readonly [Dimension, ...Dimension[]];
  /** ... with these figures. Without `by`, the rows are the data set's own. */
  values: readonly Measure[] | readonly [Value, ...Value[]];
  /** The column that orders the rows. */
  sort: { column: Dimension | Measure | Value; direction: "ASC" | "DESC" };
  emphases?: readonly Emphasis[];
  /** @default 100 */
  rowsOfAPage?: number;
}

/** Rows to be read, looked up and taken away as CSV. */
export function table(id: string, options: TableOptions): VisualPlan {
  const { by = [], values, sort, emphases = [], rowsOfAPage = 100 } = options;
  const idOf = identified(id);
  const groups = take(by, idOf);
  const measures = take(
    values.filter((one) => one.kind === "measure"),
    idOf,
  );
  const rows = take(
    values.filter((one) => one.kind === "value"),
    idOf,
  );
  const all: Taken<Dimension | Measure | Value>[] = [...groups, ...measures, ...rows];
  const idIn = (column: Dimension | Measure | Value): string => all.find(({ plan }) => plan === column)?.id ?? "";
  const visual: ChartVisual<Table> & { ConditionalFormatting?: TableConditionalFormatting } = {
    ...frame(id, options, `Table: ${all.map(({ plan }) => plan.label).join(", ")}`),
    ChartConfiguration: {
      FieldWells:
        by.length > 0
          ? {
              TableAggregatedFieldWells: {
                GroupBy: groups.map(({ plan, id: field }) => plan.field(field)),
                Values: measures.map(({ plan, id: field }) => plan.field(field)),
              },
            }
          : { TableUnaggregatedFieldWells: { Values: rows.map(({ plan, id: field }) => plan.field(field)) } },
      SortConfiguration: {
        RowSort: [rowOrder(sort, all)],
        PaginationConfiguration: { PageNumber: 1, PageSize: rowsOfAPage },
      },
      FieldOptions: {
        Order: all.map(({ id: field }) => field),
        SelectedFieldOptions: all.map(({ plan, id: field }) => ({ FieldId: field, CustomLabel: plan.label })),
      },
      TotalOptions: { TotalsVisibility: "HIDDEN" },
    },
    ...(emphases.length === 0
      ? {}
      : {
          ConditionalFormatting: {
            ConditionalFormattingOptions: emphases.map(({ column, when, color }) => ({
              Cell: {
                FieldId: idIn(column),
                TextFormat: { TextColor: { Solid: { Expression: when, Color: color } } },
              },
            })),
          },
        }),
    Actions: actionsOf(id, options.actions ?? [], [...groups, ...rows]),
  };
  return { id, visual: { TableVisual: visual } };
}

function rowOrder(
  { column, direction }: TableOptions["sort"],
  all: readonly Taken<Dimension | Measure | Value>[],
): FieldSort {
  const found = all.find(({ plan }) => plan === column);
  return sortedBy(found ?? { plan: column, id: "" }, direction);
}
