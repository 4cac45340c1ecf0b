import type { AxisLabels, NumericAxis, ReferenceLine } from "../../../components/dashboard/definition/schema.ts";
import { axisTitle } from "../definition/visual.ts";
import type { DrawingOf } from "./drawing.ts";
import type { Plot } from "./plot.ts";

/** Kinds of visuals with a category along one axis and figures along the other. */
export type Kind = "line" | "bar" | "combo";

/** What differs between the three kinds. */
export interface Arrangement {
  isHorizontal: boolean;
  isStacked: boolean;
  categoryTitle: string;
  axes: { title: string; range: NumericAxis; isShare: boolean }[];
  levels: readonly ReferenceLine[];
  legend: "VISIBLE" | "HIDDEN";
}

/** Whether a legend is to be shown: the definition wants one, and there is more than one thing to tell apart. */
export function needsLegend(drawing: DrawingOf<Kind>, plot: Plot): boolean {
  return arrangementOf(drawing, plot).legend === "VISIBLE" && plot.series.length > 1;
}

export function arrangementOf({ visual, clock }: DrawingOf<Kind>, { series }: Plot): Arrangement {
  const axis = (labels: AxisLabels, range: NumericAxis, role: "value" | "line") => {
    const number = series
      .filter(({ measure }) => measure.role === role)
      .map(({ measure }) => visual.formats.get(measure.field)?.number)
      .find((format) => format);
    return { title: axisTitle(labels), range, isShare: !!number && "PercentageDisplayFormatConfiguration" in number };
  };
  switch (visual.kind) {
    case "line": {
      const { chart } = visual;
      return {
        isHorizontal: false,
        isStacked: chart.Type === "STACKED_AREA",
        categoryTitle: clock(axisTitle(chart.XAxisLabelOptions)),
        axes: [axis(chart.PrimaryYAxisLabelOptions, chart.PrimaryYAxisDisplayOptions.AxisOptions, "value")],
        levels: chart.ReferenceLines,
        legend: chart.Legend.Visibility,
      };
    }
    case "bar": {
      const { chart } = visual;
      return {
        isHorizontal: chart.Orientation === "HORIZONTAL",
        isStacked: chart.BarsArrangement === "STACKED",
        categoryTitle: clock(axisTitle(chart.CategoryLabelOptions)),
        axes: [axis(chart.ValueLabelOptions, chart.ValueAxis, "value")],
        levels: chart.ReferenceLines,
        legend: chart.Legend.Visibility,
      };
    }
    case "combo": {
      const { chart } = visual;
      return {
        isHorizontal: false,
        isStacked: chart.BarsArrangement === "STACKED",
        categoryTitle: clock(axisTitle(chart.CategoryLabelOptions)),
        axes: [
          axis(chart.PrimaryYAxisLabelOptions, chart.PrimaryYAxisDisplayOptions, "value"),
          axis(chart.SecondaryYAxisLabelOptions, chart.SecondaryYAxisDisplayOptions, "line"),
        ],
        levels: [],
        legend: chart.Legend.Visibility,
      };
    }
  }
}
