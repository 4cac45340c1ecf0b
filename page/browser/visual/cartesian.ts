import type { AxisLabels, NumericAxis, ReferenceLine } from "../../../components/dashboard/definition/schema.ts";
import type { Cell } from "../../api.ts";
import { axisTitle } from "../definition/visual.ts";
import { countText, numberText, tickText } from "../format.ts";
import { cellText } from "./cell-text.ts";
import type { ChartOption, DrawnChart, Size, Stop } from "./chart-canvas.ts";
import { categoryStyle, commonStyle, valueStyle } from "./chart-style.ts";
import { clickOf, type Drawing, type DrawingOf, isPicked, type Mark, markOf } from "./drawing.ts";
import type { Plot, Series } from "./plot.ts";
import { timeTicks } from "./time-steps.ts";
import { type Tip, tipElement, tipText } from "./tip.ts";

type Kind = "line" | "bar" | "combo";

/** What differs between the three kinds. */
interface Arrangement {
  isHorizontal: boolean;
  isStacked: boolean;
  categoryTitle: string;
  axes: { title: string; range: NumericAxis; isShare: boolean }[];
  levels: readonly ReferenceLine[];
  legend: "VISIBLE" | "HIDDEN";
}

/** Pixels of a letter of an axis' title, on average. */
const letterWidth = 6;

/** Pixels of a bar that lies, with the space to the next. */
const lyingBar = 19;

/** Lines and bars along a category. */
export function cartesian(drawing: DrawingOf<Kind>, plot: Plot): DrawnChart {
  const arrangement = arrangementOf(drawing, plot);
  const series = plot.series.filter(({ key }) => !drawing.hidden.has(key));
  const tips = (dataIndex: number) => tipOf(drawing, plot, series, arrangement, dataIndex);
  const action = clickOf(drawing);
  const clustered = arrangement.isStacked ? 1 : Math.max(1, series.length);
  return {
    option: (size) => optionOf(drawing, plot, series, arrangement, size, tips),
    height: arrangement.isHorizontal ? plot.categories.length * Math.max(lyingBar, clustered * 8 + 4) + 44 : 150,
    ...stopsOf(drawing, plot, series, tips),
    click: action && ((seriesIndex, dataIndex) => drawing.act(action, markAt(plot, series[seriesIndex], dataIndex))),
  };
}

/** Whether a legend is to be shown: the definition wants one, and there is more than one thing to tell apart. */
export function needsLegend(drawing: DrawingOf<Kind>, plot: Plot): boolean {
  return arrangementOf(drawing, plot).legend === "VISIBLE" && plot.series.length > 1;
}

export function colorOf({ visual, colors }: Drawing, plot: Plot, series: Series): string {
  const place = plot.series.indexOf(series);
  if (!series.color) return colors.data(place);
  const { column, value } = series.color;
  return colors.ofValue(visual.dataSet, column.column, String(value)) ?? colors.data(place);
}

function arrangementOf({ visual, clock }: DrawingOf<Kind>, { series }: Plot): Arrangement {
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

function optionOf(
  drawing: DrawingOf<Kind>,
  plot: Plot,
  series: Series[],
  arrangement: Arrangement,
  size: Size,
  tips: (dataIndex: number) => Tip,
): ChartOption {
  const { colors, visual } = drawing;
  const { isHorizontal, categoryTitle, axes } = arrangement;
  const common = commonStyle(colors);
  const isLine = visual.kind === "line";
  const category = {
    type: "category" as const,
    data: plot.categories.map((value) => cellText(value, plot.category, visual)),
    boundaryGap: !isLine || plot.categories.length === 1,
    ...categoryStyle(colors),
    ...labelsOf(drawing, plot, isHorizontal, size),
  };
  const values = axes.map(({ title, range, isShare }, index) => {
    const style = valueStyle(colors);
    const name = isHorizontal ? inLines(title, size.width * 0.58) : title;
    const isFromZero = "MinMax" in range.DataOptions.NumericAxisOptions.Range;
    return {
      type: "value" as const,
      name,
      nameLocation: isHorizontal ? ("middle" as const) : ("end" as const),
      nameGap: isHorizontal ? 26 : 12,
      ...(isFromZero ? { min: 0 } : { scale: true }),
      splitNumber: Math.max(2, Math.min(5, Math.floor(isHorizontal ? size.width / 140 : size.height / 45))),
      ...(index > 0 && { alignTicks: true }),
      ...style,
      ...(index > 0 && { splitLine: { show: false } }),
      nameTextStyle: {
        ...style.nameTextStyle,
        ...(isHorizontal && { lineHeight: 14 }),
        ...(!isHorizontal && { align: index === 0 ? ("left" as const) : ("right" as const) }),
      },
      axisLabel: { ...style.axisLabel, hideOverlap: true, formatter: (value: number) => tickText(value, isShare) },
    };
  });
  const drawn = {
    grid: {
      left: 2,
      right: isHorizontal || axes.length > 1 ? 4 : 12,
      top: 4,
      bottom: 2,
      outerBoundsMode: "same" as const,
      outerBoundsContain: "all" as const,
    },
    tooltip: {
      ...common.tooltip,
      trigger: "axis" as const,
      axisPointer: {
        type: isLine ? ("line" as const) : ("shadow" as const),
        lineStyle: { color: colors.mutedText, type: "solid" as const, width: 1 },
        shadowStyle: { color: colors.mutedText, opacity: 0.1 },
        label: { show: false },
      },
      formatter: (at: unknown) => {
        const [first] = (Array.isArray(at) ? at : [at]) as { dataIndex: number }[];
        return tipElement(tips(first?.dataIndex ?? 0));
      },
    },
    series: series.map((one, index) => seriesOf(drawing, plot, one, arrangement, index)),
  };
  const named = { ...category, name: categoryTitle, nameLocation: "middle" as const, nameGap: 26 };
  return isHorizontal
    ? { ...common, ...drawn, xAxis: values, yAxis: { ...category, inverse: true } }
    : { ...common, ...drawn, xAxis: named, yAxis: values };
}

/** Breaks a title that is too long for its axis before the word that passes its end. */
function inLines(title: string, width: number): string {
  const most = Math.floor(width / letterWidth);
  return title.split(" ").reduce((text, word) => {
    const line = text.slice(text.lastIndexOf("\n") + 1);
    return `${text}${line.length + 1 + word.length > most ? "\n" : " "}${word}`;
  });
}

/** Labels that there is room for. */
function labelsOf({ colors }: Drawing, { category, categories }: Plot, isHorizontal: boolean, { width }: Size) {
  const { axisLabel } = categoryStyle(colors);
  if (isHorizontal) {
    const room = Math.min(190, width * 0.36);
    return {
      axisTick: { show: false },
      axisLabel: { ...axisLabel, interval: 0, width: room, overflow: "truncate" as const },
    };
  }
  if (category.type !== "time" || category.granularity === undefined) {
    return { axisTick: { show: false }, axisLabel: { ...axisLabel, overflow: "truncate" as const } };
  }
  const steps = categories.filter((value) => typeof value === "number");
  const ticks = timeTicks(steps, category.granularity, Math.floor(width / 62));
  const interval = (index: number) => ticks.has(index);
  return {
    axisTick: { interval, lineStyle: { color: colors.faint } },
    axisLabel: { ...axisLabel, interval, formatter: (_: string, index: number) => ticks.get(index) ?? "" },
  };
}

function seriesOf(
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

function tipOf(
  drawing: DrawingOf<Kind>,
  plot: Plot,
  series: Series[],
  { isStacked }: Arrangement,
  dataIndex: number,
): Tip {
  const { visual } = drawing;
  const rows = series.flatMap((one) => {
    const value = one.values[dataIndex] ?? null;
    if (value === null) return [];
    return [{ name: one.name, value: cellText(value, one.measure, visual), color: colorOf(drawing, plot, one) }];
  });
  const format = series[0] && visual.formats.get(series[0].measure.field)?.number;
  const all = series.reduce((sum, { values }) => sum + (values[dataIndex] ?? 0), 0);
  return {
    title: cellText(plot.categories[dataIndex] ?? null, plot.category, visual),
    rows: [
      ...(rows.length === 0 ? [{ name: "no value", value: "" }] : rows),
      ...(isStacked && rows.length > 1
        ? [{ name: "Sum", value: format ? numberText(all, format) : countText(all) }]
        : []),
    ],
  };
}

function markAt({ category, categories }: Plot, series: Series | undefined, dataIndex: number): Mark {
  const at = [category, categories[dataIndex] ?? null] as const;
  return series?.color ? markOf(at, [series.color.column, series.color.value]) : markOf(at);
}

/** One for each category; where a click asks for the colour, one for each bar. */
function stopsOf(
  drawing: DrawingOf<Kind>,
  plot: Plot,
  series: Series[],
  tips: (dataIndex: number) => Tip,
): Pick<DrawnChart, "stops" | "stopsOfRow"> {
  const action = clickOf(drawing);
  const color = series[0]?.color?.column.field;
  const asksForColor = color !== undefined && JSON.stringify(action?.ActionOperations ?? "").includes(`"${color}"`);
  const words = (value: Cell) => cellText(value, plot.category, drawing.visual);
  if (!asksForColor) {
    const stops = plot.categories.map((_, dataIndex): Stop => ({
      seriesIndex: 0,
      dataIndex,
      text: tipText(tips(dataIndex)),
    }));
    return { stops, stopsOfRow: 1 };
  }
  const stops = plot.categories.flatMap((category, dataIndex) =>
    series.map((one, seriesIndex): Stop | undefined => {
      const value = one.values[dataIndex] ?? null;
      if (value === null) return undefined;
      const text = `${words(category)}, ${one.name}: ${cellText(value, one.measure, drawing.visual)}`;
      return { seriesIndex, dataIndex, text };
    }),
  );
  return { stops, stopsOfRow: series.length };
}
