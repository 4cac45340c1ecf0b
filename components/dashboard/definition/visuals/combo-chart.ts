import { actionsOf } from "../actions.ts";
import { type Dimension, identified, type Measure } from "../fields.ts";
import type { ChartVisual, ComboChart } from "../schema.ts";
import {
  axisLabels,
  frame,
  inWords,
  legend,
  numericAxis,
  sortedBy,
  take,
  taken,
  tooltip,
  type VisualOptions,
  type VisualPlan,
} from "./parts.ts";

export interface ComboChartOptions extends VisualOptions {
  category: Dimension;
  bars: readonly [Measure, ...Measure[]];
  lines: readonly [Measure, ...Measure[]];
  /** Title of the bars' axis, at the left, with its unit. */
  axis: string;
  /** Title of the lines' axis, at the right, with its unit. */
  lineAxis: string;
}

/** Bars of one unit and lines of another over the same categories. */
export function comboChart(id: string, options: ComboChartOptions): VisualPlan {
  const { category, bars, lines, axis, lineAxis } = options;
  const idOf = identified(id);
  const categories = taken(category, idOf);
  const barValues = take(bars, idOf);
  const lineValues = take(lines, idOf);
  const visual: ChartVisual<ComboChart> = {
    ...frame(id, options, `Bars and lines: ${inWords([...bars, ...lines], [category])}`),
    ChartConfiguration: {
      BarsArrangement: "CLUSTERED",
      FieldWells: {
        ComboChartAggregatedFieldWells: {
          Category: [category.field(categories.id)],
          BarValues: barValues.map(({ plan, id: field }) => plan.field(field)),
          LineValues: lineValues.map(({ plan, id: field }) => plan.field(field)),
          Colors: [],
        },
      },
      SortConfiguration: { CategorySort: [sortedBy(categories, "ASC")] },
      CategoryLabelOptions: axisLabels(category.label, [categories]),
      PrimaryYAxisLabelOptions: axisLabels(axis, barValues),
      PrimaryYAxisDisplayOptions: numericAxis("zero"),
      SecondaryYAxisLabelOptions: axisLabels(lineAxis, lineValues),
      SecondaryYAxisDisplayOptions: numericAxis("zero"),
      Legend: legend(true),
      Tooltip: tooltip([categories, ...barValues, ...lineValues]),
    },
    Actions: actionsOf(id, options.actions ?? [], [categories]),
  };
  return { id, visual: { ComboChartVisual: visual } };
}
