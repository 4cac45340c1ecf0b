import type { Theme } from "../api.ts";
import { element } from "./dom.ts";

const choices = ["auto", "light", "dark"] as const;

type Choice = (typeof choices)[number];

const storageName = "metercast-theme";

/** Light or dark: as the reader's system is, or as the reader has chosen here. */
export class ThemeChoice {
  readonly button: HTMLButtonElement;
  readonly #system = matchMedia("(prefers-color-scheme: dark)");
  readonly #changed: () => void;
  #choice: Choice = kept();

  /** @param changed called when it has become dark or light */
  constructor(changed: () => void) {
    this.#changed = changed;
    this.button = element("button", { type: "button", class: "quiet theme-choice", on: { click: () => this.#next() } });
    this.#system.addEventListener("change", () => this.#tell());
    this.#name();
  }

  get dark(): boolean {
    return this.#choice === "auto" ? this.#system.matches : this.#choice === "dark";
  }

  /** Gives a theme's colours to the styles. */
  apply(theme: Theme | undefined): void {
    const { style } = document.documentElement;
    style.setProperty("color-scheme", this.dark ? "dark" : "light");
    if (!theme) return;
    for (const [name, color] of Object.entries(theme.interface)) style.setProperty(cssName(name), color);
    style.setProperty("--faint", theme.emptyFillColor);
    theme.colors.forEach((color, place) => style.setProperty(`--data-${place}`, color));
  }

  #next(): void {
    this.#choice = choices[(choices.indexOf(this.#choice) + 1) % choices.length] ?? "auto";
    localStorage.setItem(storageName, this.#choice);
    this.#tell();
  }

  #tell(): void {
    this.#name();
    this.#changed();
  }

  #name(): void {
    const names = { auto: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" };
    this.button.textContent = { auto: "◐", light: "☀", dark: "☾" }[this.#choice];
    this.button.setAttribute("aria-label", names[this.#choice]);
    this.button.title = names[this.#choice];
  }
}

function kept(): Choice {
  const text = localStorage.getItem(storageName);
  return choices.find((choice) => choice === text) ?? "auto";
}

/** primaryBackground: --primary-background */
function cssName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
