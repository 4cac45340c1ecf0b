import type { ControlValues } from "../../api.ts";
import { element, fill } from "../dom.ts";
import { countText } from "../format.ts";

/** With fewer values than these, all are seen at once. */
const searchedFrom = 9;
/** More are found by their name. */
const mostShown = 200;

export interface MultiChoiceOptions {
  title: string;
  /** What can be chosen now. */
  ask: () => Promise<ControlValues>;
  chosen: () => readonly string[];
  choose: (values: string[]) => void;
}

/** A control for several texts of many; none chosen is all of them. */
export class MultiChoice {
  readonly element: HTMLElement;
  readonly #options: MultiChoiceOptions;
  readonly #button: HTMLButtonElement;
  readonly #list = element("ul", {});
  readonly #note = element("p", { class: "note", role: "status" });
  readonly #search: HTMLInputElement;
  readonly #panel: HTMLElement;
  #values: ControlValues = { values: [], truncated: false };

  constructor(options: MultiChoiceOptions) {
    this.#options = options;
    const { title } = options;
    const id = `choice-${title.toLowerCase().replace(/\W+/g, "-")}`;
    this.#button = element("button", {
      "type": "button",
      "class": "choice-button",
      "aria-expanded": "false",
      "aria-controls": id,
      "on": { click: () => (this.#panel.hidden ? void this.#open() : this.#close()) },
    });
    this.#search = element("input", {
      "type": "search",
      "placeholder": "Find",
      "aria-label": `Find ${title}`,
      "on": { input: () => this.#draw() },
    });
    this.#panel = element(
      "div",
      { "id": id, "class": "choice-panel", "role": "dialog", "aria-label": title, "hidden": true },
      this.#search,
      element("button", { type: "button", class: "link", on: { click: () => this.#choose([]) } }, "All"),
      this.#list,
      this.#note,
    );
    this.element = element(
      "div",
      {
        class: "choice",
        on: {
          keydown: (event) => {
            if (event.key !== "Escape" || this.#panel.hidden) return;
            this.#close();
            this.#button.focus();
          },
          focusout: ({ relatedTarget }) => {
            if (relatedTarget instanceof Node && !this.element.contains(relatedTarget)) this.#close();
          },
        },
      },
      element("span", { "class": "control-title", "aria-hidden": "true" }, title),
      this.#button,
      this.#panel,
    );
    document.addEventListener("pointerdown", this.#outside);
    this.update();
  }

  /** Shows what is chosen. */
  update(): void {
    const chosen = this.#options.chosen();
    const text =
      chosen.length === 0 ? "All" : chosen.length === 1 ? (chosen[0] ?? "") : `${countText(chosen.length)} chosen`;
    this.#button.textContent = text;
    this.#button.setAttribute("aria-label", `${this.#options.title}: ${text}`);
    for (const box of this.#list.querySelectorAll("input")) box.checked = chosen.includes(box.value);
  }

  dispose(): void {
    document.removeEventListener("pointerdown", this.#outside);
  }

  readonly #outside = ({ target }: Event): void => {
    if (target instanceof Node && !this.element.contains(target)) this.#close();
  };

  async #open(): Promise<void> {
    this.#panel.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
    this.#search.value = "";
    this.#note.textContent = "";
    try {
      this.#values = await this.#options.ask();
      this.#search.hidden = this.#values.values.length < searchedFrom;
      this.#draw();
    } catch (error) {
      this.#note.textContent = error instanceof Error ? error.message : String(error);
    }
    if (this.#panel.hidden) return;
    const first = this.#search.hidden ? this.#list.querySelector("input") : this.#search;
    first?.focus();
  }

  #close(): void {
    this.#panel.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
  }

  #draw(): void {
    const sought = this.#search.value.trim().toLowerCase();
    const chosen = this.#options.chosen();
    const all = [...new Set([...chosen, ...this.#values.values])];
    const found = all.filter((value) => value.toLowerCase().includes(sought));
    fill(this.#list, ...found.slice(0, mostShown).map((value) => this.#item(value, chosen.includes(value))));
    const rest = found.length - mostShown;
    this.#note.textContent =
      rest > 0 || this.#values.truncated ? "More are found by their name." : found.length === 0 ? "There is none." : "";
  }

  #item(value: string, isChosen: boolean): HTMLElement {
    const box: HTMLInputElement = element("input", {
      type: "checkbox",
      value,
      on: { change: () => this.#change(value, box.checked) },
    });
    box.checked = isChosen;
    return element("li", {}, element("label", {}, box, element("span", {}, value)));
  }

  #change(value: string, isChosen: boolean): void {
    const others = this.#options.chosen().filter((one) => one !== value);
    this.#choose(isChosen ? [...others, value] : others);
  }

  #choose(values: string[]): void {
    this.#options.choose(values);
    this.update();
  }
}
