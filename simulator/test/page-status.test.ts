import { expect } from "chai";
import { DataFolder } from "../data-folder.ts";
import type { Row } from "../athena/index.ts";
import { executedStates } from "../quicksight/executed-states.ts";
import { PageStatus, readable, type PageStatusOptions } from "../quicksight/page-status.ts";
import { serviceMap, servicesOf, trafficKeys } from "../quicksight/services.ts";
import { readGraph } from "../declared/index.ts";
import type { Executions } from "../states/index.ts";
import { counters, Rates, Traffic } from "../traffic.ts";
import {
  bucketResource,
  functionArn,
  graphOf,
  lambda,
  machine,
  machineArn,
  resource,
  roleArn,
  rule,
  stream,
  temporaryFolder,
} from "./declare.ts";
import { runMachine, workArn } from "./state-machine.ts";
import { StateError } from "../states/state-error.ts";

describe("The states of an execution, by its history,", () => {
  const work = { Type: "Task", Resource: workArn, Parameters: { "Input.$": "$" } };

  it("stand in the order in which they were entered, those of a Map item by item behind it", async () => {
    const definition = {
      StartAt: "Each",
      States: {
        Each: {
          Type: "Map",
          MaxConcurrency: 2,
          ItemProcessor: {
            StartAt: "First",
            States: { First: { ...work, Next: "Second" }, Second: { Type: "Pass", End: true } },
          },
          Next: "Last",
        },
        Last: { Type: "Succeed" },
      },
    };
    const { history } = await runMachine(definition, [1, 2]);
    expect(
      executedStates(history).map(({ name, type, status, depth, item }) => [name, type, status, depth, item]),
    ).to.deep.equal([
      ["Each", "Map", "succeeded", 0, undefined],
      ["First", "Task", "succeeded", 1, 0],
      ["Second", "Pass", "succeeded", 1, 0],
      ["First", "Task", "succeeded", 1, 1],
      ["Second", "Pass", "succeeded", 1, 1],
      ["Last", "Succeed", "succeeded", 0, undefined],
    ]);
  });

  it("tell of attempts, of what failed, and of what goes on", async () => {
    const definition = {
      StartAt: "Only",
      States: {
        Only: {
          ...work,
          Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 2 }],
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Told" }],
          End: true,
        },
        Told: { Type: "Pass", End: true },
      },
    };
    const { history } = await runMachine(
      definition,
      {},
      {
        work: () => {
          throw new StateError("Busy", "later");
        },
      },
    );
    const [only, told] = executedStates(history);
    expect(only).to.include({ status: "failed", error: "Busy", cause: "later", retries: 2 });
    expect(told).to.include({ name: "Told", status: "succeeded" });
    const begun = history.slice(
      0,
      history.findIndex(({ type }) => type === "TaskFailed"),
    );
    expect(executedStates(begun).map(({ status, exited }) => [status, exited])).to.deep.equal([["running", undefined]]);
  });
});

describe("What a client sent", () => {
  it("is shown as text where it is text, and byte by byte where it is none or would not be seen", () => {
    const shown = (text: string | number[]) =>
      readable(typeof text === "string" ? Buffer.from(text) : Uint8Array.from(text));
    expect(shown('{"a": "ä<script>"}\n')).to.equal('{"a": "ä<script>"}\n');
    expect(shown([0x7b, 0xff, 0x00])).to.equal("{\\xff\\x00");
    expect(shown("a\u202eb")).to.equal("a\\xe2\\x80\\xaeb");
    expect(shown("\u001b[31m")).to.equal("\\x1b[31m");
  });
});

describe("The declared services", () => {
  const source = "export const handler = () => null;";
  const declared = readGraph(
    graphOf([
      bucketResource(),
      rule("meters", { sql: "SELECT * FROM 'a/+'", to: "readings", errorsTo: "left" }),
      lambda("transform", source, { variables: { LEFT: "left" } }),
      stream("readings", { functionName: "transform" }),
      stream("left"),
      ...[
        ["daily", `${functionArn("transform")}:1`],
        ["hourly", machineArn("m")],
      ].map(([name = "", arn]) =>
        resource(
          "aws:scheduler/schedule:Schedule",
          name,
          {
            name,
            scheduleExpression: "rate(1 day)",
            flexibleTimeWindow: { mode: "OFF" },
            target: { arn, roleArn: roleArn("roomy"), input: "{}" },
          },
          { arn: `arn:aws:scheduler:us-east-1:123456789012:schedule/default/${name}` },
        ),
      ),
      machine("m", {
        StartAt: "Call",
        States: {
          Call: {
            Type: "Task",
            Resource: "arn:aws:states:::lambda:invoke",
            Parameters: { FunctionName: `${functionArn("transform")}:1` },
            End: true,
          },
        },
      }),
    ]),
  );

  it("are joined by what passes between them", () => {
    const { nodes, arrows } = serviceMap(declared);
    const names = new Map(nodes.map(({ id, service, name }) => [id, `${service} ${name}`]));
    expect(arrows.map(({ from, to, what }) => `${names.get(from)} > ${names.get(to)}: ${what}`)).to.have.members([
      "MQTT, HTTP meters and weather stations > IoT rule meters: messages",
      "IoT rule meters > Firehose readings: records",
      "IoT rule meters > Firehose left: failures",
      "Firehose readings > Lambda transform: records",
      "Firehose readings > S3 lake: records",
      "Firehose left > S3 lake: records",
      "Lambda transform > Firehose left: records",
      "Step Functions m > Lambda transform: tasks",
      "Scheduler daily > Lambda transform: invocations",
      "Scheduler hourly > Step Functions m: executions",
    ]);
  });

  it("have on each arrow what has passed in the last minute", () => {
    const traffic = new Traffic(trafficKeys(declared));
    const rates = new Rates(traffic, 0);
    // as the delivery thread counts
    const other = new Traffic(traffic.shared.keys, traffic.shared.memory);
    const perMinute = () => {
      const { nodes, arrows } = servicesOf(serviceMap(declared), rates.lastMinute());
      const [{ id } = { id: "" }] = nodes.filter(({ service }) => service === "IoT rule");
      return arrows.find(({ to }) => to === id)?.perMinute;
    };
    expect(perMinute()).to.equal(0);
    other.add(counters.rule("meters"), 30);
    expect(perMinute()).to.equal(30);
    expect(rates.sample(30_000)).to.equal(true);
    expect(rates.sample(35_000)).to.equal(false);
    other.add(counters.rule("meters"), 12);
    other.add("no counter");
    rates.sample(60_000);
    expect(perMinute()).to.equal(42);
    rates.sample(90_000);
    expect(perMinute()).to.equal(12);
    rates.sample(120_000);
    expect(perMinute()).to.equal(0);
    expect(counters.task(machineArn("m"), "x")).not.to.equal(counters.started(machineArn("m")));
  });
});

describe("The pipeline's state", () => {
  const optionsWith = (query: PageStatusOptions["query"], changed = () => {}): PageStatusOptions => ({
    questions: { ends: "ends", rejected: "rejected" },
    folder: DataFolder.open(temporaryFolder(), { create: false }),
    query,
    executions: { list: () => [] } as unknown as Executions,
    notifications: () => [1, 2].map((at) => ({ id: String(at), at, topic: "t", message: `m${at}`, subscribers: [] })),
    schedules: () => [],
    services: { nodes: [], arrows: [] },
    rates: new Rates(new Traffic([]), 0),
    changed,
  });

  it("counts what became of everything, and shows what was rejected as it was sent", async () => {
    const rows: Record<string, Row[]> = {
      ends: [
        { pipeline: "readings", ended: "stored", cause: "", elements: 7 },
        { pipeline: "readings", ended: "rejected", cause: "not JSON", elements: 2 },
        { pipeline: "weather", ended: "dropped", cause: "filter", elements: 1 },
      ],
      rejected: [
        {
          pipeline: "readings",
          reason: "not JSON",
          topic: "a/b",
          client: null,
          received: "2018-12-03 05:00:00.000",
          payload: Buffer.from(`<script>${"x".repeat(5000)}`).toString("base64"),
        },
      ],
    };
    let changes = 0;
    const status = new PageStatus(
      optionsWith(
        (sql) => Promise.resolve(rows[sql] ?? []),
        () => changes++,
      ),
    );
    const { ends, rejected, notifications } = await status.get();
    expect(ends).to.deep.equal({
      readings: { accepted: 9, stored: 7, dropped: {}, rejected: { "not JSON": 2 } },
      weather: { accepted: 1, stored: 0, dropped: { filter: 1 }, rejected: {} },
    });
    expect(rejected[0]).to.include({ reason: "not JSON", received: Date.UTC(2018, 11, 3, 5), cut: 5008 - 2048 });
    expect(rejected[0]?.original.slice(0, 9)).to.equal("<script>x");
    expect(notifications.map(({ message }) => message)).to.deep.equal(["m2", "m1"]);
    expect(changes).to.equal(1);
  });

  it("does not count again for each that asks", async () => {
    let asked = 0;
    const status = new PageStatus(optionsWith(() => Promise.resolve([]).finally(() => asked++)));
    await Promise.all([status.get(), status.get(), status.get()]);
    await status.get();
    expect(asked).to.equal(2);
  });

  it("says why where the tables cannot be counted", async () => {
    const status = new PageStatus(optionsWith(() => Promise.reject(new Error("no tables"))));
    expect(await status.get()).to.deep.include({ endsError: "The tables cannot be counted: no tables", rejected: [] });
  });
});
