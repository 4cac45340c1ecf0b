import type { Cell } from "../../api.ts";
import { countText, numberText, tickText } from "../format.ts";
import { type Arrangement, arrangementOf, type Kind } from "./arrangement.ts";
import { colorOf, markAt, seriesOf } from "./cartesian-series.ts";
import { cellText } from "./cell-text.ts";
import type { ChartOption, DrawnChart, Size, Stop } from "./chart-canvas.ts";
import { categoryStyle, commonStyle, valueStyle } from "./chart-style.ts";
import { clickOf, type Drawing, type DrawingOf } from "./drawing.ts";
import type { Plot, Series } from "./plot.ts";
import { timeTicks } from "./time-steps.ts";
import { type Tip, tipElement, tipText } from "./tip.ts";

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
