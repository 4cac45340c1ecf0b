import { expect } from "chai";
import { environmentFile, loadEnvironment, type Environment } from "../../environments/index.ts";
import { costOf, costReport, loadOf, type CostLine, type Load } from "../cost/index.ts";
import { workOf } from "../cost/state-machine.ts";
import { evaluate, type Graph } from "../index.ts";
import { load } from "./cost-graph.ts";
import { graphOf, resource } from "./resources.ts";

const lambda = "arn:aws:lambda:us-east-1:123456789012:function:plan:1";
const invoke = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: lambda } };
const definition = {
  StartAt: "Begin",
  States: {
    "Begin": { ...invoke, Next: "Each" },
    "Each": {
      Type: "Map",
      ItemsPath: "$.datasets.value",
      ItemProcessor: {
        StartAt: "Query",
        States: {
          Query: { Type: "Task", Resource: "arn:aws:states:::athena:startQueryExecution.sync", Next: "Publish" },
          Publish: { ...invoke, End: true },
          Failed: { Type: "Fail" },
        },
      },
      Next: "Right?",
    },
    "Right?": { Type: "Choice", Choices: [{ Next: "Failed" }], Default: "Done" },
    "Done": { Type: "Succeed" },
    "Failed": { Type: "Fail" },
  },
};

const machineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:datasets";
const machine = resource(
  "aws:sfn/stateMachine:StateMachine",
  "datasets",
  { definition: JSON.stringify(definition) },
  { arn: machineArn },
);
const schedule = (expression: string, input: object = {}) =>
  resource("aws:scheduler/schedule:Schedule", expression, {
    scheduleExpression: expression,
    target: { arn: machineArn, input: JSON.stringify(input) },
  });
const plan = resource(
  "aws:lambda/function:Function",
  "plan",
  { name: "plan", memorySize: 512, architectures: ["arm64"] },
  { qualifiedArn: lambda },
);
const workgroup = resource("aws:athena/workgroup:Workgroup", "queries", {});
const dataset = (name: string) =>
  resource("aws:glue/catalogTable:CatalogTable", name, {
    storageDescriptor: { inputFormat: "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat" },
  });

const quietly: Load = { ...load(), flows: [], queriesPerDay: 0 };
const lineOf = (graph: Graph, price: string): CostLine | undefined =>
  costOf(graph, quietly)
    .lines.filter((line) => line.price === price)
    .at(-1);

describe("What an execution does", () => {
  it("is one transition for each state on its way, those of a map for each item, and none of failures", () => {
    const { transitions, calls } = workOf(definition, () => 5);
    expect(transitions).to.equal(4 + 5 * 2);
    expect(Object.fromEntries(calls)).to.deep.equal({
      [lambda]: 6,
      "arn:aws:states:::athena:startQueryExecution.sync": 5,
    });
  });

  it("ends where a definition goes round in a circle", () => {
    const round = { StartAt: "A", States: { A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } } };
    expect(workOf(round, () => 1).transitions).to.equal(2);
  });
});

describe("The cost of runs", () => {
  it("is that of each state transition, invocation and query, as often as the schedule says", () => {
    const graph = graphOf(machine, schedule("rate(1 hour)"), plan, workgroup, dataset("a"), dataset("b"));
    expect(lineOf(graph, "transitions")).to.include({ quantity: ((4 + 2 * 2) * 730) / 1000, unitPrice: 0.025 });
    expect(lineOf(graph, "lambdaRequest")?.quantity).to.be.closeTo((3 * 730) / 1e6, 1e-12);
    expect(lineOf(graph, "schedulerInvocation")?.quantity).to.equal(730 / 1e6);
    // Each query is billed ten megabytes at least.
    const scanned = costOf(graph, quietly).lines.find(({ price }) => price === "athenaScan");
    expect(scanned?.quantity).to.be.closeTo((2 * 730 * 10 * 1024 ** 2) / 1024 ** 4, 1e-12);
  });

  it("has the refresh of each data set that is kept in SPICE, looked at three times", () => {
    const looking = {
      StartAt: "Refresh",
      States: {
        Refresh: {
          Type: "Map",
          ItemsPath: "$.dashboard",
          ItemProcessor: {
            StartAt: "Start",
            States: {
              "Start": { Type: "Task", Resource: "arn:aws:states:::aws-sdk:quicksight:createIngestion", Next: "Wait" },
              "Wait": { Type: "Wait", Seconds: 15, Next: "Look" },
              "Look": {
                Type: "Task",
                Resource: "arn:aws:states:::aws-sdk:quicksight:describeIngestion",
                Next: "Ended?",
              },
              "Ended?": { Type: "Choice", Choices: [{ Next: "End" }], Default: "Count" },
              "Count": { Type: "Pass", Next: "Wait" },
              "End": { Type: "Pass", End: true },
            },
          },
          End: true,
        },
      },
    };
    const refreshing = resource(
      "aws:sfn/stateMachine:StateMachine",
      "datasets",
      { definition: JSON.stringify(looking) },
      { arn: machineArn },
    );
    const dataSet = (name: string, importMode: string) =>
      resource("aws:quicksight/dataSet:DataSet", name, { importMode });
    const graph = graphOf(
      ...[refreshing, schedule("rate(1 hour)")],
      ...[dataSet("a", "SPICE"), dataSet("b", "SPICE"), dataSet("c", "DIRECT_QUERY")],
    );
    // a start, and thrice: a wait, a look, a choice, and counting or the end
    expect(lineOf(graph, "transitions")?.quantity).to.be.closeTo(((1 + 2 * (1 + 3 * 4)) * 730) / 1000, 1e-9);
  });

  it("is that of the datasets that a schedule names", () => {
    const named = graphOf(machine, schedule("rate(1 day)", { datasets: ["a"] }), dataset("a"), dataset("b"));
    expect(lineOf(named, "transitions")?.quantity).to.be.closeTo(((4 + 2) * (730 / 24)) / 1000, 1e-9);
  });

  it("is nothing without a schedule, however much is declared", () => {
    const lines = costOf(graphOf(machine, plan, workgroup, dataset("a")), quietly).lines;
    expect(lines.filter(({ dollars }) => dollars > 0)).to.deep.equal([]);
  });
});

describe("The project's environments", () => {
  const priceOf = async (changes: (environment: Environment) => Environment, name = "dev") => {
    const environment = changes(loadEnvironment(environmentFile(name)));
    const { graph } = await evaluate(environment);
    return { lines: costOf(graph, loadOf(environment)).lines, report: costReport(graph, environment) };
  };
  const sum = (lines: CostLine[], price: string) =>
    lines.filter((line) => line.price === price).reduce((all, { quantity }) => all + quantity, 0);

  it("pay for SageMaker by the hours of their instance, in multiples of the smallest of its family", async () => {
    const { lines } = await priceOf((environment) => environment, "prod");
    expect(sum(lines, "processingHour")).to.be.closeTo(((8 * 365) / 12) * 0.1 * 2, 1e-6);
    expect(sum(lines, "imageStorage")).to.be.greaterThan(0);
  });

  it("are told where the instances have no price here", async () => {
    const { report } = await priceOf((environment) => ({
      ...environment,
      inference: { ...environment.inference!, engine: "sagemaker", instanceType: "ml.c5.xlarge" },
    }));
    expect(report.notes.join(" ")).to.match(/Not priced: the instances of the Processing jobs/);
  });

  it("have nothing in them that no price is known for, and say what is supposed of runs", async () => {
    for (const name of ["dev", "prod"]) {
      const { report } = await priceOf((environment) => environment, name);
      expect(report.notes, name).to.deep.equal([]);
      expect(report.assumptions.join(" ")).to.match(/predicts \d+ series for 24 hours/);
    }
  });

  it("pay less for runs that come less often", async () => {
    const often = await priceOf((environment) => environment);
    const daily = await priceOf((environment) => ({
      ...environment,
      inference: { ...environment.inference!, schedule: "rate(1 day)" },
    }));
    expect(sum(daily.lines, "transitions")).to.be.closeTo(sum(often.lines, "transitions") / 24, 1e-9);
  });
});
