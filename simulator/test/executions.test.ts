import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { evaluationOf, functionArn, lambda, machine, machineArn, role, temporaryFolder } from "./declare.ts";
import { start } from "./running.ts";
import { only } from "./state-machine.ts";

/** Answers as its event asks; a run's own errors have names of their own. */
const source = `class NoData extends Error { name = "NoData"; }
export const handler = async (event) => {
  if (event.ask === "throw") throw new NoData("no readings between " + event.from + " and " + event.to);
  if (event.ask === "large") return "x".repeat(300_000);
  return { got: event };
};`;

const invoke = (payload: object) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { FunctionName: functionArn("work"), Payload: payload },
});

const machines = {
  direct: only({ Type: "Task", Resource: functionArn("work") }),
  invoke: only({ ...invoke({ "a.$": "$.a" }), ResultSelector: { "got.$": "$.Payload.got" } }),
  large: only(invoke({ ask: "large" })),
  missing: only({ ...invoke({}), Parameters: { FunctionName: "none" } }),
  slow: only({ Type: "Wait", Seconds: 36_000 }),
  throw: only(invoke({ ask: "throw", from: "2016", to: "2017" })),
  late: { ...only({ Type: "Wait", Seconds: 36_000 }), TimeoutSeconds: 1 },
  loop: {
    StartAt: "A",
    States: {
      A: { Type: "Pass", Next: "B" },
      B: { Type: "Choice", Choices: [{ Variable: "$.a", IsNull: true, Next: "End" }], Default: "A" },
      End: { Type: "Succeed" },
    },
  },
};

type Running = Awaited<ReturnType<typeof start>>;

async function withMachines<Result>(
  use: (running: Running, client: SFNClient, data: string) => Promise<Result>,
  data = temporaryFolder(),
): Promise<Result> {
  const declared = Object.entries(machines).map(([name, definition]) => machine(name, definition));
  const policy = [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: functionArn("other") }];
  const denied = machine("denied", machines.direct, { role: "narrow" });
  const running = await start(
    evaluationOf([lambda("work", source), ...declared, denied, ...role("narrow", { policy })], [source]),
    data,
  );
  const client = new SFNClient({
    endpoint: running.simulator.http,
    region: "us-east-1",
    credentials: { accessKeyId: "user", secretAccessKey: "none" },
  });
  try {
    return await use(running, client, data);
  } finally {
    client.destroy();
    await running.simulator.close();
  }
}

async function ended({ simulator }: Running, name: string, input: object = {}) {
  const { arn } = simulator.startExecution({ machine: name, input: input as never });
  return simulator.executions.outcome(arn);
}

describe("an execution", () => {
  it("invokes functions, and ends as they do", async () => {
    await withMachines(async (running) => {
      expect(await ended(running, "direct", { a: 1 })).to.include({ status: "SUCCEEDED", output: '{"got":{"a":1}}' });
      expect(await ended(running, "invoke", { a: 2 })).to.include({ status: "SUCCEEDED", output: '{"got":{"a":2}}' });
      const failed = await ended(running, "throw");
      expect(failed).to.include({ status: "FAILED", error: "NoData" });
      expect(JSON.parse(failed.cause ?? "")).to.deep.equal({
        errorType: "NoData",
        errorMessage: "no readings between 2016 and 2017",
      });
      expect(await ended(running, "large")).to.include({ status: "FAILED", error: "States.DataLimitExceeded" });
      expect(await ended(running, "missing")).to.include({
        status: "FAILED",
        error: "Lambda.ResourceNotFoundException",
        cause: `Function not found: ${functionArn("none")}`,
      });
    });
  });

  it("is refused what its machine's role does not allow, by role, action and resource", async () => {
    await withMachines(async (running) => {
      const { error, cause } = await ended(running, "denied");
      expect(error).to.equal("Lambda.AWSLambdaException");
      expect(cause).to.equal(
        `User: arn:aws:sts::123456789012:assumed-role/narrow/denied is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn("work")} because no identity-based policy allows the lambda:InvokeFunction action`,
      );
      expect(running.warnings).to.deep.equal([
        `role narrow may not lambda:InvokeFunction on ${functionArn("work")} (needed by the state machine denied, for a task)`,
      ]);
    });
  });

  it("ends TIMED_OUT when the machine takes too long, whatever the factor", async () => {
    await withMachines(async (running) => {
      expect(await ended(running, "late")).to.include({ status: "TIMED_OUT", error: "States.Timeout" });
    });
  });

  it("has 25,000 events at most", async () => {
    await withMachines(async (running) => {
      const execution = await ended(running, "loop", { a: 1 });
      expect(execution).to.include({ status: "FAILED" });
      expect(execution.cause).to.equal("The execution reached the maximum number of history events (25000).");
      expect(running.simulator.executions.history(execution.arn)).to.have.length(25_000);
    });
  });

  it("of a name that runs is given again for the same input, and refused for another, and once it has ended", async () => {
    await withMachines(async ({ simulator }) => {
      const first = simulator.startExecution({ machine: "slow", input: { a: 1 }, name: "once" });
      const again = simulator.startExecution({ machine: "slow", input: { a: 1 }, name: "once" });
      expect(again).to.equal(first);
      expect(() => simulator.startExecution({ machine: "slow", input: { a: 2 }, name: "once" })).to.throw(
        `Execution Already Exists: '${first.arn}'`,
      );
      await simulator.executions.stop(first.arn);
      expect(() => simulator.startExecution({ machine: "slow", input: { a: 1 }, name: "once" })).to.throw(
        "Execution Already Exists",
      );
      expect(() => simulator.startExecution({ machine: "slow", name: "a b" })).to.throw("Invalid Name: 'a b'");
      expect(() => simulator.startExecution({ machine: "none" })).to.throw(
        "there is no state machine none: there are direct, invoke,",
      );
    });
  });

  it("ends ABORTED when the simulator stops", async () => {
    const data = temporaryFolder();
    const arn = await withMachines(
      ({ simulator }) => Promise.resolve(simulator.startExecution({ machine: "slow" }).arn),
      data,
    );
    await withMachines(({ simulator }) => {
      const stopped = simulator.executions.describe(arn);
      expect(stopped).to.include({ status: "ABORTED", cause: "The simulator was stopped while the execution ran." });
      expect(simulator.executions.history(arn).at(-1)).to.include({ type: "ExecutionAborted" });
      return Promise.resolve();
    }, data);
  });

  it("ends ABORTED at the next start when the simulator was killed, in the middle of a line or not", async () => {
    const killed = temporaryFolder();
    const arns = await withMachines(async ({ simulator }, _, data) => {
      const started = ["one", "other"].map((name) => simulator.startExecution({ machine: "slow", name }).arn);
      await until(() => started.every((arn) => simulator.executions.history(arn).length === 2));
      // what a kill leaves of a folder
      cpSync(data, killed, { recursive: true });
      rmSync(join(killed, "lock"));
      await Promise.all(started.map((arn) => simulator.executions.stop(arn)));
      return started;
    });
    const folder = join(killed, "executions", "slow");
    appendFileSync(join(folder, "executions.jsonl"), '{"ended":{"name":"one","sta');
    appendFileSync(join(folder, "history", "one.jsonl"), '{"id":3,"prev');
    for (const start of ["first", "second"]) {
      await withMachines(({ simulator }) => {
        for (const arn of arns) {
          const execution = simulator.executions.describe(arn);
          expect(execution.status, start).to.equal("ABORTED");
          expect(execution.cause).to.include("was killed");
          expect(simulator.executions.history(arn).map(({ id, type }) => [id, type])).to.deep.equal([
            [1, "ExecutionStarted"],
            [2, "WaitStateEntered"],
            [3, "ExecutionAborted"],
          ]);
        }
        return Promise.resolve();
      }, killed);
    }
  });

  it("is forgotten 90 days after its end", async () => {
    const data = temporaryFolder();
    const [old, recent] = await withMachines(async (running) => {
      return [await ended(running, "direct"), await ended(running, "direct")];
    }, data);
    const index = join(data, "executions", "direct", "executions.jsonl");
    const lines = readFileSync(index, "utf8").split("\n");
    const long = Date.now() - 91 * 24 * 3600 * 1000;
    const aged = lines.map((line) =>
      line.includes(`"name":"${old?.name}"`) ? line.replace(/"stopped":\d+/, `"stopped":${long}`) : line,
    );
    writeFileSync(index, aged.join("\n"));
    await withMachines(({ simulator }) => {
      expect(simulator.executions.list().map(({ name }) => name)).to.deep.equal([recent?.name]);
      expect(readFileSync(index, "utf8")).not.to.include(String(old?.name));
      expect(readdirSync(join(data, "executions", "direct", "history"))).to.deep.equal([`${recent?.name}.jsonl`]);
      return Promise.resolve();
    }, data);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("Step Functions' API on the loopback endpoint", () => {
  it("serves AWS's own client", async () => {
    await withMachines(async ({ simulator }, client) => {
      const stateMachineArn = machineArn("invoke");
      const started = await client.send(
        new StartExecutionCommand({ stateMachineArn, input: '{"a":1}', name: "first" }),
      );
      expect(started.executionArn).to.equal("arn:aws:states:us-east-1:123456789012:execution:invoke:first");
      expect(Math.abs(Number(started.startDate) - Date.now())).to.be.below(60_000);
      const executionArn = String(started.executionArn);
      await simulator.executions.outcome(executionArn);
      const described = await client.send(new DescribeExecutionCommand({ executionArn }));
      expect(described).to.include({ status: "SUCCEEDED", output: '{"got":{"a":1}}', input: '{"a":1}', name: "first" });
      const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
      expect(events?.map(({ type }) => type)).to.deep.equal([
        "ExecutionStarted",
        "TaskStateEntered",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
      ]);
      expect(events?.[1]?.stateEnteredEventDetails).to.deep.include({ name: "Only", input: '{"a":1}' });
      expect(events?.[0]?.timestamp).to.be.instanceOf(Date);
      const short = await client.send(new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false }));
      expect(short.events?.[1]?.stateEnteredEventDetails).to.deep.equal({ name: "Only" });
      const last = await client.send(
        new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1 }),
      );
      expect(last.events?.map(({ id }) => id)).to.deep.equal([7]);
    });
  });

  it("lists in pages, the latest first, and stops", async () => {
    await withMachines(async (_, client) => {
      const stateMachineArn = machineArn("slow");
      for (const name of ["one", "two", "three"]) {
        await client.send(new StartExecutionCommand({ stateMachineArn, name }));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      const first = await client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 2 }));
      expect(first.executions?.map(({ name }) => name)).to.deep.equal(["three", "two"]);
      const rest = await client.send(new ListExecutionsCommand({ stateMachineArn, nextToken: first.nextToken }));
      expect(rest.executions?.map(({ name }) => name)).to.deep.equal(["one"]);
      const executionArn = String(rest.executions?.[0]?.executionArn);
      await client.send(new StopExecutionCommand({ executionArn, error: "Enough", cause: "by hand" }));
      const stopped = await client.send(new DescribeExecutionCommand({ executionArn }));
      expect(stopped).to.include({ status: "ABORTED", error: "Enough", cause: "by hand" });
      const running = await client.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" }));
      expect(running.executions).to.have.length(2);
      for (const { executionArn } of running.executions ?? []) {
        await client.send(new StopExecutionCommand({ executionArn }));
      }
    });
  });

  it("refuses by the names that the client knows", async () => {
    await withMachines(async ({ simulator }, client) => {
      const refusal = (sent: Promise<unknown>) =>
        sent.then(
          () => "none",
          (error: Error) => error.name,
        );
      const stateMachineArn = machineArn("slow");
      expect(await refusal(client.send(new StartExecutionCommand({ stateMachineArn: machineArn("none") })))).to.equal(
        "StateMachineDoesNotExist",
      );
      expect(await refusal(client.send(new StartExecutionCommand({ stateMachineArn, input: "{" })))).to.equal(
        "InvalidExecutionInput",
      );
      const large = JSON.stringify("x".repeat(262_144));
      expect(await refusal(client.send(new StartExecutionCommand({ stateMachineArn, input: large })))).to.equal(
        "InvalidExecutionInput",
      );
      expect(await refusal(client.send(new DescribeExecutionCommand({ executionArn: "none" })))).to.equal(
        "ExecutionDoesNotExist",
      );
      const post = async (operation: string) => {
        const answer = await fetch(simulator.http, {
          method: "POST",
          headers: { "x-amz-target": `AWSStepFunctions.${operation}` },
          body: JSON.stringify({ stateMachineArn }),
        });
        return ((await answer.json()) as { __type: string }).__type;
      };
      expect(await post("StartSyncExecution")).to.equal("StateMachineTypeNotSupported");
      expect(await post("CreateStateMachine")).to.equal("UnknownOperationException");
    });
  });
});
