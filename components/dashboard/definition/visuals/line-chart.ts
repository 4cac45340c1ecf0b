import { actionsOf } from "../actions.ts";
import { type Dimension, identified, type Measure } from "../fields.ts";
import type { ChartVisual, LineChart } from "../schema.ts";
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

export interface LineChartOptions extends VisualOptions {
  /** Along the axis at the bottom. */
  x: Dimension;
  values: readonly [Measure, ...Measure[]];
  /** One line for each of its values. */
  color?: Dimension;
  /** Title of the axis at the left, with its unit. */
  axis: string;
  /**
   * Where the axis at the left begins.
   *
   * @default "zero"
   */
  from?: "zero" | "data";
  /** Lines, at most; the first by name. */
  limit?: number;
  /** Values whose line is dashed: what is expected beside what was measured. */
  dashed?: readonly Measure[];
  /** Filled areas one upon another in place of lines. */
  stacked?: boolean;
  levels?: readonly Level[];
}

/** Values over time, as lines. */
export function lineChart(id: string, options: LineChartOptions): VisualPlan {
  const { x, values, color, axis, from = "zero", limit, dashed = [], stacked = false, levels } = options;
  const idOf = identified(id);
  const category = taken(x, idOf);
  const measures = take(values, idOf);
  const colors = take(color === undefined ? [] : [color], idOf);
  const dimensions = [category, ...colors];
  const visual: ChartVisual<LineChart> = {
    ...frame(
      id,
      options,
      `${stacked ? "Areas" : "Lines"}: ${inWords(
        values,
        dimensions.map(({ plan }) => plan),
      )}`,
    ),
    ChartConfiguration: {
      Type: stacked ? "STACKED_AREA" : "LINE",
      FieldWells: {
        LineChartAggregatedFieldWells: {
          Category: [x.field(category.id)],
          Values: measures.map(({ plan, id: field }) => plan.field(field)),
          Colors: colors.map(({ plan, id: field }) => plan.field(field)),
        },
      },
      SortConfiguration: {
        CategorySort: [sortedBy(category, "ASC")],
        ...(limit === undefined ? {} : { ColorItemsLimitConfiguration: firstOnes(limit) }),
      },
      XAxisLabelOptions: axisLabels(x.label, [category]),
      PrimaryYAxisLabelOptions: axisLabels(axis, measures),
      PrimaryYAxisDisplayOptions: {
        AxisOptions: numericAxis(from),
        // A line over a gap would tell of readings that there were not.
        MissingDataConfigurations: [{ TreatmentOption: "SHOW_AS_BLANK" }],
      },
      Legend: legend(colors.length > 0 || measures.length > 1),
      Tooltip: tooltip([...dimensions, ...measures]),
      ReferenceLines: referenceLines(levels),
      Series: measures
        .filter(({ plan }) => dashed.includes(plan))
        .map(({ id: field }) => ({
          DataFieldSeriesItem: {
            FieldId: field,
            AxisBinding: "PRIMARY_YAXIS",
            Settings: { LineStyleSettings: { LineStyle: "DASHED" } },
          },
        })),
    },
    Actions: actionsOf(id, options.actions ?? [], dimensions),
  };
  return { id, visual: { LineChartVisual: visual } };
}
