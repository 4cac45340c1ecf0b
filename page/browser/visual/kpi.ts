import type { Kpi } from "../../../components/dashboard/definition/schema.ts";
import { element } from "../dom.ts";
import { numberText } from "../format.ts";
import { cellText } from "./cell-text.ts";
import type { DrawnChart } from "./chart-canvas.ts";
import { commonStyle } from "./chart-style.ts";
import type { DrawingOf } from "./drawing.ts";
import { plotOf } from "./plot.ts";
import { tipElement, tipText } from "./tip.ts";

/** A figure as text, with what it is compared with. */
export function kpiFigure({ visual, data: { columns, rows } }: DrawingOf<"kpi">): HTMLElement {
  const { KPIOptions: options } = visual.chart;
  const placeOf = (role: "value" | "target" | "trend") => columns.findIndex((column) => column.role === role);
  const places = { value: placeOf("value"), target: placeOf("target"), trend: placeOf("trend") };
  const [column, trend] = [columns[places.value], columns[places.trend]];
  const [last, before] = [rows.at(-1), rows.at(-2)];
  const value = last?.[places.value] ?? null;
  const other = (places.target >= 0 ? last?.[places.target] : before?.[places.value]) ?? null;
  const day = trend && last ? cellText(last[places.trend] ?? null, trend, visual) : undefined;
  const compared =
    options.Comparison && typeof value === "number" && typeof other === "number" && column
      ? comparison(options, options.Comparison, value, other)
      : undefined;
  const otherName =
    trend && before ? cellText(before[places.trend] ?? null, trend, visual) : columns[places.target]?.label;
  return element(
    "div",
    { class: "kpi" },
    element(
      "p",
      { class: "kpi-value" },
      column ? cellText(value, column, visual) : "–",
      day !== undefined && element("span", { class: "kpi-when" }, day),
    ),
    compared !== undefined &&
      column &&
      element(
        "p",
        { class: "kpi-compared" },
        element("b", {}, compared),
        ` ${trend ? "than" : "of"} ${otherName ?? ""}`,
        options.SecondaryValue.Visibility === "VISIBLE" && `: ${cellText(other, column, visual)}`,
      ),
  );
}

function comparison(
  { TrendArrows }: Kpi["KPIOptions"],
  { ComparisonMethod, ComparisonFormat }: NonNullable<Kpi["KPIOptions"]["Comparison"]>,
  value: number,
  other: number,
): string {
  const difference = value - other;
  const arrow = difference > 0 ? "▲ " : difference < 0 ? "▼ " : "";
  const sign = difference > 0 && ComparisonMethod !== "PERCENT" ? "+" : "";
  const figure = {
    DIFFERENCE: difference,
    PERCENT_DIFFERENCE: other === 0 ? null : difference / Math.abs(other),
    PERCENT: other === 0 ? null : value / other,
  }[ComparisonMethod];
  return `${TrendArrows.Visibility === "VISIBLE" ? arrow : ""}${figure === null ? "" : sign}${numberText(figure, ComparisonFormat)}`;
}

/** The course of the figure, where one is declared and there is more than a point. */
export function sparkline(drawing: DrawingOf<"kpi">): DrawnChart | undefined {
  const { visual, data, colors } = drawing;
  if (visual.chart.KPIOptions.Sparkline.Visibility !== "VISIBLE") return undefined;
  const plot = plotOf(data);
  const [series] = plot?.series ?? [];
  if (!plot || !series || plot.categories.length < 2) return undefined;
  const common = commonStyle(colors);
  const tip = (dataIndex: number) => ({
    title: cellText(plot.categories[dataIndex] ?? null, plot.category, visual),
    rows: [{ name: series.name, value: cellText(series.values[dataIndex] ?? null, series.measure, visual) }],
  });
  return {
    height: 34,
    stops: plot.categories.map((_, dataIndex) => ({ seriesIndex: 0, dataIndex, text: tipText(tip(dataIndex)) })),
    stopsOfRow: 1,
    click: undefined,
    option: () => ({
      ...common,
      grid: { left: 3, right: 5, top: 5, bottom: 3 },
      tooltip: {
        ...common.tooltip,
        show: visual.chart.KPIOptions.Sparkline.TooltipVisibility === "VISIBLE",
        trigger: "axis",
        formatter: (at) => tipElement(tip((Array.isArray(at) ? at[0] : at)?.dataIndex ?? 0)),
      },
      xAxis: { type: "category", show: false, boundaryGap: false, data: plot.categories.map(String) },
      yAxis: { type: "value", show: false, scale: true },
      series: [
        {
          type: "line",
          data: series.values.map((value, index) => ({
            value,
            symbolSize: index === series.values.length - 1 ? 5 : 0,
          })),
          color: colors.data(0),
          lineStyle: { width: 1.5 },
          symbol: "circle",
          showAllSymbol: true,
          emphasis: { disabled: true },
        },
      ],
    }),
  };
}
