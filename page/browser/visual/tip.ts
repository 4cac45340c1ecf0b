import { element } from "../dom.ts";

/** What is told of a mark, by a bubble beside it and by a screen reader. */
export interface Tip {
  title: string;
  rows: { name: string; value: string; color?: string }[];
}

export function tipElement({ title, rows }: Tip): HTMLElement {
  return element(
    "div",
    { class: "tip" },
    element("p", { class: "tip-title" }, title),
    ...rows.map(({ name, value, color }) =>
      element("p", { class: "tip-row" }, swatch(color), element("span", {}, name), element("b", {}, value)),
    ),
  );
}

export function tipText({ title, rows }: Tip): string {
  return `${title}: ${rows.map(({ name, value }) => `${name} ${value}`).join("; ")}`;
}

/** A small square of a colour. */
export function swatch(color: string | undefined): HTMLElement | undefined {
  if (color === undefined) return undefined;
  const made = element("span", { "class": "swatch", "aria-hidden": "true" });
  made.style.setProperty("background-color", color);
  return made;
}
