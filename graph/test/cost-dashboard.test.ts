import { expect } from "chai";
import { dashboardLines } from "../cost/dashboard.ts";
import type { Load } from "../cost/index.ts";
import type { Graph, Resource } from "../graph.ts";
import { load } from "./cost-graph.ts";
import { resource } from "./resources.ts";

const arn = (name: string) => `arn:aws:quicksight:us-east-1:123456789012:${name}`;

function dashboard(authors: string[], readers: string[]): Resource[] {
  const state = { Permissions: [...authors, ...readers].map((Principal) => ({ Principal, Actions: [] })) };
  return [
    resource("aws:quicksight/dataSource:DataSource", "source", {
      permissions: authors.map((principal) => ({ principal, actions: [] })),
    }),
    resource("aws:cloudcontrol/resource:Resource", "dashboard", { desiredState: JSON.stringify(state) }),
    resource("aws:quicksight/dataSet:DataSet", "kept", { importMode: "SPICE" }),
    resource("aws:quicksight/dataSet:DataSet", "asked", { importMode: "DIRECT_QUERY" }),
  ];
}

/** A month of a graph's dashboard: the price, and how much of it. */
function month(resources: Resource[], of: Load = load()): [string, number][] {
  return dashboardLines({ resources } as Graph, of).map(({ price, quantity }) => [price, quantity]);
}

const machineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:runs";

function hourly(definition: object): Resource[] {
  return [
    resource("aws:athena/workgroup:Workgroup", "workgroup", {}),
    resource(
      "aws:sfn/stateMachine:StateMachine",
      "runs",
      { definition: JSON.stringify(definition) },
      { arn: machineArn },
    ),
    resource("aws:scheduler/schedule:Schedule", "hourly", {
      scheduleExpression: "rate(1 hour)",
      target: { arn: machineArn },
    }),
  ];
}

describe("The cost of a dashboard", () => {
  it("is that of its people: an author once, though they read too, and groups by what they are taken to have", () => {
    const people = dashboard(
      [arn("user/default/ann"), arn("group/default/makers")],
      [arn("user/default/bob"), arn("group/default/city")],
    );
    expect(month(people)).to.deep.equal([
      ["quickSightAuthor", 3],
      ["quickSightReader", 11],
      ["spice", 0],
    ]);
  });

  it("has SPICE beyond what comes with the authors", () => {
    const forecasts = { cities: 1, meterTypes: 1, series: 40_000, horizonHours: 24, historyDays: 42 };
    const [, , [, gigabytes = 0] = []] = month(dashboard([arn("user/default/ann")], []), { ...load(), forecasts });
    expect(gigabytes).to.be.closeTo((40_000 * 2080 * 250) / 1024 ** 3 - 10, 1e-9);
  });

  it("has a query for each refresh of what is kept, where runs refresh it", () => {
    const task = { Type: "Task", Resource: "arn:aws:states:::aws-sdk:quicksight:createIngestion", End: true };
    const definition = { StartAt: "Refresh", States: { Refresh: task } };
    const refreshed = [...dashboard([arn("user/default/ann")], []), ...hourly(definition)];
    expect(month(refreshed)).to.deep.include(["athenaScan", (730 * 10 * 1024 ** 2) / 1024 ** 4]);
    const other = { StartAt: "Rest", States: { Rest: { Type: "Succeed" } } };
    const prices = month([...dashboard([arn("user/default/ann")], []), ...hourly(other)]).map(([price]) => price);
    expect(prices).not.to.include("athenaScan");
  });

  it("has the digest's letters, and nothing at all where there is neither", () => {
    const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:digest";
    const digest = [
      resource("aws:lambda/function:Function", "digest", { name: "digest" }, { arn: functionArn }),
      resource("aws:scheduler/schedule:Schedule", "daily", {
        scheduleExpression: "cron(0 7 * * ? *)",
        target: { arn: functionArn },
      }),
    ];
    const [[, letters = 0] = []] = month(digest).filter(([price]) => price === "email");
    expect(letters * 1000).to.be.within(30, 31);
    expect(month([])).to.deep.equal([]);
  });
});
