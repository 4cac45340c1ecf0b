import { evaluate, type Evaluation, type Graph } from "@metercast/graph";
import { expect } from "chai";
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { calls, Permissions, scheduleCaller, sentenceOf, type Decision } from "../permissions/index.ts";
import { run } from "../run.ts";
import type { Simulator } from "../simulator.ts";
import type { Json } from "../states/index.ts";
import { temporaryFolder } from "./declare.ts";

const rolePolicyType = "aws:iam/rolePolicy:RolePolicy";

interface Statement {
  Action: string[];
}

/** An action that a role allows. */
interface Allowed {
  role: string;
  action: string;
}

function allowedIn({ resources }: Graph): Allowed[] {
  return resources
    .filter(({ type }) => type === rolePolicyType)
    .flatMap(({ inputs }) => {
      const { Statement } = JSON.parse(String(inputs["policy"])) as { Statement: Statement[] };
      return Statement.flatMap(({ Action }) => Action.map((action) => ({ role: String(inputs["role"]), action })));
    });
}

/** The graph in which roles allow everything but what is taken away. */
function without(graph: Graph, ...taken: Allowed[]): Graph {
  const resources = graph.resources.map((resource) => {
    const actions = taken.filter(({ role }) => role === resource.inputs["role"]).map(({ action }) => action);
    if (resource.type !== rolePolicyType || actions.length === 0) return resource;
    const document = JSON.parse(String(resource.inputs["policy"])) as { Statement: Statement[] };
    const statements = document.Statement.map((statement) => ({
      ...statement,
      Action: statement.Action.filter((action) => !actions.includes(action)),
    })).filter(({ Action }) => Action.length > 0);
    const policy = JSON.stringify({ ...document, Statement: statements });
    return { ...resource, inputs: { ...resource.inputs, policy } };
  });
  return { ...graph, resources };
}

/** What a run asked its roles for, said, and put into the error output. */
interface Seen {
  asked: Decision[];
  warnings: string[];
  /** Lines of the error objects below a prefix of "errors/". */
  errors: (prefix: string) => Record<string, unknown>[];
}

/** Readings and weather that are stored, dropped and rejected. */
const messages = {
  "metercast/dev/Minneapolis/meter/steam": [
    { building_id: 1100, meter: 2, timestamp: 1544065200000, meter_reading: 63.1 },
    { building_id: 1099, meter: 2, timestamp: 1544065200000, meter_reading: 63.1 },
    { building_id: "x", meter: 2 },
  ],
  "metercast/dev/Phoenix/weather": [{ site_id: 2, timestamp: 1544065200000, air_temperature: 3 }, { site_id: "x" }],
};

/** Three days of a building's use and its city's weather, hour by hour, and the register that has the building. */
const hours = Array.from({ length: 72 }, (_, hour) => Date.UTC(2018, 11, 3, hour));
const history = {
  "metercast/dev/Jacksonville/meter/electricity": hours.map((timestamp, hour) => ({
    building_id: 1,
    meter: 0,
    timestamp,
    meter_reading: 100 + (hour % 24),
  })),
  "metercast/dev/Jacksonville/weather": hours.map((timestamp, hour) => ({
    site_id: 0,
    timestamp,
    air_temperature: 10 + (hour % 24) / 2,
    dew_temperature: 5,
    sea_level_pressure: 1015,
    wind_direction: 90,
    wind_speed: 3,
  })),
};
const register = { building_id: 1, site_id: 0, primary_use: "Education", square_feet: 5000, year_built: 1990 };

/** Files of a version that is no longer kept, and that no manifest names. */
const retired = "datasets/use_by_day/versions/20181101T000000000Z-old/0-0/dt=2018-11-01/rows";

function leaveOldVersion(bucketFolder: string): void {
  const file = join(bucketFolder, retired);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "old");
  utimesSync(file, new Date("2018-11-01T00:00:00Z"), new Date("2018-11-01T00:00:00Z"));
}

/**
 * Runs the machines once for what there is, and once for hours of which nothing is known; sends the digest, and asks for
 * predictions from features that are not there.
 */
async function runMachines(simulator: Simulator, bucket: string, bucketFolder: string): Promise<void> {
  leaveOldVersion(bucketFolder);
  for (const [topic, message] of Object.entries(history)) await publish(simulator, topic, message);
  const buildings = `${simulator.http}/${bucket}/buildings/buildings.json`;
  expect((await fetch(buildings, { method: "PUT", body: `${JSON.stringify(register)}\n` })).status).to.equal(200);
  const failing: [string, Json][] = [
    ["metercast-dev-datasets", { datasets: ["none"] }],
    ["metercast-dev-inference", { from: "2030-01-01T00:00:00Z", to: "2030-01-01T01:00:00Z" }],
  ];
  for (const machine of ["metercast-dev-datasets", "metercast-dev-inference"]) {
    const { arn } = simulator.startExecution({ machine });
    const { status, cause } = await simulator.executions.outcome(arn);
    expect(status, cause).to.equal("SUCCEEDED");
  }
  for (const [machine, input] of failing) {
    const { arn } = simulator.startExecution({ machine, input });
    expect((await simulator.executions.outcome(arn)).status).to.equal("FAILED");
  }
  expect(simulator.notifications).to.have.length(2);
  expect(existsSync(join(bucketFolder, retired))).to.equal(false);
  expect(await invoke(simulator, "digest", {})).to.include({ day: "2018-12-05" });
  expect(simulator.emails).to.have.length(1);
  const run = { id: "none" };
  expect((await invoke(simulator, "predict", { run, key: "features/none.parquet" }))["errorMessage"]).to.match(
    /features\/none\.parquet/,
  );
}

/** What a function of dev gives to this machine's user. */
async function invoke(simulator: Simulator, name: string, event: object): Promise<Record<string, unknown>> {
  const url = `${simulator.http}/2015-03-31/functions/metercast-dev-${name}/invocations`;
  const response = await fetch(url, { method: "POST", body: JSON.stringify(event) });
  return (await response.json()) as Record<string, unknown>;
}

async function publish(simulator: Simulator, topic: string, message: unknown): Promise<void> {
  const url = `${simulator.http}/topics/${encodeURIComponent(topic)}?qos=1`;
  expect((await fetch(url, { method: "POST", body: JSON.stringify(message) })).status).to.equal(200);
}

async function runOf({ assets }: Evaluation, graph: Graph, { machines = false } = {}): Promise<Seen> {
  const data = temporaryFolder();
  const asked: Decision[] = [];
  const warnings: string[] = [];
  const simulator = await run({
    evaluation: { graph, assets },
    data,
    mqttPort: 0,
    httpPort: 0,
    warn: (sentence) => warnings.push(sentence),
    decided: (decision) => asked.push(decision),
    onFailure: (error) => {
      throw error;
    },
  });
  try {
    for (const [topic, message] of Object.entries(messages)) await publish(simulator, topic, message);
    if (machines) await runMachines(simulator, bucketOf(graph), join(data, "buckets", bucketOf(graph)));
  } finally {
    await simulator.close();
  }
  const [bucket = ""] = readdirSync(join(data, "buckets"));
  return { asked, warnings, errors: (prefix) => linesBelow(join(data, "buckets", bucket, "errors", prefix)) };
}

function bucketOf({ resources }: Graph): string {
  return String(resources.find(({ type }) => type === "aws:s3/bucket:Bucket")?.outputs["bucket"]);
}

/** What the scheduler asks the declared schedules' roles for, at their times. */
function askedBySchedules(graph: Graph): Decision[] {
  const asked: Decision[] = [];
  const permissions = new Permissions(graph, (decision) => asked.push(decision));
  for (const { type, inputs } of graph.resources) {
    if (type !== "aws:scheduler/schedule:Schedule") continue;
    const target = inputs["target"] as { arn: string; roleArn: string; deadLetterConfig: { arn: string } };
    const caller = scheduleCaller(String(inputs["name"]), String(inputs["groupName"]), target.roleArn, graph);
    const refused = target.arn.includes(":function:")
      ? permissions.refusal(calls.scheduleInvokesFunction, caller, { functionArn: target.arn })
      : permissions.refusal(calls.scheduleStartsExecution, caller, { machineArn: target.arn });
    expect(refused).to.equal(undefined);
    const queueArn = target.deadLetterConfig.arn;
    expect(permissions.refusal(calls.scheduleSendsDeadLetter, caller, { queueArn })).to.equal(undefined);
  }
  return asked;
}

function linesBelow(folder: string): Record<string, unknown>[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("the roles of the environment dev", () => {
  let evaluation: Evaluation;
  let whole: Seen;
  let withoutPuts: Seen;
  let withoutInvocations: Seen;

  before(async function () {
    this.timeout(120_000);
    evaluation = await evaluate("dev");
    const { graph } = evaluation;
    whole = await runOf(evaluation, graph, { machines: true });
    whole.asked.push(...askedBySchedules(graph));
    const puts = ["readings", "weather"].map((part) => ({
      role: `metercast-dev-${part}-rules`,
      action: "firehose:PutRecord",
    }));
    const invocation = (part: string) => ({ role: `metercast-dev-${part}-delivery`, action: "lambda:InvokeFunction" });
    withoutPuts = await runOf(evaluation, without(graph, ...puts, invocation("left-out")));
    withoutInvocations = await runOf(evaluation, without(graph, invocation("readings"), invocation("weather")));
  });

  it("allow all that a run needs", () => {
    expect(whole.warnings).to.deep.equal([]);
  });

  it("lead a message whose rule may not put to the error action, and on to the stream of what is left out", () => {
    const failed = withoutPuts.errors("left_out/processing-failed");
    expect(failed).to.have.length(2);
    const rules = failed.map(({ errorCode, rawData }) => {
      expect(errorCode).to.equal("Lambda.InvokeAccessDenied");
      const message = JSON.parse(Buffer.from(String(rawData), "base64").toString()) as {
        ruleName: string;
        failures: { errorMessage: string }[];
      };
      expect(message.failures[0]?.errorMessage).to.match(
        /^AccessDeniedException: User: .*-rules\/metercast_dev_\w+ is not authorized to perform: firehose:PutRecord on resource: /,
      );
      return message.ruleName;
    });
    expect(rules.sort()).to.deep.equal(["metercast_dev_steam", "metercast_dev_weather"]);
  });

  it("lead a record whose stream may not invoke its function to the error output", () => {
    for (const stream of ["readings", "weather"]) {
      const [failed, ...others] = withoutInvocations.errors(`${stream}/processing-failed`);
      expect(others).to.have.length(0);
      expect(failed).to.include({ errorCode: "Lambda.InvokeAccessDenied", attemptsMade: 4 });
    }
  });

  it("lead a record whose function may not tell what it leaves out to the error output, with AWS's answer", async () => {
    const taken = { role: "metercast-dev-readings-transform", action: "firehose:PutRecordBatch" };
    const { errors } = await runOf(evaluation, without(evaluation.graph, taken));
    const [failed] = errors("readings/processing-failed");
    expect(failed?.["errorCode"]).to.equal("Lambda.FunctionError");
    expect(failed?.["errorMessage"]).to.match(
      /^AccessDeniedException: User: .* to perform: firehose:PutRecordBatch on /,
    );
  });

  it("are each asked for every action that they allow: without it something is refused, or told to be unneeded", () => {
    const asked = [...whole.asked, ...withoutPuts.asked, ...withoutInvocations.asked];
    const idle: string[] = [];
    for (const { role, action } of allowedIn(evaluation.graph)) {
      const permissions = new Permissions(without(evaluation.graph, { role, action }), () => {});
      const refused = asked.find(
        (decision) =>
          decision.principal === role &&
          decision.action === action &&
          !permissions.allows(`arn:aws:iam::123456789012:role/${role}`, action, decision.resource, decision.context)
            .allowed,
      );
      if (!refused) idle.push(`${role} allows ${action}`);
      else expect(sentenceOf(refused)).to.match(new RegExp(`^role ${role} may not ${action} on (?:arn:aws:|\\* )`));
    }
    expect(idle).to.deep.equal([]);
  });

  it("can each be taken by their service, and by no other", () => {
    const services = [
      "firehose.amazonaws.com",
      "iot.amazonaws.com",
      "lambda.amazonaws.com",
      "quicksight.amazonaws.com",
      "sagemaker.amazonaws.com",
      "scheduler.amazonaws.com",
      "states.amazonaws.com",
    ] as const;
    const roles = evaluation.graph.resources.filter(({ type }) => type === "aws:iam/role:Role");
    const asked = [...whole.asked, ...withoutPuts.asked].filter(({ action }) => action === "sts:AssumeRole");
    const permissions = new Permissions(evaluation.graph, () => {});
    for (const { outputs, name } of roles) {
      const roleArn = String(outputs["arn"]);
      const caller = { arn: "arn:aws:iot:us-east-1:123456789012:rule/r", name: "r", title: "a resource", roleArn };
      const takers = services.filter((by) => permissions.roleRefusal({ ...caller, by }) === undefined);
      const seen = new Set(asked.filter(({ resource }) => resource === roleArn).map(({ principal }) => principal));
      expect(takers, name).to.deep.equal([...seen]);
    }
  });
});
