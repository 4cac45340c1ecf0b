import { actionsOf } from "../actions.ts";
import { type Dimension, identified, type Measure } from "../fields.ts";
import type { ChartVisual, ColumnReference, HeatMap } from "../schema.ts";
import {
  axisLabels,
  firstOnes,
  frame,
  inWords,
  legend,
  sortedBy,
  sortedByColumn,
  taken,
  tooltip,
  type VisualOptions,
  type VisualPlan,
} from "./parts.ts";

export interface HeatMapOptions extends VisualOptions {
  rows: Dimension;
  columns: Dimension;
  value: Measure;
  /** From light to dark for amounts; to either side of zero, which is light, for differences. */
  colors: readonly [string, string] | readonly [below: string, zero: string, above: string];
  /** What orders the rows where it is another column than theirs: the number of a weekday. */
  rowOrder?: ColumnReference;
  /** Rows, at most. */
  limit?: number;
}

/** A value as the colour of each cell of a grid. */
export function heatMap(id: string, options: HeatMapOptions): VisualPlan {
  const { rows, columns, value, colors, rowOrder, limit } = options;
  const idOf = identified(id);
  const row = taken(rows, idOf);
  const column = taken(columns, idOf);
  const measure = taken(value, idOf);
  const [from, middle, to] = colors;
  const visual: ChartVisual<HeatMap> = {
    ...frame(id, options, `Coloured grid: ${inWords([value], [rows, columns])}`),
    ChartConfiguration: {
      FieldWells: {
        HeatMapAggregatedFieldWells: {
          Rows: [rows.field(row.id)],
          Columns: [columns.field(column.id)],
          Values: [value.field(measure.id)],
        },
      },
      SortConfiguration: {
        HeatMapRowSort: [rowOrder === undefined ? sortedBy(row, "ASC") : sortedByColumn(rowOrder, "ASC", "MIN")],
        HeatMapColumnSort: [sortedBy(column, "ASC")],
        ...(limit === undefined ? {} : { HeatMapRowItemsLimitConfiguration: firstOnes(limit) }),
      },
      RowLabelOptions: axisLabels(rows.label, [row]),
      ColumnLabelOptions: axisLabels(columns.label, [column]),
      ColorScale: {
        ColorFillType: "GRADIENT",
        Colors:
          to === undefined
            ? [{ Color: from }, { Color: middle }]
            : [{ Color: from }, { Color: middle, DataValue: 0 }, { Color: to }],
        NullValueColor: { Color: nothing },
      },
      Legend: legend(true),
      Tooltip: tooltip([row, column, measure]),
    },
    Actions: actionsOf(id, options.actions ?? [], [row, column]),
  };
  return { id, visual: { HeatMapVisual: visual } };
}

/** The colour of a cell without a value. */
const nothing = "#E5E7EB";
