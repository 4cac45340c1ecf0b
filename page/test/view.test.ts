import { expect } from "chai";
import { stepEnd } from "../browser/visual/time-steps.ts";
import { viewAfter } from "../browser/sheet/acts.ts";
import { clockNames, clockNote } from "../browser/sheet/clocks.ts";
import { drawnVisual } from "../browser/definition/visual.ts";
import { addressOf, type View, viewOf } from "../browser/view.ts";
import type { Cell } from "../api.ts";
import { definition } from "./shown-page.ts";

const declarations = definition.ParameterDeclarations;

/** A visual of the declared dashboard, with its first action. */
function clicked(id: string, values: Record<string, Cell>) {
  const visual = definition.Sheets.flatMap(({ Visuals }) => Visuals.map(drawnVisual)).find((one) => one.id === id);
  const action = visual?.actions[0];
  if (!visual || !action) throw new Error(`there is no ${id} with an action`);
  const mark = new Map(
    Object.entries(values).map(([column, value]) => {
      const field = [...visual.formats.keys()].find((key) => key.endsWith(column)) ?? column;
      const isDay = typeof value === "number" && value > 1e9;
      return [
        field,
        {
          column: {
            field,
            column,
            label: column,
            role: "category" as const,
            type: isDay ? ("time" as const) : ("text" as const),
            ...(isDay && { granularity: "DAY" as const }),
          },
          value,
        },
      ];
    }),
  );
  return { visual, action, mark };
}

describe("The address of the page", () => {
  it("keeps what is looked at, whatever is in its names", () => {
    const view: View = {
      sheet: "hours",
      parameters: { City: ["London, England", "A&B=?#%"], Days: 7, From: "2018-12-03" },
      picks: [{ visual: "ends-per-day", picked: [{ column: "day", from: 1, to: 2 }], text: "<b>" }],
    };
    expect(viewOf(addressOf(view), declarations)).to.deep.equal(view);
  });

  it("is read as far as it makes sense", () => {
    const nothing = { sheet: "hours", parameters: {}, picks: [] };
    for (const address of [
      "#hours",
      "#hours?Days=soon&From=2018-13-45&Stranger=1",
      "#hours?pick={&pick=null&pick=%7B%22visual%22%3A1%7D",
    ]) {
      expect(viewOf(address, declarations), address).to.deep.equal(nothing);
    }
    expect(viewOf("#%E0%A4%A", declarations).sheet).to.equal("");
  });
});

describe("A click", () => {
  const view: View = { sheet: "overview", parameters: { Days: 7 }, picks: [] };
  const day = Date.UTC(2018, 11, 3);

  it("on a day leads to its hours", () => {
    expect(viewAfter(view, clicked("use-per-day", { day }), definition)).to.deep.equal({
      sheet: "hours",
      parameters: { Days: 7, From: "2018-12-03", To: "2018-12-03" },
      picks: [],
    });
  });

  it("picks what a day lasts, and the same click lets go of it", () => {
    const click = clicked("ends-per-day", { day });
    const picked = viewAfter({ ...view, sheet: "pipeline" }, click, definition);
    expect(picked.picks.map((one) => one.picked)).to.deep.equal([
      [{ column: "day", from: day, to: stepEnd(day, "DAY") }],
    ]);
    expect(viewAfter(picked, click, definition).picks).to.deep.equal([]);
    const other = viewAfter(picked, clicked("ends-per-day", { day: stepEnd(day, "DAY") }), definition);
    expect(other.picks.map((one) => one.text)).to.deep.equal(["Tue, Dec 4"]);
  });
});

describe("Clocks", () => {
  const cities = [
    { name: "London", label: "London, England", timeZone: "Europe/London" },
    { name: "Phoenix", label: "Phoenix, AZ", timeZone: "America/Phoenix" },
  ];

  it("are named where there is one", () => {
    expect(clockNames(cities, ["London, England"])("Hour, the city's clock")).to.equal(
      "Hour, London time (Europe/London)",
    );
    expect(clockNames(cities, [])("Hour, the city's clock")).to.equal("Hour, the city's clock");
    expect(clockNames(cities, ["London, England"])("Day, UTC")).to.equal("Day, UTC");
  });

  it("are listed beside their cities", () => {
    expect(clockNote(cities, [])).to.equal("Europe/London: London, England · America/Phoenix: Phoenix, AZ");
  });
});
