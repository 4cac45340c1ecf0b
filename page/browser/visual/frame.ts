import type { Action } from "../../../components/dashboard/definition/schema.ts";
import type { Picked, VisualData, VisualRequest } from "../../api.ts";
import type { Colors } from "../colors.ts";
import type { DrawnVisual } from "../definition/visual.ts";
import { type Child, element, fill, withCode } from "../dom.ts";
import { askVisual, fileAddress, notYet, ServerError } from "../server.ts";
import { needsLegend } from "./arrangement.ts";
import { colorOf } from "./cartesian-series.ts";
import { cartesian } from "./cartesian.ts";
import { cellText } from "./cell-text.ts";
import { ChartCanvas, type DrawnChart } from "./chart-canvas.ts";
import { clickOf, type Drawing, type DrawingOf, type Mark } from "./drawing.ts";
import { footnotes } from "./footnotes.ts";
import { gridOf, heatMap, scaleColors } from "./heat-map.ts";
import { kpiFigure, sparkline } from "./kpi.ts";
import { scaleLegend, seriesLegend } from "./legend.ts";
import { plotOf } from "./plot.ts";
import { rowTable } from "./row-table.ts";

/** What a visual asks its sheet. */
export interface Surroundings {
  colors: () => Colors;
  requestOf: (visual: DrawnVisual) => VisualRequest;
  pickedIn: (visual: DrawnVisual) => readonly Picked[];
  clock: (label: string) => string;
  act: (visual: DrawnVisual, action: Action, mark: Mark) => void;
  /** Lets go of all that was chosen; undefined where nothing was. */
  reset: () => (() => void) | undefined;
  /** Whether the last import of the visual's data set has failed. */
  hasFailed: (visual: DrawnVisual) => boolean;
}

/** A visual with its title, its legend, its figures as a table and as a file, and what is to be said where there are none. */
export class VisualFrame {
  readonly element: HTMLElement;
  readonly visual: DrawnVisual;
  readonly #around: Surroundings;
  readonly #legend = element("div", { class: "legend-place" });
  readonly #body = element("div", { class: "visual-body" });
  readonly #foot = element("div", { class: "visual-foot" });
  readonly #asTable: HTMLButtonElement;
  readonly #file: HTMLAnchorElement;
  readonly #hidden = new Set<string>();
  #canvas: ChartCanvas | undefined;
  #data: VisualData | undefined;
  #request = "";
  #page = 1;
  #asking: AbortController | undefined;

  constructor(visual: DrawnVisual, around: Surroundings) {
    this.visual = visual;
    this.#around = around;
    const { id, title, subtitle, description, kind } = visual;
    this.#asTable = element(
      "button",
      {
        "type": "button",
        "class": "quiet",
        "aria-pressed": "false",
        "aria-label": `${title} as a table`,
        "on": { click: () => this.#turn() },
      },
      "Table",
    );
    this.#file = element(
      "a",
      { "class": "quiet", "href": "/api/visual.csv", "download": "", "aria-label": `${title} as CSV` },
      "CSV",
    );
    const heading = `visual-${id}`;
    this.element = element(
      "figure",
      { "class": `visual ${kind.replace(" ", "-")}`, "role": "figure", "aria-labelledby": heading, "data-visual": id },
      element(
        "header",
        {},
        element(
          "div",
          { class: "visual-names" },
          element("h2", { id: heading }, title),
          subtitle !== undefined && element("p", { class: "subtitle" }, subtitle),
        ),
        element("div", { class: "tools" }, kind !== "table" && kind !== "kpi" && this.#asTable, this.#file),
      ),
      element("p", { class: "unseen" }, description),
      this.#legend,
      this.#body,
      this.#foot,
    );
  }

  /** Asks for what is to be shown now, unless that is what is shown. */
  update(): void {
    const request = this.#asked();
    if (request !== this.#request) {
      this.#page = 1;
      this.refresh();
    } else this.#draw();
  }

  /** Asks anew. What is there stays until the answer is. */
  refresh(): void {
    this.#request = this.#asked();
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    const request = this.#paged();
    this.#file.href = fileAddress(this.#around.requestOf(this.visual));
    this.element.setAttribute("aria-busy", "true");
    void askVisual(request, asking.signal)
      .then(
        (data) => {
          this.#data = data;
          this.#draw();
        },
        (error: unknown) => this.#failed(error),
      )
      .finally(() => {
        if (this.#asking === asking) this.element.removeAttribute("aria-busy");
      });
  }

  /** Draws the same in other colours. */
  recolor(): void {
    this.#draw();
  }

  dispose(): void {
    this.#asking?.abort();
    this.#canvas?.dispose();
  }

  #asked(): string {
    return JSON.stringify(this.#around.requestOf(this.visual));
  }

  #paged(): VisualRequest {
    const request = this.#around.requestOf(this.visual);
    return this.visual.kind === "table" ? { ...request, page: this.#page } : request;
  }

  #turn(): void {
    this.#asTable.setAttribute("aria-pressed", String(this.#asTable.getAttribute("aria-pressed") !== "true"));
    this.#draw();
  }

  #failed(error: unknown): void {
    if (error instanceof DOMException && error.name === "AbortError") return;
    this.#request = ""; // so that the next update asks again
    // the banner tells of a simulator that is gone, and what was shown is worth more than an error in its place
    if (error instanceof ServerError && error.status === undefined && this.#data) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#data = undefined;
    // without data there is nothing wrong yet: they are to come
    const isWaiting = error instanceof ServerError && error.status === notYet && !this.#around.hasFailed(this.visual);
    this.#say(isWaiting ? "message" : "message failed", message);
  }

  #draw(): void {
    const { visual } = this;
    const data = this.#data;
    if (!data) return;
    const drawing = {
      visual,
      data,
      colors: this.#around.colors(),
      hidden: this.#hidden,
      picked: this.#around.pickedIn(visual),
      clock: this.#around.clock,
      act: (action: Action, mark: Mark) => this.#around.act(visual, action, mark),
    };
    fill(
      this.#foot,
      ...footnotes(visual, data, this.#page, (page) => {
        this.#page = page;
        this.refresh();
      }),
    );
    if (data.rows.length === 0) return this.#sayEmpty();
    switch (visual.kind) {
      case "table":
        return this.#drawTable(drawing);
      case "kpi":
        return this.#drawKpi({ ...drawing, visual });
      case "heat map": {
        const grid = gridOf({ ...drawing, visual });
        if (!grid) return this.#sayEmpty();
        const { value, least, most } = grid;
        const ends = [least, most].map((end) => cellText(end, value, visual));
        const hasLegend = visual.chart.Legend.Visibility === "VISIBLE";
        return this.#drawChart(
          drawing,
          heatMap({ ...drawing, visual }, grid),
          hasLegend ? scaleLegend(scaleColors({ ...drawing, visual }), ends) : undefined,
        );
      }
      default: {
        const plot = plotOf(data);
        if (!plot) return this.#sayEmpty();
        const shown = { ...drawing, visual } as DrawingOf<"line" | "bar" | "combo">;
        const items = plot.series.map((one) => ({
          key: one.key,
          name: one.name,
          color: colorOf(shown, plot, one),
          isShown: !this.#hidden.has(one.key),
        }));
        const legend = needsLegend(shown, plot) ? seriesLegend(items, (key) => this.#toggle(key)) : undefined;
        return this.#drawChart(drawing, cartesian(shown, plot), legend);
      }
    }
  }

  #drawChart(drawing: Drawing, drawn: DrawnChart, legend: HTMLElement | undefined): void {
    if (this.#asTable.getAttribute("aria-pressed") === "true") {
      fill(this.#legend);
      return this.#drawTable(drawing);
    }
    const focused = this.#legend.contains(document.activeElement) ? document.activeElement?.textContent : undefined;
    fill(this.#legend, legend);
    if (focused !== undefined) {
      [...this.#legend.querySelectorAll("button")].find(({ textContent }) => textContent === focused)?.focus();
    }
    const action = clickOf(drawing);
    const keys = `arrow keys walk through it${action ? `, Enter: ${action.Name}` : ""}`;
    this.#canvas ??= new ChartCanvas(`${this.visual.title}: ${keys}`);
    if (this.#canvas.element.parentElement !== this.#body) fill(this.#body, this.#canvas.element);
    this.#canvas.draw(drawn);
  }

  #drawKpi(drawing: DrawingOf<"kpi">): void {
    const course = sparkline(drawing);
    const figure = kpiFigure(drawing);
    if (!course) return fill(this.#body, figure);
    this.#canvas ??= new ChartCanvas(`${this.visual.title}, its course: arrow keys walk through it`);
    const focused = document.activeElement === this.#canvas.element;
    fill(this.#body, figure, this.#canvas.element);
    if (focused) this.#canvas.element.focus();
    this.#canvas.draw(course);
  }

  #drawTable(drawing: Drawing): void {
    const before = this.#body.querySelector(".table-scroll");
    const place = before ? { top: before.scrollTop, left: before.scrollLeft } : undefined;
    const buttons = before ? [...before.querySelectorAll("button")] : [];
    const focused = buttons.findIndex((button) => button === document.activeElement);
    const table = rowTable(drawing);
    fill(this.#body, table);
    if (place) table.scrollTo(place);
    if (focused >= 0) table.querySelectorAll("button")[focused]?.focus();
  }

  #toggle(key: string): void {
    if (!this.#hidden.delete(key)) this.#hidden.add(key);
    this.#draw();
  }

  #sayEmpty(): void {
    const reset = this.#around.reset();
    this.#say(
      "message",
      this.visual.kind === "kpi" ? "None" : "Nothing to show",
      reset
        ? element("button", { type: "button", class: "link", on: { click: reset } }, "Show all again")
        : this.visual.kind !== "kpi" && "There are no rows like these in the data so far.",
    );
  }

  #say(kind: string, title: string, ...more: Child[]): void {
    fill(this.#legend);
    fill(
      this.#body,
      element(
        "div",
        { class: kind, role: "status" },
        element("p", {}, ...withCode(title)),
        ...more.filter(Boolean).map((one) => element("p", { class: "hint" }, one)),
      ),
    );
  }
}
