import type { DashboardDefinition, Sheet } from "../../../components/dashboard/definition/schema.ts";
import type { City, ParameterValue } from "../../api.ts";
import type { Colors } from "../colors.ts";
import { declaredValues, parametersOf } from "../definition/parameters.ts";
import { drawnVisual, type DrawnVisual } from "../definition/visual.ts";
import { element, fill } from "../dom.ts";
import type { Dashboard } from "../server.ts";
import type { View } from "../view.ts";
import { VisualFrame } from "../visual/frame.ts";
import { viewAfter } from "./acts.ts";
import { clockNames, clockNote } from "./clocks.ts";
import { type Control, controlOf } from "./controls.ts";

/** What a sheet asks the page. */
export interface Page {
  colors: () => Colors;
  cities: readonly City[];
  /** The dashboard as it stands now. */
  dashboard: () => Dashboard;
  view: () => View;
  go: (view: View) => void;
}

/** A declared sheet: its question, its controls, what is chosen, and its visuals in their grid. */
export class SheetView {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #sheet: Sheet;
  readonly #definition: DashboardDefinition;
  readonly #declared: Record<string, ParameterValue>;
  readonly #controls: Control[];
  readonly #frames: VisualFrame[];
  /** By visual, the parameters that filter it. */
  readonly #parameters: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #chosen = element("div", { class: "chosen" });
  readonly #state = element("p", { class: "sheet-state", role: "status" });
  readonly #clocks = element("p", { class: "clocks" });

  constructor(sheet: Sheet, page: Page) {
    this.#page = page;
    this.#sheet = sheet;
    const { definition, id: dashboard } = page.dashboard();
    this.#definition = definition;
    this.#declared = declaredValues(definition);
    const visuals = sheet.Visuals.map(drawnVisual);
    this.#parameters = new Map(visuals.map((visual) => [visual.id, parametersOf(definition, sheet.SheetId, visual)]));
    this.#controls = sheet.ParameterControls.map((control) =>
      controlOf(control, {
        dashboard,
        valueOf: (name) => this.#valueOf(name),
        declared: (name) => this.#declared[name],
        chosen: () => page.view().parameters,
        choose: (name, value) => this.#choose(name, value),
      }),
    );
    this.#frames = visuals.map(
      (visual) =>
        new VisualFrame(visual, {
          colors: page.colors,
          requestOf: (one) => this.#requestOf(one),
          pickedIn: ({ id }) => page.view().picks.find((pick) => pick.visual === id)?.picked ?? [],
          clock: (label) => clockNames(page.cities, this.#cities())(label),
          act: (one, action, mark) => page.go(viewAfter(page.view(), { visual: one, action, mark }, definition)),
          hasFailed: ({ dataSet }) => page.dashboard().dataSets[dataSet]?.state === "failed",
          reset: () => (this.#isChosen() ? () => this.#reset() : undefined),
        }),
    );
    this.element = element(
      "div",
      { class: "sheet" },
      element(
        "div",
        { class: "sheet-head" },
        element("h1", { tabindex: -1 }, sheet.Title),
        element("p", { class: "sheet-description" }, sheet.Description),
      ),
      element(
        "div",
        { "class": "controls", "role": "group", "aria-label": "Filters" },
        ...this.#controls.map((one) => one.element),
        this.#state,
      ),
      this.#chosen,
      this.#grid(),
      this.#clocks,
    );
    this.update();
  }

  /** Shows what is chosen now: only visuals that it touches are asked for. */
  update(): void {
    for (const control of this.#controls) control.update();
    this.#drawChosen();
    this.#drawState();
    this.#clocks.textContent = `Each city by its own clock. ${clockNote(this.#page.cities, this.#cities())}`;
    for (const frame of this.#frames) frame.update();
  }

  /** Asks anew for the visuals of a data set. */
  refresh(dataSet: string): void {
    this.#drawState();
    for (const frame of this.#frames) if (frame.visual.dataSet === dataSet) frame.refresh();
  }

  recolor(): void {
    for (const frame of this.#frames) frame.recolor();
  }

  dispose(): void {
    for (const one of [...this.#frames, ...this.#controls]) one.dispose();
  }

  #grid(): HTMLElement {
    const [{ Configuration }] = this.#sheet.Layouts;
    const places = new Map(Configuration.GridLayout.Elements.map((place) => [place.ElementId, place]));
    for (const { element: figure, visual } of this.#frames) {
      const place = places.get(visual.id);
      if (!place) continue;
      figure.style.setProperty("--column", `${place.ColumnIndex + 1} / span ${place.ColumnSpan}`);
      figure.style.setProperty("--row", `${place.RowIndex + 1} / span ${place.RowSpan}`);
      figure.style.setProperty("--rows", String(place.RowSpan));
      figure.classList.add(place.ColumnSpan <= 9 ? "narrow" : "wide");
    }
    return element("div", { class: "grid" }, ...this.#frames.map((frame) => frame.element));
  }

  #valueOf(name: string): ParameterValue | undefined {
    return this.#page.view().parameters[name] ?? this.#declared[name];
  }

  #choose(name: string, value: ParameterValue): void {
    const view = this.#page.view();
    const others = Object.fromEntries(Object.entries(view.parameters).filter(([one]) => one !== name));
    const isDeclared = JSON.stringify(value) === JSON.stringify(this.#declared[name]);
    this.#page.go({ ...view, parameters: isDeclared ? others : { ...others, [name]: value } });
  }

  #cities(): readonly string[] {
    const value = this.#valueOf("City");
    return Array.isArray(value) ? value : [];
  }

  #requestOf(visual: DrawnVisual) {
    const { id: dashboard, dataSets } = this.#page.dashboard();
    const { parameters, picks } = this.#page.view();
    const named = this.#parameters.get(visual.id);
    const columns = new Set(dataSets[visual.dataSet]?.columns.map(({ name }) => name));
    const picked = picks
      .filter((pick) => pick.visual !== visual.id)
      .flatMap((pick) => pick.picked)
      .filter(({ column }) => columns.has(column));
    return {
      dashboard,
      visual: visual.id,
      parameters: Object.fromEntries(Object.entries(parameters).filter(([name]) => named?.has(name))),
      picks: picked,
    };
  }

  #isChosen(): boolean {
    const { parameters, picks } = this.#page.view();
    return picks.length > 0 || Object.keys(parameters).length > 0;
  }

  #reset(): void {
    this.#page.go({ ...this.#page.view(), parameters: {}, picks: [] });
  }

  #drawChosen(): void {
    const view = this.#page.view();
    const inForce = new Set([...this.#parameters.values()].flatMap((names) => [...names]));
    const titles = new Map(
      this.#definition.Sheets.flatMap(({ ParameterControls }) =>
        ParameterControls.map((one) => ("Dropdown" in one ? one.Dropdown : one.DateTimePicker)),
      ).map(({ SourceParameterName, Title }) => [SourceParameterName, Title]),
    );
    const chips = [
      ...Object.entries(view.parameters)
        .filter(([name]) => inForce.has(name))
        .map(([name, value]) => {
          const text = Array.isArray(value) && value.length > 3 ? `${value.length} chosen` : [value].flat().join("; ");
          const declared = this.#declared[name];
          return chip(
            `${titles.get(name) ?? name}: ${text}`,
            () => declared !== undefined && this.#choose(name, declared),
          );
        }),
      ...view.picks.map((pick) =>
        chip(pick.text, () => this.#page.go({ ...view, picks: view.picks.filter((one) => one !== pick) })),
      ),
    ];
    const all = element("button", { type: "button", class: "link", on: { click: () => this.#reset() } }, "Show all");
    this.#chosen.hidden = chips.length === 0;
    fill(this.#chosen, ...(chips.length === 0 ? [] : [element("span", { class: "note" }, "Only"), ...chips, all]));
  }

  #drawState(): void {
    const { dataSets } = this.#page.dashboard();
    const used = [...new Set(this.#frames.map(({ visual }) => visual.dataSet))];
    const states = used.map((name) => dataSets[name]).filter((state) => state !== undefined);
    const times = states.flatMap(({ importedAt }) => importedAt ?? []);
    const failed = used.find((name) => dataSets[name]?.state === "failed");
    const parts = [
      times.length > 0 && `Data of ${clockTime(Math.max(...times))}`,
      states.some(({ state }) => state === "importing") && "new data are coming in",
      failed !== undefined && `${failed} could not be renewed: ${dataSets[failed]?.error ?? ""}`,
    ];
    this.#state.textContent = parts.filter((part) => part !== false).join(", ");
  }
}

function chip(text: string, remove: () => void): HTMLElement {
  return element(
    "button",
    { "type": "button", "class": "chip", "aria-label": `Let go of ${text}`, "on": { click: remove } },
    element("span", {}, text),
    element("span", { "aria-hidden": "true" }, "✕"),
  );
}

/** A moment by the reader's own clock. */
function clockTime(milliseconds: number): string {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" } as const;
  return new Date(milliseconds).toLocaleTimeString("en-US", options);
}
