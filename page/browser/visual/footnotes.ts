import type { VisualData } from "../../api.ts";
import type { DrawnVisual } from "../definition/visual.ts";
import { type Child, element } from "../dom.ts";
import { countText } from "../format.ts";

/** What a visual does not show, and the way to a table's other pages. @param page from 1 */
export function footnotes(
  visual: DrawnVisual,
  { limits, rows }: VisualData,
  page: number,
  turnTo: (page: number) => void,
): Child[] {
  return limits.map(({ of, shown, total }) => {
    if (of !== "rows" || visual.kind !== "table") {
      const [some, all] = [countText(shown), countText(total)];
      return element("p", {}, of === "colors" ? `The ${some} of ${all} with the most` : `The first ${some} of ${all}`);
    }
    const { PageSize } = visual.chart.SortConfiguration.PaginationConfiguration;
    const first = (page - 1) * PageSize + 1;
    const last = first + rows.length - 1;
    const step = (label: string, to: number, isPossible: boolean) =>
      element(
        "button",
        {
          "type": "button",
          "class": "quiet",
          "disabled": !isPossible,
          "aria-label": `${label} rows of ${visual.title}`,
          "on": { click: () => turnTo(to) },
        },
        label,
      );
    return element(
      "p",
      { class: "pages" },
      step("Previous", page - 1, page > 1),
      `${countText(first)} to ${countText(last)} of ${countText(total)}`,
      step("Next", page + 1, last < total),
    );
  });
}
