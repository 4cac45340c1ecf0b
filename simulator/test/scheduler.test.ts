import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "@metercast/graph";
import { readGraph } from "../declared/index.ts";
import { Permissions } from "../permissions/index.ts";
import type { QueueMessage } from "../scheduler/dead-letters.ts";
import { Scheduler, type SchedulerOptions } from "../scheduler/scheduler.ts";
import { StatesRefusal, type StartRequest } from "../states/index.ts";
import {
  evaluationOf,
  functionArn,
  graphOf,
  lambda,
  machine,
  machineArn,
  resource,
  role,
  roleArn,
  temporaryFolder,
} from "./declare.ts";
import { start } from "./running.ts";
import { FakeClock, only } from "./state-machine.ts";

const queueArn = "arn:aws:sqs:us-east-1:123456789012:letters";
const scheduleArn = "arn:aws:scheduler:us-east-1:123456789012:schedule/runs/hourly";

interface Settings {
  expression?: string;
  input?: object;
  state?: string;
  startDate?: string;
  endDate?: string;
  retries?: number;
  queue?: boolean;
  role?: string;
  target?: string;
  /** ARN of a function in the place of a state machine. */
  invoked?: string;
  group?: string;
}

function schedule(name: string, settings: Settings = {}): Resource {
  const inputs = {
    name,
    groupName: settings.group ?? "runs",
    scheduleExpression: settings.expression ?? "rate(1 hour)",
    scheduleExpressionTimezone: "UTC",
    flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 5 },
    ...(settings.state && { state: settings.state }),
    ...(settings.startDate && { startDate: settings.startDate }),
    ...(settings.endDate && { endDate: settings.endDate }),
    target: {
      arn: settings.invoked ?? machineArn(settings.target ?? "run"),
      roleArn: roleArn(settings.role ?? "roomy"),
      input: JSON.stringify(settings.input ?? {}),
      retryPolicy: { maximumRetryAttempts: settings.retries ?? 0, maximumEventAgeInSeconds: 3600 },
      ...(settings.queue && { deadLetterConfig: { arn: queueArn } }),
    },
  };
  return resource("aws:scheduler/schedule:Schedule", name, inputs, { arn: scheduleArn });
}

const around = [
  machine("run", only({ Type: "Pass" })),
  resource("aws:scheduler/scheduleGroup:ScheduleGroup", "runs", { name: "runs" }),
  resource(
    "aws:sqs/queue:Queue",
    "letters",
    { name: "letters", messageRetentionSeconds: 1_209_600 },
    { arn: queueArn },
  ),
];

interface Scheduled {
  requests: { at: string; request: StartRequest }[];
  invocations: { at: string; arn: string; event: unknown }[];
  warnings: string[];
  letters: QueueMessage[];
}

/** Lets a schedule run on a clock of its own until it has started something so often, or gives up. */
async function run(
  resources: Resource[],
  { times = 1, fail }: { times?: number; fail?: () => StatesRefusal | undefined } = {},
): Promise<Scheduled> {
  const graph = graphOf([...around, ...resources]);
  const clock = new FakeClock(Date.parse("2026-01-01T00:00:00Z"));
  const done = Promise.withResolvers<void>();
  const result: Scheduled = { requests: [], invocations: [], warnings: [], letters: [] };
  const queues = join(temporaryFolder(), "queues");
  const options: SchedulerOptions = {
    declared: readGraph(graph),
    permissions: new Permissions(graph, () => {}),
    place: graph,
    clock,
    timeScale: 1,
    queues,
    start: (request) => {
      result.requests.push({ at: new Date(clock.now()).toISOString(), request });
      if (result.requests.length >= times) done.resolve();
      const refusal = fail?.();
      if (refusal) throw refusal;
    },
    invoke: (arn, event) => {
      result.invocations.push({ at: new Date(clock.now()).toISOString(), arn, event });
      if (result.invocations.length >= times) done.resolve();
    },
    warn: (sentence) => {
      result.warnings.push(sentence);
      done.resolve();
    },
    onFailure: done.reject,
  };
  const scheduler = new Scheduler(options);
  scheduler.run();
  await done.promise;
  await scheduler.close();
  const file = join(queues, "letters.jsonl");
  if (existsSync(file)) {
    const lines = readFileSync(file, "utf8").trim().split("\n");
    result.letters = lines.map((line) => JSON.parse(line) as QueueMessage);
  }
  return result;
}

describe("a schedule", () => {
  it("starts its state machine at its times, with the scheduler's keywords in the input", async () => {
    const input = {
      scheduleTime: "<aws.scheduler.scheduled-time>",
      id: "<aws.scheduler.execution-id>",
      arn: "<aws.scheduler.schedule-arn>",
      attempt: "<aws.scheduler.attempt-number>",
    };
    const { requests } = await run([schedule("hourly", { input })], { times: 2 });
    expect(requests.map(({ at }) => at)).to.deep.equal(["2026-01-01T01:00:00.000Z", "2026-01-01T02:00:00.000Z"]);
    const [first, second] = requests.map(({ request }) => JSON.parse(request.input ?? "") as Record<string, string>);
    expect(requests[0]?.request.machineArn).to.equal(machineArn("run"));
    expect(first).to.include({ scheduleTime: "2026-01-01T01:00:00Z", arn: scheduleArn, attempt: "1" });
    expect(first?.["id"])
      .to.match(/^[\da-f-]{36}$/)
      .and.not.equal(second?.["id"]);
  });

  it("keeps to its dates", async () => {
    const { requests } = await run(
      [schedule("hourly", { startDate: "2026-01-01T05:30:00Z", endDate: "2026-01-01T07:00:00Z" })],
      { times: 2 },
    );
    expect(requests.map(({ at }) => at)).to.deep.equal(["2026-01-01T05:30:00.000Z", "2026-01-01T06:30:00.000Z"]);
    const other = schedule("other", { expression: "cron(0 * * * ? *)", target: "run" });
    const ended = await run([schedule("hourly", { endDate: "2026-01-01T00:30:00Z", input: { never: 1 } }), other]);
    expect(ended.requests.map(({ request }) => request.input)).to.deep.equal(["{}"]);
  });

  it("that is disabled starts nothing", async () => {
    const { requests } = await run([
      schedule("off", { state: "DISABLED", expression: "rate(1 minute)", input: { off: 1 } }),
      schedule("on", { expression: "rate(10 minutes)" }),
    ]);
    expect(requests.map(({ request }) => request.input)).to.deep.equal(["{}"]);
  });

  it("tries again as its retry policy says, and starts once", async () => {
    let failures = 2;
    const { requests, warnings } = await run(
      [schedule("hourly", { retries: 3, input: { n: "<aws.scheduler.attempt-number>" } })],
      { times: 3, fail: () => (failures-- > 0 ? new StatesRefusal("ServiceUnavailable", "not now") : undefined) },
    );
    expect(requests.map(({ at, request }) => [at, request.input])).to.deep.equal([
      ["2026-01-01T01:00:00.000Z", '{"n":"1"}'],
      ["2026-01-01T01:00:01.000Z", '{"n":"2"}'],
      ["2026-01-01T01:00:03.000Z", '{"n":"3"}'],
    ]);
    expect(warnings).to.deep.equal([]);
  });

  it("puts what it cannot start into its queue, with the reason", async () => {
    const { warnings, letters } = await run([schedule("hourly", { queue: true, retries: 1, input: { a: 1 } })], {
      times: 9,
      fail: () => new StatesRefusal("ServiceUnavailable", "not now"),
    });
    expect(warnings[0]).to.include("The schedule hourly could not start").and.include("is in the queue letters");
    expect(letters[0]?.body).to.equal('{"a":1}');
    expect(letters[0]?.attributes).to.include({
      ERROR_CODE: "ServiceUnavailable",
      ERROR_MESSAGE: "not now",
      EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      RETRY_ATTEMPTS: "1",
      SCHEDULED_TIME: "2026-01-01T01:00:00Z",
      SCHEDULE_ARN: scheduleArn,
      TARGET_ARN: machineArn("run"),
    });
  });

  it("starts only what its role allows, and gives up on what is too old", async () => {
    const allow = (Action: string, Resource: string) => ({ Effect: "Allow", Action, Resource });
    const { requests, letters } = await run([
      schedule("hourly", { role: "narrow", queue: true, retries: 185 }),
      ...role("narrow", { policy: [allow("sqs:SendMessage", queueArn)] }),
    ]);
    expect(requests).to.deep.equal([]);
    expect(letters[0]?.attributes).to.include({
      ERROR_CODE: "AccessDeniedException",
      EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds",
    });
    expect(letters[0]?.attributes["ERROR_MESSAGE"]).to.include(
      `assumed-role/narrow/hourly is not authorized to perform: states:StartExecution on resource: ${machineArn("run")}`,
    );
    const neither = await run([schedule("hourly", { role: "bare", queue: true }), ...role("bare", { policy: [] })]);
    expect(neither.letters).to.deep.equal([]);
    expect(neither.warnings[0]).to.include("role bare may not sqs:SendMessage");
  });

  it("may take a role that trusts its group", async () => {
    const trust = (group: string) => ({
      Condition: {
        ArnEquals: { "aws:SourceArn": `arn:aws:scheduler:us-east-1:123456789012:schedule-group/${group}` },
      },
    });
    const policy = [{ Effect: "Allow", Action: "states:StartExecution", Resource: machineArn("run") }];
    const scheduled = schedule("hourly", { role: "narrow" });
    expect((await run([scheduled, ...role("narrow", { policy, trust: trust("runs") })])).requests).to.have.length(1);
    const refused = await run([scheduled, ...role("narrow", { policy, trust: trust("others") })]);
    expect(refused.warnings[0]).to.include("not authorized to perform: sts:AssumeRole");
  });

  it("is refused at start when what it names is not declared", async () => {
    const refusal = (settings: Settings) =>
      run([schedule("hourly", settings)]).then(
        () => "none",
        (error: Error) => error.message,
      );
    const named = 'aws:scheduler/schedule:Schedule "hourly": ';
    expect(await refusal({ expression: "cron(0 6 * * * *)" })).to.include(
      `${named}scheduleExpression: of day of month`,
    );
    expect(await refusal({ target: "other" })).to.equal(
      `${named}target.arn is ${machineArn("other")}, which is no declared state machine or function`,
    );
    expect(await refusal({ group: "none" })).to.equal(`${named}groupName is none, which is not declared`);
  });
});

describe("a schedule of a function", () => {
  const team = lambda("team", "export const handler = () => 1;");

  it("gives it its input at its times, whatever version it names", async () => {
    const input = { scheduleTime: "<aws.scheduler.scheduled-time>", day: "2018-12-16" };
    for (const invoked of [functionArn("team"), `${functionArn("team")}:3`]) {
      const { invocations, requests, warnings } = await run([team, schedule("hourly", { invoked, input })], {
        times: 2,
      });
      expect(invocations).to.deep.equal(
        ["2026-01-01T01:00:00", "2026-01-01T02:00:00"].map((time) => ({
          at: `${time}.000Z`,
          arn: functionArn("team"),
          event: { scheduleTime: `${time}Z`, day: "2018-12-16" },
        })),
      );
      expect([...requests, ...warnings]).to.deep.equal([]);
    }
  });

  it("asks its role for the function as it is named, tries again, and keeps in its queue what it may not invoke", async () => {
    const allow = (Action: string, Resource: string) => ({ Effect: "Allow", Action, Resource });
    const settings = { role: "narrow", queue: true, retries: 1, input: { a: 1 }, invoked: functionArn("team") };
    const narrow = role("narrow", {
      policy: [allow("lambda:InvokeFunction", functionArn("team")), allow("sqs:SendMessage", queueArn)],
    });
    const may = await run([team, schedule("hourly", settings), ...narrow]);
    expect(may.invocations).to.have.length(1);
    const version = { ...settings, invoked: `${functionArn("team")}:3` };
    const { invocations, letters, warnings } = await run([team, schedule("hourly", version), ...narrow]);
    expect(invocations).to.deep.equal([]);
    expect(letters[0]?.body).to.equal('{"a":1}');
    expect(letters[0]?.attributes).to.include({
      ERROR_CODE: "AccessDeniedException",
      EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      RETRY_ATTEMPTS: "1",
      TARGET_ARN: version.invoked,
    });
    expect(letters[0]?.attributes["ERROR_MESSAGE"]).to.include(
      `assumed-role/narrow/hourly is not authorized to perform: lambda:InvokeFunction on resource: ${version.invoked}`,
    );
    expect(warnings[0]).to.include(`The schedule hourly could not invoke ${version.invoked}`);
  });
});

describe("a running simulator's schedules", () => {
  it("are known with their next times, and start executions", async () => {
    const soon = new Date(Date.now() + 1500).toISOString().slice(0, 19);
    const schedules = [
      schedule("hourly"),
      schedule("off", { state: "DISABLED" }),
      schedule("soon", { expression: `at(${soon})` }),
    ];
    const running = await start(evaluationOf([...around, ...schedules]), temporaryFolder());
    try {
      const { simulator } = running;
      const [hourly, off] = simulator.schedules;
      expect(Number(hourly?.next) - Date.now()).to.be.within(3_590_000, 3_600_000);
      expect(off).to.include({ name: "off", enabled: false, next: undefined });
      while (simulator.executions.list().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(simulator.executions.list()[0]).to.include({ machine: "run", input: "{}" });
    } finally {
      await running.simulator.close();
    }
  });

  it("give a function its event, once it has failed again too", async () => {
    const source = `
      let failed = false;
      export const handler = ({ at }) => {
        console.log(at);
        if (failed) return;
        failed = true;
        throw new Error("not yet");
      };`;
    const soon = new Date(Date.now() + 1500).toISOString().slice(0, 19);
    const settings = {
      expression: `at(${soon})`,
      invoked: functionArn("team"),
      input: { at: "<aws.scheduler.scheduled-time>" },
    };
    const evaluation = evaluationOf([...around, lambda("team", source), schedule("soon", settings)], [source]);
    const data = temporaryFolder();
    const { simulator, warnings } = await start(evaluation, data, undefined, { timeScale: 0.001 });
    try {
      const log = join(data, "function-logs", "team.log");
      const lines = () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []);
      while (lines().length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(lines()).to.deep.equal([`${soon}Z`, `${soon}Z`]);
      expect(warnings).to.deep.equal([]);
    } finally {
      await simulator.close();
    }
  });
});
