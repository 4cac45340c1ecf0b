import type { Ends, PipelineEnds, Status } from "../../api.ts";
import { element, fill } from "../dom.ts";
import { countText } from "../format.ts";
import { panel } from "./panel.ts";

/** What became of everything that was accepted. */
export class EndsPanel {
  readonly #body = element("div", { class: "ends" });
  readonly element = panel("ends", "What became of what arrived", this.#body);

  draw({ ends, endsError, unrouted }: Status): void {
    if (!ends)
      return fill(this.#body, element("p", { class: "message" }, endsError ?? "Nothing has been counted yet."));
    const names: [string, keyof Ends][] = [
      ["Readings", "readings"],
      ["Weather", "weather"],
    ];
    fill(
      this.#body,
      ...names.map(([name, key]) => pipelineElement(name, ends[key])),
      unrouted > 0 &&
        element(
          "p",
          { class: "note" },
          `${countText(unrouted)} ${unrouted === 1 ? "message was" : "messages were"} published on topics that no rule takes: `,
          element("code", {}, "metercast channel unrouted"),
          " lists them.",
        ),
    );
  }
}

function pipelineElement(name: string, { accepted, stored, dropped, rejected }: PipelineEnds): HTMLElement {
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, one) => all + one, 0);
  const parts = [
    { end: "stored", count: stored, causes: {} },
    { end: "dropped", count: sum(dropped), causes: dropped },
    { end: "rejected", count: sum(rejected), causes: rejected },
  ];
  const bar = element("div", { "class": "ends-bar", "aria-hidden": "true" });
  for (const { end, count } of parts.filter((part) => part.count > 0)) {
    const piece = element("span", { class: end });
    piece.style.setProperty("flex-grow", String(count / accepted));
    bar.append(piece);
  }
  return element(
    "div",
    { class: "end-pipeline" },
    element("h3", {}, name),
    element("p", { class: "kpi-value" }, countText(accepted), element("span", { class: "kpi-when" }, "accepted")),
    bar,
    element(
      "ul",
      { class: "end-list" },
      ...parts.map(({ end, count, causes }) =>
        element(
          "li",
          {},
          element("span", { "class": `swatch ${end}`, "aria-hidden": "true" }),
          element("span", {}, end),
          element("b", {}, countText(count)),
          Object.keys(causes).length > 0 &&
            element(
              "ul",
              { class: "causes" },
              ...Object.entries(causes)
                .toSorted(([, a], [, b]) => b - a)
                .map(([cause, times]) =>
                  element("li", {}, element("span", {}, cause), element("b", {}, countText(times))),
                ),
            ),
        ),
      ),
    ),
  );
}
