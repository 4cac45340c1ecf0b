import { actionsOf } from "../actions.ts";
import { type Dimension, identified, type Measure } from "../fields.ts";
import type { BarChart, ChartVisual } from "../schema.ts";
import {
  axisLabels,
  firstOnes,
  frame,
  inWords,
  type Level,
  legend,
  numericAxis,
  referenceLines,
  sortedBy,
  take,
  taken,
  tooltip,
  type VisualOptions,
  type VisualPlan,
} from "./parts.ts";

export interface BarChartOptions extends VisualOptions {
  category: Dimension;
  values: readonly [Measure, ...Measure[]];
  color?: Dimension;
  /** Title of the values' axis, with its unit. */
  axis: string;
  /**
   * Names read better beside a bar that lies: horizontal for texts, vertical for times.
   *
   * @default "VERTICAL"
   */
  orientation?: BarChart["Orientation"];
  /** @default "STACKED" */
  arrangement?: BarChart["BarsArrangement"];
  /**
   * By the category itself, or by the first value, the largest first.
   *
   * @default "category"
   */
  sort?: "category" | "value";
  /** Categories, at most; the first in the order of the sort. */
  limit?: number;
  /** Colours, at most; the first by name. */
  colors?: number;
  levels?: readonly Level[];
}

/** Sizes beside one another, as bars. Bars begin at zero, since it is their length that is read. */
export function barChart(id: string, options: BarChartOptions): VisualPlan {
  const { category, values, color, axis, orientation = "VERTICAL", arrangement = "STACKED" } = options;
  const { sort = "category", limit, colors: colorLimit, levels } = options;
  const idOf = identified(id);
  const categories = taken(category, idOf);
  const measures = take(values, idOf);
  const colors = take(color === undefined ? [] : [color], idOf);
  const dimensions = [categories, ...colors];
  const visual: ChartVisual<BarChart> = {
    ...frame(
      id,
      options,
      `Bars: ${inWords(
        values,
        dimensions.map(({ plan }) => plan),
      )}`,
    ),
    ChartConfiguration: {
      Orientation: orientation,
      BarsArrangement: arrangement,
      FieldWells: {
        BarChartAggregatedFieldWells: {
          Category: [category.field(categories.id)],
          Values: measures.map(({ plan, id: field }) => plan.field(field)),
          Colors: colors.map(({ plan, id: field }) => plan.field(field)),
        },
      },
      SortConfiguration: {
        CategorySort:
          sort === "value"
            ? measures.slice(0, 1).map((first) => sortedBy(first, "DESC"))
            : [sortedBy(categories, "ASC")],
        ...(limit === undefined ? {} : { CategoryItemsLimit: firstOnes(limit) }),
        ...(colorLimit === undefined ? {} : { ColorItemsLimit: firstOnes(colorLimit) }),
      },
      CategoryLabelOptions: axisLabels(category.label, [categories]),
      ValueLabelOptions: axisLabels(axis, measures),
      ValueAxis: numericAxis("zero"),
      Legend: legend(colors.length > 0 || measures.length > 1),
      Tooltip: tooltip([...dimensions, ...measures]),
      ReferenceLines: referenceLines(levels),
    },
    Actions: actionsOf(id, options.actions ?? [], dimensions),
  };
  return { id, visual: { BarChartVisual: visual } };
}
