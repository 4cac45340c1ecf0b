import type { ReferenceLine } from "../../../components/dashboard/definition/schema.ts";
import type { Arrangement, Kind } from "./arrangement.ts";
import type { ChartOption } from "./chart-canvas.ts";
import { clickOf, type Drawing, type DrawingOf, isPicked, type Mark, markOf } from "./drawing.ts";
import type { Plot, Series } from "./plot.ts";

/** A series as lines or bars. @param index its place among those that are shown */
export function seriesOf(
  drawing: DrawingOf<Kind>,
  plot: Plot,
  series: Series,
  { isStacked, levels }: Arrangement,
  index: number,
): NonNullable<Extract<ChartOption["series"], unknown[]>>[number] {
  const { visual, colors, picked } = drawing;
  const color = colorOf(drawing, plot, series);
  const cursor = clickOf(drawing) ? "pointer" : "default";
  const markLine = index === 0 && levels.length > 0 ? { markLine: levelsOf(levels, colors) } : {};
  if (visual.kind === "line" || series.measure.role === "line") {
    const isDashed =
      visual.kind === "line" &&
      visual.chart.Series.some(
        ({ DataFieldSeriesItem: { FieldId, Settings } }) =>
          FieldId === series.measure.field && Settings.LineStyleSettings.LineStyle === "DASHED",
      );
    const alone = new Set(series.values.keys().filter((place) => isAlone(series.values, place)));
    return {
      type: "line",
      name: series.name,
      data: series.values,
      yAxisIndex: series.measure.role === "line" ? 1 : 0,
      color,
      cursor,
      lineStyle: { width: 2, type: isDashed ? [5, 4] : "solid" },
      ...(isStacked && visual.kind === "line" && { stack: "all", areaStyle: { opacity: 0.55 } }),
      showSymbol: alone.size > 0,
      showAllSymbol: true,
      symbol: "circle",
      symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) => (alone.has(dataIndex) ? 5 : 0),
      emphasis: { disabled: true },
      ...markLine,
    };
  }
  return {
    type: "bar",
    name: series.name,
    data: series.values.map((value, dataIndex) => ({
      value,
      itemStyle: { opacity: isPicked(picked, markAt(plot, series, dataIndex)) ? 1 : 0.3 },
    })),
    color,
    cursor,
    ...(isStacked && { stack: "all" }),
    barMaxWidth: 36,
    barCategoryGap: "25%",
    barGap: "10%",
    itemStyle: { borderColor: colors.panel, borderWidth: isStacked ? 0.5 : 0 },
    emphasis: { itemStyle: { opacity: 0.85 } },
    ...markLine,
  };
}

/** A value between two gaps: no line leads to it. */
function isAlone(values: readonly (number | null)[], place: number): boolean {
  return values[place] !== null && (values[place - 1] ?? null) === null && (values[place + 1] ?? null) === null;
}

function levelsOf(levels: readonly ReferenceLine[], colors: Drawing["colors"]) {
  return {
    silent: true,
    symbol: "none",
    data: levels.map(({ DataConfiguration, StyleConfiguration, LabelConfiguration }) => {
      const color = colors.shown(StyleConfiguration.Color);
      return {
        yAxis: DataConfiguration.StaticConfiguration.Value,
        lineStyle: { color, type: "dashed" as const, width: 1 },
        label: {
          formatter: LabelConfiguration.CustomLabelConfiguration.CustomLabel,
          position: "insideEndTop" as const,
          color: colors.mutedText,
          fontSize: 11,
          textBorderColor: colors.panel,
          textBorderWidth: 3,
        },
      };
    }),
  };
}

export function colorOf({ visual, colors }: Drawing, plot: Plot, series: Series): string {
  const place = plot.series.indexOf(series);
  if (!series.color) return colors.data(place);
  const { column, value } = series.color;
  return colors.ofValue(visual.dataSet, column.column, String(value)) ?? colors.data(place);
}

/** What stands at a place of a series, to be clicked. */
export function markAt({ category, categories }: Plot, series: Series | undefined, dataIndex: number): Mark {
  const at = [category, categories[dataIndex] ?? null] as const;
  return series?.color ? markOf(at, [series.color.column, series.color.value]) : markOf(at);
}
