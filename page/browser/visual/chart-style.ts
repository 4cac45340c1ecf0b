import type { Colors } from "../colors.ts";
import type { ChartOption } from "./chart-canvas.ts";

export const fontFamily =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif';

/** What all charts have in common. */
export function commonStyle({ text, panel, faint }: Colors): ChartOption {
  return {
    textStyle: { fontFamily, fontSize: 12, color: text },
    tooltip: {
      confine: true,
      backgroundColor: panel,
      borderColor: faint,
      borderWidth: 1,
      padding: [8, 10],
      textStyle: { color: text, fontSize: 12, fontFamily },
      transitionDuration: 0,
      extraCssText: "box-shadow: 0 4px 16px rgb(0 0 0 / 0.18); border-radius: 6px;",
    },
  };
}

/** Of an axis with names or times. */
export function categoryStyle({ mutedText, faint }: Colors) {
  return {
    axisLine: { lineStyle: { color: faint } },
    axisLabel: { color: mutedText, fontSize: 11, hideOverlap: true },
    nameTextStyle: { color: mutedText, fontSize: 11 },
  };
}

/** Of an axis with figures. */
export function valueStyle({ mutedText, faint }: Colors) {
  return {
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: faint, width: 1 } },
    axisLabel: { color: mutedText, fontSize: 11 },
    nameTextStyle: { color: mutedText, fontSize: 11 },
  };
}
