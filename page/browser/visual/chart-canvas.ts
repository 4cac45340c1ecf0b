import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import type { BarSeriesOption, HeatmapSeriesOption, LineSeriesOption } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent, VisualMapContinuousComponent } from "echarts/components";
import type { GridComponentOption, TooltipComponentOption, VisualMapComponentOption } from "echarts/components";
import { type ComposeOption, type ECharts, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { element } from "../dom.ts";

use([
  BarChart,
  HeatmapChart,
  LineChart,
  GridComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
  CanvasRenderer,
]);

export type ChartOption = ComposeOption<
  | BarSeriesOption
  | HeatmapSeriesOption
  | LineSeriesOption
  | GridComponentOption
  | TooltipComponentOption
  | VisualMapComponentOption
>;

export interface Size {
  width: number;
  height: number;
}

/** A chart, and how it is walked through without a mouse. */
export interface DrawnChart {
  option: (size: Size) => ChartOption;
  /** Pixels that it needs at least, to be read. */
  height: number;
  /** Marks to walk through, row by row; empty places are passed over. */
  stops: readonly (Stop | undefined)[];
  /** Stops that stand in one row: up and down go from row to row. */
  stopsOfRow: number;
  /** What a click on a mark does. */
  click: ((seriesIndex: number, dataIndex: number) => void) | undefined;
}

export interface Stop {
  seriesIndex: number;
  dataIndex: number;
  /** What a screen reader says of it. */
  text: string;
}

/** ECharts on a canvas, with what a canvas lacks: it can be entered by the keyboard, and says what it shows. */
export class ChartCanvas {
  readonly element: HTMLElement;
  readonly #said = element("p", { "class": "unseen", "aria-live": "polite" });
  readonly #resizing: ResizeObserver;
  #chart: ECharts | undefined;
  #drawn: DrawnChart | undefined;
  #place = -1;
  #size: Size = { width: 0, height: 0 };

  /** @param label says what the chart is, and what its keys do */
  constructor(label: string) {
    const surface = element("div", { "class": "chart-surface", "aria-hidden": "true" });
    this.element = element(
      "div",
      {
        "class": "chart",
        "tabindex": 0,
        "role": "group",
        "aria-roledescription": "chart",
        "aria-label": label,
        "on": { keydown: (event) => this.#walk(event), blur: () => this.#leave() },
      },
      surface,
      this.#said,
    );
    this.#resizing = new ResizeObserver(([entry]) => {
      if (entry) this.#resize(surface, entry.contentRect);
    });
    this.#resizing.observe(surface);
  }

  draw(drawn: DrawnChart): void {
    this.#drawn = drawn;
    this.#place = -1;
    this.element.style.setProperty("--least-height", `${Math.round(drawn.height)}px`);
    this.#paint();
  }

  dispose(): void {
    this.#resizing.disconnect();
    this.#chart?.dispose();
  }

  #resize(surface: HTMLElement, { width, height }: DOMRectReadOnly): void {
    if (width < 1 || height < 1) return;
    this.#size = { width, height };
    if (this.#chart) this.#chart.resize({ width, height });
    else {
      this.#chart = init(surface, null, { width, height });
      this.#chart.on("click", ({ seriesIndex, dataIndex }) => {
        if (seriesIndex !== undefined) this.#drawn?.click?.(seriesIndex, dataIndex);
      });
    }
    this.#paint();
  }

  #paint(): void {
    if (!this.#chart || !this.#drawn) return;
    this.#chart.setOption({ animation: false, ...this.#drawn.option(this.#size) }, { notMerge: true });
  }

  #walk(event: KeyboardEvent): void {
    const { stops, stopsOfRow, click } = this.#drawn ?? { stops: [], stopsOfRow: 1, click: undefined };
    const current = stops[this.#place];
    if (event.key === "Enter" || event.key === " ") {
      if (!current || !click) return;
      event.preventDefault();
      click(current.seriesIndex, current.dataIndex);
      return;
    }
    if (event.key === "Escape") return this.#leave();
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: stopsOfRow,
      ArrowUp: -stopsOfRow,
      Home: -Infinity,
      End: Infinity,
    };
    const step = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
    if (step === undefined) return;
    event.preventDefault();
    this.#go(nextStop(stops, this.#place, step));
  }

  #go(place: number): void {
    const stop = this.#drawn?.stops[place];
    if (!stop) return;
    this.#place = place;
    const { seriesIndex, dataIndex, text } = stop;
    this.#chart?.dispatchAction({ type: "showTip", seriesIndex, dataIndex });
    this.#said.textContent = text;
  }

  #leave(): void {
    this.#place = -1;
    this.#chart?.dispatchAction({ type: "hideTip" });
  }
}

/** From a place in a direction to the next that is not empty; the place itself where there is none. */
function nextStop(stops: readonly unknown[], place: number, step: number): number {
  const places = [...stops.keys()].filter((index) => stops[index] !== undefined);
  if (place < 0 || step === -Infinity) return (step === -1 ? places.at(-1) : places[0]) ?? -1;
  if (step === Infinity) return places.at(-1) ?? -1;
  for (let next = place + step; next >= 0 && next < stops.length; next += step) {
    if (stops[next] !== undefined) return next;
  }
  return place;
}
