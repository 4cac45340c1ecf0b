import { element } from "../dom.ts";
import { swatch } from "./tip.ts";

/** What the colours of a chart mean; a click puts one away and back. */
export function seriesLegend(
  items: readonly { key: string; name: string; color: string; isShown: boolean }[],
  toggle: (key: string) => void,
): HTMLElement {
  return element(
    "ul",
    { "class": "legend", "aria-label": "Legend" },
    ...items.map(({ key, name, color, isShown }) =>
      element(
        "li",
        {},
        element(
          "button",
          {
            "type": "button",
            "class": "legend-item",
            "aria-pressed": String(isShown),
            "on": { click: () => toggle(key) },
          },
          swatch(color),
          name,
        ),
      ),
    ),
  );
}

/** The colours of a scale, with what stands at its ends. */
export function scaleLegend(colors: readonly string[], ends: readonly string[]): HTMLElement {
  const bar = element("span", { "class": "scale", "aria-hidden": "true" });
  bar.style.setProperty("background-image", `linear-gradient(to right, ${colors.join(", ")})`);
  const [least = "", ...others] = ends;
  return element("p", { class: "legend" }, element("span", {}, least), bar, element("span", {}, others.join(" ")));
}
