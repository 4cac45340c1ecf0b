import { expect } from "chai";
import type { ParameterValue, Picked, VisualData } from "../../page/api.ts";
import type { ControlPlan } from "../../components/dashboard/definition/controls.ts";
import { choice, fromDay, latestDays, toDay } from "../../components/dashboard/definition/controls.ts";
import {
  average,
  by,
  byTime,
  count,
  latest,
  median,
  sum,
  value,
} from "../../components/dashboard/definition/fields.ts";
import { atLeast, only } from "../../components/dashboard/definition/filters.ts";
import { decimal } from "../../components/dashboard/definition/formats.ts";
import { row, sheet, type SheetOptions } from "../../components/dashboard/definition/sheet.ts";
import { barChart } from "../../components/dashboard/definition/visuals/bar-chart.ts";
import { comboChart } from "../../components/dashboard/definition/visuals/combo-chart.ts";
import { heatMap } from "../../components/dashboard/definition/visuals/heat-map.ts";
import { kpi } from "../../components/dashboard/definition/visuals/kpi.ts";
import { lineChart } from "../../components/dashboard/definition/visuals/line-chart.ts";
import type { VisualPlan } from "../../components/dashboard/definition/visuals/parts.ts";
import { table } from "../../components/dashboard/definition/visuals/table.ts";
import { RequestError } from "../quicksight/dashboards.ts";
import { board, hostile, use, type Board } from "./shown-data.ts";

const format = { label: "Use", format: decimal(0) };
const total = sum(use, "use", format);
const amount = value(use, "use", "Use", decimal(0));
const time = (text: string) => Date.parse(`${text}Z`);

const controls: ControlPlan[] = [
  choice("City", "City", use, "city"),
  choice("Building", "Building", use, "building", { City: "city" }),
  latestDays,
  fromDay,
  toDay,
];

/** Two sheets: one whose filters let everything pass, and one with a visual that has a filter of its own. */
function sheets() {
  const visuals: VisualPlan[] = [
    lineChart("line", {
      title: "Line",
      x: byTime(use, "hour", "WEEK", "Week"),
      values: [total],
      color: by(use, "meter_type", "Type"),
      axis: "Use",
    }),
    lineChart("lines", {
      title: "Lines",
      x: byTime(use, "hour", "HOUR", "Hour"),
      values: [total],
      color: by(use, "building", "Building"),
      axis: "Use",
      limit: 2,
    }),
    barChart("bars", {
      title: "Bars",
      category: by(use, "building", "Building"),
      values: [total],
      color: by(use, "meter_type", "Type"),
      axis: "Use",
      sort: "value",
      limit: 2,
    }),
    comboChart("combo", {
      title: "Combo",
      category: by(use, "city", "City"),
      bars: [total],
      lines: [average(use, "use", { ...format, label: "Mean" })],
      axis: "Use",
      lineAxis: "Mean",
    }),
    heatMap("heat", {
      title: "Heat",
      rows: by(use, "city", "City"),
      columns: by(use, "meter_type", "Type"),
      value: median(use, "use", format),
      colors: ["#000000", "#FFFFFF"],
      rowOrder: { DataSetIdentifier: "use", ColumnName: "days_ago" },
    }),
    kpi("figure", { title: "Figure", value: count(use, "building", { ...format, distinct: true }) }),
    kpi("course", { title: "Course", value: total, trend: byTime(use, "day", "DAY", "Day") }),
    kpi("moment", { title: "Moment", value: latest(use, "hour", "Latest") }),
    table("groups", {
      title: "Groups",
      by: [by(use, "city", "City")],
      values: [total],
      sort: { column: total, direction: "DESC" },
      emphases: [{ column: total, when: "SUM({use}) > 100", color: "#FF0000" }],
    }),
    table("rows", {
      title: "Rows",
      values: [amount, value(use, "building", "Building"), value(use, "hour", "Hour")],
      sort: { column: amount, direction: "DESC" },
      rowsOfAPage: 3,
      emphases: [{ column: amount, when: '{building} = "1 Office"', color: "#00FF00" }],
    }),
  ];
  const own = kpi("own", { title: "Own", value: total });
  const others = kpi("others", { title: "Others", value: total });
  const least = kpi("least", { title: "Least", value: total });
  const plan = (id: string, shown: VisualPlan[], fixed: SheetOptions["fixed"] = []) =>
    sheet({ id, name: id, question: "?", description: "", controls, rows: shown.map((one) => row(2, one)), fixed });
  return [
    plan("all", visuals),
    plan(
      "fixed",
      [own, others, least],
      [
        { id: "paris", visuals: ["own"], filter: only(use, "city", ["Paris"]) },
        { id: "not-paris", visuals: ["others"], filter: only(use, "city", ["Paris"], "others") },
        { id: "from-20", visuals: ["least"], filter: atLeast(use, "use", 20) },
      ],
    ),
  ];
}

describe("A visual", () => {
  let shown: Board;
  before(async () => {
    shown = await board(sheets());
  });
  after(() => shown.spice.close());

  interface Choice {
    parameters?: Record<string, ParameterValue>;
    picks?: Picked[];
    page?: number;
  }
  const ask = (visual: string, choice: Choice = {}): Promise<VisualData> =>
    shown.dashboards.visual({
      dashboard: "board",
      visual,
      parameters: { Days: 366, ...choice.parameters },
      ...(choice.picks && { picks: choice.picks }),
      ...(choice.page && { page: choice.page }),
    });
  const rowsOf = async (visual: string, choice: Choice = {}) => (await ask(visual, choice)).rows;
  const refusal = async (asked: Promise<unknown>): Promise<string> => {
    try {
      await asked;
    } catch (error) {
      expect(error).to.be.instanceOf(RequestError);
      return (error as Error).message;
    }
    throw new Error("it was answered");
  };

  it("of lines groups times, weeks from Monday, by colour in the order of names", async () => {
    const { columns, rows, limits } = await ask("line");
    expect(rows).to.deep.equal([
      [time("2018-12-03T00:00"), "electricity", 70],
      [time("2018-12-03T00:00"), "hotwater", 5],
      [time("2018-12-10T00:00"), "electricity", 100],
      [time("2018-12-10T00:00"), "steam", 7],
    ]);
    expect(columns.map(({ role, label, type, granularity }) => [role, label, type, granularity])).to.deep.equal([
      ["category", "Week", "time", "WEEK"],
      ["color", "Type", "text", undefined],
      ["value", "Use", "number", undefined],
    ]);
    expect(limits).to.deep.equal([]);
  });

  it("of lines shows as many as it declares, those with the most, and says how many there are", async () => {
    const { rows, limits } = await ask("lines");
    expect(new Set(rows.map(([, building]) => building))).to.deep.equal(new Set(["2 Retail", hostile]));
    expect(limits).to.deep.equal([{ of: "colors", shown: 2, total: 3 }]);
  });

  it("of bars is sorted and limited by the totals of its categories, over all colours", async () => {
    const { rows, limits } = await ask("bars");
    expect(rows).to.deep.equal([
      [hostile, "electricity", 100],
      [hostile, "steam", 7],
      ["2 Retail", "electricity", 40],
    ]);
    expect(limits).to.deep.equal([{ of: "categories", shown: 2, total: 3 }]);
  });

  it("of bars and lines gives both kinds of figures for each category", async () => {
    const { columns, rows } = await ask("combo");
    expect(columns.map(({ role }) => role)).to.deep.equal(["category", "value", "line"]);
    expect(rows).to.deep.equal([
      ["London", 75, 18.75],
      ["Paris", 107, 53.5],
    ]);
  });

  it("of a grid sorts its rows by a column that it does not show", async () => {
    expect(await rowsOf("heat")).to.deep.equal([
      ["Paris", "electricity", 100],
      ["Paris", "steam", 7],
      ["London", "electricity", 20],
      ["London", "hotwater", 5],
    ]);
  });

  it("of one figure is one row, with a course a row for each of its times", async () => {
    expect(await rowsOf("figure")).to.deep.equal([[3]]);
    expect(await rowsOf("moment")).to.deep.equal([[time("2018-12-10T01:00")]]);
    expect(await rowsOf("course")).to.deep.equal([
      [time("2018-12-03T00:00"), 35],
      [time("2018-12-09T00:00"), 40],
      [time("2018-12-10T00:00"), 107],
    ]);
  });

  it("of a table with groups has a row for each, and tells which cells are emphasised", async () => {
    const { rows, emphases } = await ask("groups");
    expect(rows).to.deep.equal([
      ["Paris", 107],
      ["London", 75],
    ]);
    expect(emphases).to.deep.equal([{ field: "groups.2.use", color: "#FF0000", rows: [0] }]);
  });

  it("of a table gives its rows page by page, what has no value last", async () => {
    const first = await ask("rows");
    expect(first.rows.map(([amount]) => amount)).to.deep.equal([100, 40, 20]);
    expect(first.limits).to.deep.equal([{ of: "rows", shown: 3, total: 7 }]);
    expect(first.emphases).to.deep.equal([{ field: "rows.1.use", color: "#00FF00", rows: [2] }]);
    expect((await rowsOf("rows", { page: 3 })).map(([amount]) => amount)).to.deep.equal([null]);
    expect(await rowsOf("rows", { page: 9 })).to.deep.equal([]);
  });

  it("keeps to the chosen values of its sheet's parameters, and to all where none is chosen", async () => {
    const figures = async (parameters: Record<string, ParameterValue>) => rowsOf("figure", { parameters });
    expect(await figures({ City: ["London"] })).to.deep.equal([[2]]);
    expect(await figures({ City: ["London", "Paris"] })).to.deep.equal([[3]]);
    expect(await figures({ City: [] })).to.deep.equal([[3]]);
    expect(await figures({ City: ["London"], Building: ["2 Retail"] })).to.deep.equal([[1]]);
    expect(await figures({ Days: 7 })).to.deep.equal([[2]]);
    expect(await figures({ Days: 8 })).to.deep.equal([[3]]);
    expect(await figures({ From: "2018-12-04", To: "2018-12-09" })).to.deep.equal([[1]]);
    expect(await figures({ From: "2018-12-09", To: "2018-12-10" })).to.deep.equal([[2]]);
    expect(await figures({ From: "2030-01-01" })).to.deep.equal([[0]]);
  });

  it("keeps to the filters that are declared for it alone", async () => {
    expect(await rowsOf("own")).to.deep.equal([[107]]);
    expect(await rowsOf("others")).to.deep.equal([[75]]);
    expect(await rowsOf("least")).to.deep.equal([[160]]);
  });

  it("keeps to what was picked elsewhere, in every column that its data set has", async () => {
    const picked = async (...picks: Picked[]) => rowsOf("groups", { picks });
    expect(await picked({ column: "city", value: "London" })).to.deep.equal([["London", 75]]);
    const day = { column: "hour", from: time("2018-12-03T00:00"), to: time("2018-12-04T00:00") };
    expect(await picked(day)).to.deep.equal([["London", 35]]);
    expect(await picked(day, { column: "meter_type", value: "hotwater" })).to.deep.equal([["London", 5]]);
    expect(await picked({ column: "hour", value: time("2018-12-10T00:00") })).to.deep.equal([["Paris", 100]]);
    expect(await picked({ column: "use", value: null })).to.deep.equal([["Paris", null]]);
    expect(await picked({ column: "no_such_column", value: "x" })).to.have.length(2);
  });

  it("takes values as values, whatever they hold", async () => {
    expect(await rowsOf("figure", { parameters: { Building: [hostile] } })).to.deep.equal([[1]]);
    for (const text of ["' OR 1=1 --", `"; DROP TABLE spice.t1; --`, "\u0000", "$1", "%", "\\"]) {
      expect(await rowsOf("figure", { parameters: { City: [text] } })).to.deep.equal([[0]]);
      expect(await rowsOf("groups", { picks: [{ column: "building", value: text }] })).to.deep.equal([]);
    }
    expect(await rowsOf("figure")).to.deep.equal([[3]]);
  });

  it("refuses what is not declared, and values of another kind, in words", async () => {
    expect(await refusal(ask("nothing"))).to.equal("The dashboard board has no visual nothing.");
    expect(await refusal(ask("figure", { parameters: { Country: ["x"] } }))).to.contain(
      "There is no parameter Country",
    );
    expect(await refusal(ask("figure", { parameters: { City: "London" } }))).to.contain("City takes texts");
    expect(await refusal(ask("figure", { parameters: { Days: 1.5 } }))).to.contain("Days takes a whole number");
    expect(await refusal(ask("figure", { parameters: { From: "2018-13-01" } }))).to.contain("From takes a day");
    expect(await refusal(ask("rows", { page: -1 }))).to.contain("page");
    expect(await refusal(shown.dashboards.visual({ dashboard: "board", visual: "rows", sql: "x" }))).to.contain("sql");
    expect(await refusal(shown.dashboards.visual(null))).to.contain("cannot be read");
    const many = Array.from({ length: 3000 }, (_, index) => `${index}`);
    expect(await refusal(ask("figure", { parameters: { City: many } }))).to.contain("parameters.City");
  });

  it("offers the values of a control, narrowed by those that it follows", async () => {
    const values = (control: string, parameters: Record<string, ParameterValue> = {}) =>
      shown.dashboards.values({ dashboard: "board", control, parameters });
    expect(await values("all-city")).to.deep.equal({ values: ["London", "Paris"], truncated: false });
    expect((await values("all-building", { City: ["London"] })).values).to.deep.equal(["1 Office", "2 Retail"]);
    expect((await values("all-building", { City: ["x'"] })).values).to.deep.equal([]);
    expect((await values("all-days")).values).to.deep.equal(["7", "14", "28", "92", "366"]);
    expect(await refusal(values("all-nothing"))).to.contain("no control all-nothing");
  });

  it("is a file of all its rows, in which no text is a formula", async () => {
    const { name, text } = await shown.dashboards.file({
      dashboard: "board",
      visual: "rows",
      parameters: { Days: 366, City: ["London"] },
    });
    expect(name).to.equal("rows.csv");
    expect(text.split("\r\n")).to.deep.equal([
      '"Use","Building","Hour"',
      '40,"2 Retail",2018-12-09 23:00:00',
      '20,"1 Office",2018-12-03 11:00:00',
      '10,"1 Office",2018-12-03 10:00:00',
      '5,"1 Office",2018-12-03 10:00:00',
      "",
    ]);
  });
});

describe("A definition that cannot be drawn", () => {
  const refusal = async (change: (text: string) => string): Promise<string> => {
    try {
      const { spice } = await board(sheets(), { change });
      await spice.close();
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("it was taken");
  };
  const swapped = (old: string, by: string) => (text: string) => {
    if (!text.includes(old)) throw new Error(`there is no ${old}`);
    return text.replace(old, () => by);
  };

  it("is refused with dashboard, sheet, visual and property", async () => {
    expect(
      await refusal(
        swapped(
          '"line.2.use","Column":{"DataSetIdentifier":"use","ColumnName":"use"',
          '"line.2.use","Column":{"DataSetIdentifier":"use","ColumnName":"city"',
        ),
      ),
    ).to.match(
      /^dashboard "Board", sheet "all", LineChartVisual "line": the field line\.2\.use needs a column of INTEGER or DECIMAL: city is STRING$/,
    );
    expect(await refusal(swapped("SUM({use}) > 100", "SUM({used}) > 100"))).to.contain(
      'TableVisual "groups": the condition SUM({used}) > 100: there is no column used',
    );
    expect(await refusal(swapped("SUM({use}) > 100", "{use} > 100"))).to.contain("must stand in an aggregation");
    expect(await refusal(swapped('"SourceParameterName":"City"', '"SourceParameterName":"Town"'))).to.contain(
      "sets the parameter Town, which is not declared",
    );
    expect(await refusal(swapped('"ParameterName":"City"', '"ParameterName":"Days"'))).to.contain(
      'filter group "city-use": it needs the parameter Days as a StringParameterDeclaration',
    );
    expect(await refusal(swapped('"ElementId":"line"', '"ElementId":"lime"'))).to.contain("the visual lime must stand");
    expect(await refusal(swapped('"VisualId":"line"', '"VisualId":"lines"'))).to.match(/line|two visuals/);
  });
});
