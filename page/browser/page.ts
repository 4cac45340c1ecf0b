import { Colors } from "./colors.ts";
import { Connection } from "./connection.ts";
import { element, fill, withCode } from "./dom.ts";
import { LiveView } from "./live/live-view.ts";
import { askDashboards, type Dashboard, type Dashboards, ServerError } from "./server.ts";
import { SheetView } from "./sheet/sheet-view.ts";
import { ThemeChoice } from "./theme-choice.ts";
import { addressOf, type View, viewOf } from "./view.ts";

/** The tab beside the declared sheets. */
const liveSheet = { id: "live", name: "Live" };

/** From where an action has led here, the first first: kept with each entry of the browser's history. */
interface Step {
  name: string;
  address: string;
}

const retryMilliseconds = 1500;

/** The whole page: tabs, theme, the sheet that is looked at, and what to say when the simulator is gone. */
export class Page {
  readonly #banner = element("p", { class: "banner", role: "alert", hidden: true });
  readonly #tabs = element("nav", { "class": "tabs", "aria-label": "Sheets" });
  readonly #trail = element("nav", { "class": "trail", "aria-label": "The way here", "hidden": true });
  readonly #main = element("main", { id: "main" });
  readonly #environment = element("span", { class: "environment" });
  readonly #theme = new ThemeChoice(() => this.#recolor());
  #shown: Dashboards = { environment: "", cities: [], dashboards: [] };
  #colors: Colors | undefined;
  #view: View = { sheet: "", parameters: {}, picks: [] };
  #sheet: { id: string; view: SheetView | LiveView } | undefined;

  constructor(body: HTMLElement) {
    this.#theme.apply(undefined);
    fill(
      body,
      element("a", { class: "skip", href: "#main", on: { click: (event) => this.#skip(event) } }, "Skip to the sheet"),
      element(
        "header",
        { class: "top" },
        element("p", { class: "brand" }, element("b", {}, "metercast"), this.#environment),
        this.#tabs,
        this.#theme.button,
      ),
      this.#banner,
      this.#trail,
      this.#main,
    );
    window.addEventListener("popstate", () => this.#arrive());
    // an address that was typed or a link inside the page, which is an entry of the history of its own
    window.addEventListener("hashchange", () => this.#arrive());
  }

  /** Shows what the address asks for, as soon as the simulator answers. */
  async start(): Promise<void> {
    // first, so that nothing happens unheard between the answer and the events
    new Connection({
      imported: ({ dashboard, dataSet }) => void this.#imported(dashboard, dataSet),
      execution: (event) => this.#live?.execution(event),
      status: () => this.#live?.refresh(),
      gone: () => this.#tellGone(),
      back: (restarted) => void this.#back(restarted),
    });
    await this.#load();
    this.#arrive();
  }

  get #live(): LiveView | undefined {
    return this.#sheet?.view instanceof LiveView ? this.#sheet.view : undefined;
  }

  async #load(): Promise<void> {
    for (;;) {
      try {
        this.#shown = await askDashboards();
        this.#banner.hidden = true;
        this.#environment.textContent = this.#shown.environment;
        this.#dress();
        return;
      } catch (error) {
        if (error instanceof ServerError && error.status === undefined) this.#tellGone();
        else this.#tell(error instanceof Error ? error.message : String(error));
        await new Promise((resolve) => setTimeout(resolve, retryMilliseconds));
      }
    }
  }

  #dress(): void {
    const [first] = this.#shown.dashboards;
    this.#colors = first && new Colors(first, this.#theme.dark);
    this.#theme.apply(this.#colors?.theme);
  }

  #recolor(): void {
    this.#dress();
    this.#sheet?.view.recolor();
  }

  /** What the address says is shown. */
  #arrive(): void {
    const [first] = this.#shown.dashboards;
    const view = viewOf(location.hash, first?.definition.ParameterDeclarations ?? []);
    const known = [...(first?.definition.Sheets.map(({ SheetId }) => SheetId) ?? []), liveSheet.id];
    this.#show(known.includes(view.sheet) ? view : { ...view, sheet: known[0] ?? liveSheet.id });
  }

  #go(view: View): void {
    const address = addressOf(view);
    if (address === location.hash) return;
    const isOther = view.sheet !== this.#view.sheet;
    const trail = isOther
      ? [...this.#steps(), { name: this.#nameOf(this.#view.sheet), address: addressOf(this.#view) }]
      : this.#steps();
    history.pushState({ trail }, "", address);
    this.#show(view);
    if (isOther) this.#main.querySelector("h1")?.focus();
  }

  #show(view: View): void {
    this.#view = view;
    const [first] = this.#shown.dashboards;
    const name = this.#nameOf(view.sheet);
    document.title = `${name} · metercast ${this.#shown.environment}`;
    this.#drawTabs();
    this.#drawTrail(name);
    if (this.#sheet?.id === view.sheet) {
      if (this.#sheet.view instanceof SheetView) this.#sheet.view.update();
      return;
    }
    this.#sheet?.view.dispose();
    const sheet = first?.definition.Sheets.find(({ SheetId }) => SheetId === view.sheet);
    const shown = first && sheet ? new SheetView(sheet, this.#around(first)) : new LiveView(first !== undefined);
    this.#sheet = { id: view.sheet, view: shown };
    fill(this.#main, shown.element);
    window.scrollTo(0, 0);
  }

  #around(first: Dashboard) {
    const current = () => this.#shown.dashboards[0] ?? first;
    return {
      colors: () => (this.#colors ??= new Colors(current(), this.#theme.dark)),
      cities: this.#shown.cities,
      dashboard: current,
      view: () => this.#view,
      go: (view: View) => this.#go(view),
    };
  }

  #drawTabs(): void {
    const sheets =
      this.#shown.dashboards[0]?.definition.Sheets.map(({ SheetId, Name }) => ({ id: SheetId, name: Name })) ?? [];
    fill(
      this.#tabs,
      ...[...sheets, liveSheet].map(({ id, name }) =>
        element(
          "a",
          {
            "href": addressOf({ sheet: id, parameters: this.#view.parameters, picks: [] }),
            "aria-current": id === this.#view.sheet ? "page" : undefined,
          },
          name,
        ),
      ),
    );
    this.#tabs.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #drawTrail(name: string): void {
    const steps = this.#steps();
    this.#trail.hidden = steps.length === 0;
    fill(
      this.#trail,
      element(
        "ol",
        {},
        ...steps.map((step, index) =>
          element(
            "li",
            {},
            element(
              "a",
              {
                href: step.address,
                on: {
                  click: (event) => {
                    event.preventDefault();
                    history.pushState({ trail: steps.slice(0, index) }, "", step.address);
                    this.#arrive();
                  },
                },
              },
              step.name,
            ),
          ),
        ),
        element("li", { "aria-current": "page" }, name),
      ),
    );
  }

  #steps(): Step[] {
    const { trail } = (history.state ?? {}) as { trail?: Step[] };
    return trail ?? [];
  }

  #nameOf(sheet: string): string {
    const found = this.#shown.dashboards[0]?.definition.Sheets.find(({ SheetId }) => SheetId === sheet);
    return found?.Name ?? liveSheet.name;
  }

  async #imported(dashboard: string, dataSet: string): Promise<void> {
    await this.#load();
    if (this.#shown.dashboards[0]?.id !== dashboard) return;
    if (this.#sheet?.view instanceof SheetView) this.#sheet.view.refresh(dataSet);
  }

  #tellGone(): void {
    this.#tell(
      "The simulator is stopped: this is what it last told. Start it with `npm start`, and the page goes on by itself.",
    );
  }

  #tell(message: string): void {
    fill(this.#banner, ...withCode(message));
    this.#banner.hidden = false;
  }

  /** What happened meanwhile was not told: data sets are compared. Another process may have another declaration. */
  async #back(restarted: boolean): Promise<void> {
    const before = this.#shown.dashboards[0];
    await this.#load();
    const now = this.#shown.dashboards[0];
    this.#live?.refresh();
    if (restarted && JSON.stringify(before?.definition) !== JSON.stringify(now?.definition)) {
      location.reload();
      return;
    }
    if (!(this.#sheet?.view instanceof SheetView) || !now) return;
    this.#sheet.view.update();
    for (const [name, state] of Object.entries(now.dataSets)) {
      if (state.importedAt !== before?.dataSets[name]?.importedAt) this.#sheet.view.refresh(name);
    }
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.#main.querySelector("h1")?.focus();
  }
}
