import type { Graph, Resource } from "@metercast/graph";
import { expect } from "chai";
import { evaluate } from "@metercast/graph";
import { loadEnvironment } from "../../environments/index.ts";
import { DeclarationError, readGraph } from "../declared/index.ts";

const environment = {
  ...loadEnvironment(new URL("../../environments/dev.yaml", import.meta.url).pathname),
  dashboard: {
    authors: ["group/authors"],
    viewers: [],
    identityRegion: "us-east-1",
    refresh: "full" as const,
    embedDomains: ["https://energy.example.com"],
    theme: "light" as const,
  },
};

/** A graph that has one resource otherwise. */
function changed(graph: Graph, type: string, change: (inputs: Record<string, unknown>) => object): Graph {
  const [first] = graph.resources.filter((resource) => resource.type === type);
  const swap = (resource: Resource): Resource =>
    resource === first ? { ...resource, inputs: { ...resource.inputs, ...change(resource.inputs) } } : resource;
  return { ...graph, resources: graph.resources.map(swap) };
}

/** The dashboard's definition with something put in the place of something else. */
function redefined(graph: Graph, old: string, by: string): Graph {
  return changed(graph, "aws:cloudcontrol/resource:Resource", ({ desiredState }) => {
    const text = String(desiredState);
    if (!text.includes(old)) throw new Error(`there is no ${old} in the definition`);
    return { desiredState: text.replace(old, () => by) };
  });
}

describe("A declared dashboard", () => {
  let graph: Graph;
  before(async function () {
    this.timeout(60_000);
    ({ graph } = await evaluate(environment));
  });

  const refusal = (of: Graph): string => {
    try {
      readGraph(of);
    } catch (error) {
      expect(error).to.be.instanceOf(DeclarationError);
      return (error as Error).message;
    }
    throw new Error("it was read");
  };

  it("is read with its sheets, data sets, data source and themes", () => {
    const { dashboards, dataSets, dataSources, themes } = readGraph(graph);
    expect(dashboards).to.have.length(1);
    const [{ id, definition, themeArn }] = dashboards as [(typeof dashboards)[number]];
    expect(id).to.equal("metercast-dev");
    expect(definition.Sheets.map(({ SheetId }) => SheetId)).to.deep.equal([
      ...["overview", "buildings", "hours", "expected", "differences", "meters", "pipeline"],
    ]);
    expect(definition.DataSetIdentifierDeclarations.map(({ DataSetArn }) => dataSets.has(DataSetArn))).not.to.include(
      false,
    );
    expect([...dataSets.values()].every(({ dataSourceArn }) => dataSources.has(dataSourceArn))).to.equal(true);
    expect(themes.get(themeArn)?.baseThemeId).to.equal("CLASSIC");
    expect([...themes.values()].map(({ colors }) => colors.length)).to.deep.equal([8, 8]);
  });

  it("is refused with a kind of visual that is not drawn, by its name", () => {
    expect(refusal(redefined(graph, '{"KPIVisual":', '{"PieChartVisual":'))).to.match(
      /"dashboard": .*does not know the property Definition\.Sheets\.0\.Visuals\.\d+\.PieChartVisual/,
    );
  });

  it("is refused with a property that is not drawn, by its name", () => {
    expect(refusal(redefined(graph, '"BarsArrangement":', '"SmallMultiplesOptions":{},"BarsArrangement":'))).to.contain(
      "BarChartVisual.ChartConfiguration.SmallMultiplesOptions",
    );
    expect(refusal(redefined(graph, '"Orientation":"HORIZONTAL"', '"Orientation":"SLANTED"'))).to.contain(
      "Orientation",
    );
    expect(refusal(redefined(graph, "{times_peers} >= 2", "ifelse({times_peers} >= 2, 1, 0) = 1"))).to.contain(
      "a condition is a column in braces",
    );
  });

  it("is refused with a column or a data set that is not declared", () => {
    expect(refusal(redefined(graph, '"ColumnName":"use"', '"ColumnName":"used"'))).to.contain("use_by_day.used");
    expect(refusal(redefined(graph, "dataset/metercast-dev-runs", "dataset/metercast-dev-walks"))).to.contain(
      "metercast-dev-walks, is not declared",
    );
  });

  it("is refused where Cloud Control is to make anything else", () => {
    const other = changed(graph, "aws:cloudcontrol/resource:Resource", () => ({ typeName: "AWS::QuickSight::Topic" }));
    expect(refusal(other)).to.contain("typeName");
  });

  it("needs data sets of Athena's SQL", () => {
    const other = changed(graph, "aws:quicksight/dataSet:DataSet", () => ({ columnGroups: [] }));
    expect(refusal(other)).to.contain("columnGroups");
  });
});
