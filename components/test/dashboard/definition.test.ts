import { expect } from "chai";
import { filterOthers, goTo } from "../../dashboard/definition/actions.ts";
import { choice, latestDays } from "../../dashboard/definition/controls.ts";
import type { DataSet } from "../../dashboard/definition/data-set.ts";
import { chartOf, definition } from "../../dashboard/definition/definition.ts";
import { DefinitionError } from "../../dashboard/definition/definition-error.ts";
import { by, byTime, sum, value } from "../../dashboard/definition/fields.ts";
import { only } from "../../dashboard/definition/filters.ts";
import { decimal } from "../../dashboard/definition/formats.ts";
import type { DashboardDefinition } from "../../dashboard/definition/schema.ts";
import { row, sheet, type SheetOptions } from "../../dashboard/definition/sheet.ts";
import { barChart } from "../../dashboard/definition/visuals/bar-chart.ts";
import { kpi } from "../../dashboard/definition/visuals/kpi.ts";
import { lineChart } from "../../dashboard/definition/visuals/line-chart.ts";
import { table } from "../../dashboard/definition/visuals/table.ts";
import { dashboardDefinition } from "../../dashboard/sheets/index.ts";
import { shownEnvironment } from "./data-set-lake.ts";

const use = { identifier: "use", columns: { city: "text", day: "time", days_ago: "integer", kwh: "number" } } as const;
const runs = { identifier: "runs", columns: { run: "text" } } as const;
const kwh = sum(use, "kwh", { label: "Use (kWh)", format: decimal(0) });
const day = byTime(use, "day", "DAY", "Day");
const city = by(use, "city", "City");

const line = lineChart("line", { title: "Use", x: day, values: [kwh], color: city, axis: "Use (kWh)" });
const figure = kpi("figure", { title: "Use", value: kwh });

function sheetOf(changes: Partial<SheetOptions> = {}) {
  return sheet({
    ...{ id: "one", name: "One", question: "How much?", description: "Look.", controls: [] },
    rows: [row(8, line)],
    ...changes,
  });
}

function defined(...sheets: ReturnType<typeof sheetOf>[]): DashboardDefinition {
  const arn = (dataSet: DataSet) => ({ dataSet, arn: `arn:${dataSet.identifier}` });
  return definition({ dataSets: [arn(use), arn(runs)], sheets, colors: { city: { London: "#0B5FA5" } } });
}

describe("A visual", () => {
  it("gives each field an id of its own, and names it in axis and tooltip", () => {
    const { chart } = chartOf(line.visual);
    const text = JSON.stringify(chart);
    for (const id of ["line.1.day", "line.2.kwh", "line.3.city"])
      expect(text.split(`"${id}"`).length, id).to.be.above(1);
    expect(chart)
      .to.have.nested.property("ChartConfiguration.PrimaryYAxisLabelOptions.AxisLabelOptions")
      .that.deep.equals([
        { CustomLabel: "Use (kWh)" },
        {
          CustomLabel: "Use (kWh)",
          ApplyTo: { FieldId: "line.2.kwh", Column: { DataSetIdentifier: "use", ColumnName: "kwh" } },
        },
      ]);
  });

  it("has a legend only where there is more than one thing to tell apart", () => {
    const plain = lineChart("plain", { title: "Use", x: day, values: [kwh], axis: "Use (kWh)" });
    expect(chartOf(plain.visual).chart).to.have.nested.property("ChartConfiguration.Legend.Visibility", "HIDDEN");
    expect(chartOf(line.visual).chart).to.have.nested.property("ChartConfiguration.Legend.Visibility", "VISIBLE");
  });

  it("says in words what it shows", () => {
    expect(chartOf(line.visual).chart.VisualContentAltText).to.equal("Use. Lines: Use (kWh), by day and city.");
  });

  it("sets parameters by a click only after it has gone to a sheet, as QuickSight wants it", () => {
    const bars = barChart("bars", {
      ...{ title: "Use", category: city, values: [kwh] as const, axis: "Use (kWh)", limit: 20, sort: "value" as const },
      actions: [goTo("two", "Its buildings", { City: { column: "city" }, Building: "all" })],
    });
    const [action] = chartOf(bars.visual).chart.Actions;
    expect(action?.ActionOperations).to.deep.equal([
      { NavigationOperation: { LocalNavigationConfiguration: { TargetSheetId: "two" } } },
      {
        SetParametersOperation: {
          ParameterValueConfigurations: [
            { DestinationParameterName: "City", Value: { SourceField: "bars.1.city" } },
            { DestinationParameterName: "Building", Value: { SelectAllValueOptions: "ALL_VALUES" } },
          ],
        },
      },
    ]);
  });

  it("is refused with an action on a column that it does not show, or with two for one click", () => {
    const acting = (...actions: ReturnType<typeof goTo>[]) =>
      barChart("bars", { title: "Use", category: city, values: [kwh], axis: "Use (kWh)", actions });
    expect(() => acting(filterOthers("Only this", "building"))).to.throw(DefinitionError, "it shows city");
    expect(() => acting(filterOthers("Only this", "city"), goTo("two", "Two", {}))).to.throw("two actions for a click");
  });

  it("of rows is a table of its data set's, otherwise of groups", () => {
    const run = value(runs, "run", "Run");
    const rows = table("rows", { title: "Runs", values: [run], sort: { column: run, direction: "ASC" } });
    const groups = table("groups", {
      title: "Use",
      by: [city],
      values: [kwh],
      sort: { column: kwh, direction: "DESC" },
    });
    expect(chartOf(rows.visual).chart).to.have.nested.property(
      "ChartConfiguration.FieldWells.TableUnaggregatedFieldWells",
    );
    expect(chartOf(groups.visual).chart).to.have.nested.property(
      "ChartConfiguration.FieldWells.TableAggregatedFieldWells",
    );
  });
});

describe("A sheet", () => {
  it("shares a row of 36 columns among its visuals, one row below the other", () => {
    const { sheet: made } = sheetOf({
      rows: [row(5, [line, 20], figure), row(8, kpi("below", { title: "Use", value: kwh }))],
    });
    const { Elements } = made.Layouts[0].Configuration.GridLayout;
    expect(
      Elements.map((one) => [one.ElementId, one.ColumnIndex, one.ColumnSpan, one.RowIndex, one.RowSpan]),
    ).to.deep.equal([
      ["line", 0, 20, 0, 5],
      ["figure", 20, 16, 0, 5],
      ["below", 0, 36, 5, 8],
    ]);
  });

  it("is refused where a row does not fit", () => {
    const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map((id) => kpi(id, { title: "Use", value: kwh })) as [
      ...[typeof figure, typeof figure, typeof figure, typeof figure, typeof figure],
    ];
    expect(() => sheetOf({ rows: [row(5, a, b, c, d, e)] })).to.throw("36 columns");
    expect(() => sheetOf({ rows: [row(5, [a, 20], [b, 20])] })).to.throw("36 columns");
    expect(() => sheetOf({ rows: [row(22, a)] })).to.throw("21 rows");
  });
});

describe("A definition", () => {
  it("filters by a parameter every data set that has its column, on the sheets that have its control", () => {
    const controls = [choice("City", "City", use, "city"), latestDays];
    const { FilterGroups } = defined(sheetOf({ controls }), sheetOf({ id: "two", rows: [row(5, figure)] }));
    expect(FilterGroups.map(({ FilterGroupId }) => FilterGroupId)).to.deep.equal(["city-use", "days-use"]);
    expect(FilterGroups[0]?.ScopeConfiguration.SelectedSheets.SheetVisualScopingConfigurations).to.deep.equal([
      { SheetId: "one", Scope: "ALL_VISUALS" },
    ]);
  });

  it("filters some visuals of themselves", () => {
    const fixed = [{ id: "london", visuals: ["line"] as const, filter: only(use, "city", ["London"]) }];
    expect(defined(sheetOf({ fixed })).FilterGroups[0]?.ScopeConfiguration.SelectedSheets).to.deep.equal({
      SheetVisualScopingConfigurations: [{ SheetId: "one", Scope: "SELECTED_VISUALS", VisualIds: ["line"] }],
    });
  });

  it("gives a value one colour in every data set that has its column", () => {
    expect(defined(sheetOf()).ColumnConfigurations.map(({ Column }) => Column)).to.deep.equal([
      { DataSetIdentifier: "use", ColumnName: "city" },
    ]);
  });

  it("is refused with one id for two things, and where it names what there is not", () => {
    expect(() => defined(sheetOf(), sheetOf({ id: "two" }))).to.throw(
      DefinitionError,
      'two visuals with the id "line"',
    );
    expect(() => defined(sheetOf(), sheetOf({ rows: [row(5, figure)] }))).to.throw('two sheets with the id "one"');
    const lost = sheetOf({ fixed: [{ id: "x", visuals: ["lines"], filter: only(use, "city", []) }] });
    expect(() => defined(lost)).to.throw('names the visual "lines"');
    const other = { ...runs, identifier: "walks" } as const;
    const walks = value(other, "run", "Run");
    const strange = table("t", { title: "Walks", values: [walks], sort: { column: walks, direction: "ASC" } });
    expect(() => defined(sheetOf({ rows: [row(5, strange)] }))).to.throw('uses the data set "walks"');
    const away = barChart("away", {
      title: "Use",
      category: city,
      values: [kwh],
      axis: "kWh",
      actions: [goTo("three", "Away", {})],
    });
    expect(() => defined(sheetOf({ rows: [row(5, away)] }))).to.throw('leads to the sheet "three"');
  });
});

describe("The dashboard", () => {
  const shown = dashboardDefinition(shownEnvironment(), "light", ({ identifier }) => `arn:${identifier}`);
  const charts = shown.Sheets.flatMap(({ SheetId, Visuals }) =>
    Visuals.map((visual) => ({ SheetId, ...chartOf(visual) })),
  );

  it("answers a question on each sheet", () => {
    expect(shown.Sheets.map(({ Title }) => Title)).to.deep.equal([
      "How much did my buildings use?",
      "Which buildings stand out for their size and use?",
      "What happened, hour by hour?",
      "What is expected, and how wrong was it lately?",
      "Where and when do measured and expected use differ?",
      "Which meters are silent, stuck or wrong?",
      "Is the pipeline well?",
    ]);
  });

  it("leads from a city to its buildings, and from a building and a day to its hours", () => {
    const ways = charts.flatMap(({ SheetId, chart }) =>
      chart.Actions.flatMap(({ ActionOperations: [go, set] }) =>
        go !== undefined && "NavigationOperation" in go && set !== undefined && "SetParametersOperation" in set
          ? [
              `${SheetId} -> ${go.NavigationOperation.LocalNavigationConfiguration.TargetSheetId} ` +
                set.SetParametersOperation.ParameterValueConfigurations.map((one) => one.DestinationParameterName).join(
                  "+",
                ),
            ]
          : [],
      ),
    );
    expect(ways).to.include.members([
      "overview -> buildings City",
      "buildings -> hours Building",
      "overview -> hours From+To",
      "meters -> hours Building",
    ]);
  });

  it("has the weekly and the daily mean of the predicted use, buildings side by side", () => {
    for (const [id, granularity] of [
      ["expected-weeks", "WEEK"],
      ["expected-days", "DAY"],
    ] as const) {
      const chart = JSON.stringify(charts.find((one) => one.chart.VisualId === id)?.chart);
      expect(chart, id).to.contain(`"DateGranularity":"${granularity}"`).and.to.contain('"AVERAGE"');
      expect(chart, id)
        .to.match(/"ColumnName":"expected"/)
        .and.to.match(/"ColumnName":"building"/);
    }
  });

  it("says a unit on the axis of every chart of use, and each meter type's own where they differ", () => {
    const units = (environment: Parameters<typeof dashboardDefinition>[0]) =>
      JSON.stringify(dashboardDefinition(environment, "light", () => "arn"));
    expect(units(shownEnvironment())).to.contain("Use per day (kWh)");
    const meterTypes = [
      { type: "electricity" as const, unit: "kWh", activities: [] },
      { type: "steam" as const, unit: "kBtu", activities: [] },
    ];
    expect(units(shownEnvironment({ meterTypes }))).to.contain("Use per day (each in its unit)");
  });

  it("uses six kinds of visuals, and few enough for Cloud Control", () => {
    expect([...new Set(charts.map(({ kind }) => kind))].sort()).to.deep.equal([
      ...["BarChartVisual", "ComboChartVisual", "HeatMapVisual", "KPIVisual", "LineChartVisual", "TableVisual"],
    ]);
    expect(JSON.stringify(shown).length).to.be.below(240_000);
  });
});
