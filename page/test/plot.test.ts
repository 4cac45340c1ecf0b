import { expect } from "chai";
import type { VisualColumn } from "../api.ts";
import { numberText, tickText, timeText } from "../browser/format.ts";
import { plotOf } from "../browser/visual/plot.ts";
import { everyStep, stepEnd, timeTicks } from "../browser/visual/time-steps.ts";
import { decimal, percent, rounded } from "../../components/dashboard/definition/formats.ts";

const column = (
  role: VisualColumn["role"],
  type: VisualColumn["type"],
  more: Partial<VisualColumn> = {},
): VisualColumn => ({
  field: role,
  column: role,
  label: role,
  role,
  type,
  ...more,
});
const hour = (text: string) => Date.parse(`2018-12-03T${text}Z`);

describe("A plot", () => {
  it("has a place for each hour between the first and the last, so that a gap is one", () => {
    const columns = [column("category", "time", { granularity: "HOUR" }), column("value", "number")];
    const plot = plotOf({
      columns,
      rows: [
        [hour("10:00"), 1],
        [hour("13:00"), 4],
      ],
    });
    expect(plot?.categories).to.deep.equal(["10:00", "11:00", "12:00", "13:00"].map(hour));
    expect(plot?.series.map(({ values }) => values)).to.deep.equal([[1, null, null, 4]]);
  });

  it("has a series for each colour, in the order of their names whichever came first", () => {
    const columns = [column("category", "text"), column("color", "text"), column("value", "number")];
    const plot = plotOf({
      columns,
      rows: [
        ["b", "10 Office", 3],
        ["a", "9 Office", 2],
        ["a", "10 Office", 1],
      ],
    });
    expect(plot?.categories).to.deep.equal(["b", "a"]);
    expect(plot?.series.map(({ name, values }) => [name, ...values])).to.deep.equal([
      ["9 Office", null, 2],
      ["10 Office", 3, 1],
    ]);
  });

  it("leaves out what has no value at all, and is none where nothing has one", () => {
    const columns = [
      column("category", "text"),
      column("value", "number", { field: "a" }),
      column("line", "number", { field: "b" }),
    ];
    expect(plotOf({ columns, rows: [["x", 1, null]] })?.series).to.have.length(1);
    expect(plotOf({ columns, rows: [["x", null, null]] })).to.equal(undefined);
    expect(plotOf({ columns, rows: [] })).to.equal(undefined);
  });
});

describe("Steps of time", () => {
  it("end where the next begins, months by the calendar", () => {
    expect(stepEnd(Date.UTC(2018, 11, 1), "MONTH")).to.equal(Date.UTC(2019, 0, 1));
    expect(everyStep([Date.UTC(2018, 11, 17), Date.UTC(2018, 11, 3)], "WEEK")).to.have.length(3);
  });

  it("have labels at round times, as many as there is room for", () => {
    const hours = Array.from({ length: 14 * 24 }, (_, index) => hour("00:00") + index * 3_600_000);
    expect([...timeTicks(hours, "HOUR", 14).values()].slice(0, 3)).to.deep.equal(["Dec 3", "Dec 4", "Dec 5"]);
    expect([...timeTicks(hours, "HOUR", 3).values()]).to.deep.equal(["Dec 3", "Dec 10"]);
    expect([...timeTicks(hours.slice(0, 30), "HOUR", 6).values()]).to.deep.equal([
      "Dec 3",
      "06:00",
      "12:00",
      "18:00",
      "Dec 4",
    ]);
  });
});

describe("Figures and times for people", () => {
  it("are written as their fields declare them", () => {
    expect(numberText(1234567.891, decimal(1, "kWh"))).to.equal("1,234,567.9 kWh");
    expect(numberText(1234567.891, rounded("kWh"))).to.equal("1.2M kWh");
    expect(numberText(42, rounded())).to.equal("42");
    expect(numberText(-0.123, percent(1))).to.equal("−12.3%");
    expect(numberText(-0.0001, decimal(0))).to.equal("0");
    expect(numberText(null, decimal(0))).to.equal("–");
    expect(timeText(hour("17:05"), "ddd, MMM D, HH:mm")).to.equal("Mon, Dec 3, 17:05");
    expect(timeText(null, "YYYY-MM-DD")).to.equal("–");
  });

  it("are short beside an axis", () => {
    expect([0, 0.25, 800, 1500, 20_000, 2.5e6, -3e9].map((value) => tickText(value, false))).to.deep.equal([
      "0",
      "0.25",
      "800",
      "1.5K",
      "20K",
      "2.5M",
      "−3B",
    ]);
    expect(tickText(-0.05, true)).to.equal("−5%");
  });
});
