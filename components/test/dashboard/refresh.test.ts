import { createRequire } from "node:module";
import { expect } from "chai";
import { Permissions } from "../../../simulator/permissions/index.ts";
import { History } from "../../../simulator/states/history.ts";
import type { Integration } from "../../../simulator/states/integrations/integration.ts";
import { Interpreter } from "../../../simulator/states/interpreter.ts";
import type { Json, JsonObject } from "../../../simulator/states/json.ts";
import { readDefinition } from "../../../simulator/states/read-definition.ts";
import { StateError } from "../../../simulator/states/state-error.ts";
import { graphOf, roleArn } from "../../../simulator/test/declare.ts";
import { FakeClock } from "../../../simulator/test/state-machine.ts";
import { chain } from "../../inference/machine/asl.ts";
import { refreshedDataSets, refreshPermissions, refreshSteps } from "../../dashboard/refresh.ts";
import { shownEnvironment } from "./data-set-lake.ts";

type Validator = (definition: object) => Promise<{ isValid: boolean; errors: unknown[] }>;
const validate = createRequire(import.meta.url)("asl-validator") as Validator;

const accountId = "123456789012";
const dataSets = [
  { id: "metercast-test-use", type: "FULL_REFRESH" as const },
  { id: "metercast-test-runs", type: "FULL_REFRESH" as const },
];

/** A machine of the steps alone. */
function machine(sets = dataSets): { StartAt: string; States: Record<string, object> } {
  const steps = refreshSteps(accountId, sets);
  return { StartAt: steps[0]?.name ?? "", States: chain(steps, undefined, () => undefined) };
}

interface Ingestion {
  started: JsonObject[];
  looks: number;
}

/** Runs the steps against a QuickSight that answers so. */
async function run(
  describe: (parameters: JsonObject, look: number) => Json,
  create: (parameters: JsonObject) => Json = () => ({ IngestionStatus: "INITIALIZED" }),
): Promise<Ingestion & { output?: Json; error?: StateError; waited: number }> {
  const seen: Ingestion = { started: [], looks: 0 };
  const operation = (name: string, parameters: string[], start: (given: JsonObject) => Json): Integration => ({
    resource: `arn:aws:states:::aws-sdk:quicksight:${name}`,
    parameters,
    start: (given) => Promise.try(() => start(given)),
  });
  const integrations = [
    operation("createIngestion", ["AwsAccountId", "DataSetId", "IngestionId", "IngestionType"], (given) => {
      seen.started.push(given);
      return create(given);
    }),
    operation("describeIngestion", ["AwsAccountId", "DataSetId", "IngestionId"], (given) =>
      describe(given, (seen.looks += 1)),
    ),
  ];
  const definition = readDefinition(JSON.stringify(machine()), (resource) =>
    integrations.find((one) => one.resource === resource),
  );
  const clock = new FakeClock();
  const start = clock.now();
  const arn = `arn:aws:states:us-east-1:${accountId}:stateMachine:machine`;
  const executionArn = `arn:aws:states:us-east-1:${accountId}:execution:machine:one`;
  const interpreter = new Interpreter({
    machine: { name: "machine", arn, roleArn: roleArn("roomy") },
    execution: { name: "one", arn: executionArn },
    permissions: new Permissions(graphOf([]), () => undefined),
    clock,
    timeScale: 1,
    region: "us-east-1",
    history: new History(
      () => undefined,
      () => clock.now(),
    ),
    context: {
      Execution: { Id: executionArn, Name: "one", Input: {}, StartTime: new Date(start).toISOString() },
      StateMachine: { Id: arn, Name: "machine" },
    },
    happened: () => undefined,
    random: () => 0.5,
  });
  try {
    const output = await interpreter.run(definition, { run: { value: 1 } }, 0, new AbortController().signal);
    return { ...seen, output, waited: clock.now() - start };
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    return { ...seen, error, waited: clock.now() - start };
  }
}

const status = (IngestionStatus: string): Json => ({ Ingestion: { IngestionStatus, Arn: "arn" } });

describe("The refresh of the dashboard", () => {
  it("is a part of a state machine that AWS takes", async () => {
    const { isValid, errors } = await validate(machine());
    expect(errors).to.deep.equal([]);
    expect(isValid).to.equal(true);
  });

  it("starts an ingestion per data set, named after the execution, and waits for all to end", async () => {
    const { started, looks, output, waited } = await run((_, look) => status(look > 4 ? "COMPLETED" : "RUNNING"));
    expect(started).to.deep.include.members(
      dataSets.map(({ id, type }) => ({
        ...{ AwsAccountId: accountId, DataSetId: id, IngestionId: "run-one", IngestionType: type },
      })),
    );
    expect(looks).to.equal(6);
    expect(waited).to.be.at.least(45_000);
    expect(output).to.deep.equal({
      run: { value: 1 },
      dashboard: dataSets.map(({ id }) => ({ dataSet: id })),
    });
  });

  it("finds the ingestion that it has started before, when a step is tried again", async () => {
    const { output, error } = await run(
      () => status("COMPLETED"),
      () => {
        throw new StateError("QuickSight.ResourceExistsException", "it exists");
      },
    );
    expect(error).to.equal(undefined);
    expect(output).to.have.property("dashboard");
  });

  it("fails with what QuickSight says of a data set that it did not take in", async () => {
    for (const word of ["FAILED", "CANCELLED"]) {
      const { error } = await run(() => ({
        Ingestion: { IngestionStatus: word, ErrorInfo: { Type: "SQL_TABLE_NOT_FOUND", Message: "no table" } },
      }));
      expect(error?.error, word).to.equal("IngestionFailed");
      expect(error?.message).to.contain("did not take in the data set metercast-test-").and.to.contain("no table");
    }
  });

  it("fails when the day's refreshes are used up, and names the data set", async () => {
    const { error } = await run(
      () => status("COMPLETED"),
      () => {
        throw new StateError("QuickSight.LimitExceededException", "32 a day");
      },
    );
    expect(error?.error).to.equal("QuickSight.LimitExceededException");
    expect(error?.message).to.match(/Refresh of the data set metercast-test-\w+: 32 a day/);
  });

  it("is given up after half an hour", async () => {
    const { error, waited } = await run(() => status("RUNNING"));
    expect(error?.error).to.equal("IngestionTooLong");
    expect(error?.message).to.contain("more than 30 minutes");
    expect(waited).to.be.within(29 * 60_000, 31 * 60_000);
  });

  it("is of the data sets that are in SPICE, and may do nothing else", () => {
    const full = refreshedDataSets(shownEnvironment());
    expect(full).to.have.length(9);
    const [permission] = refreshPermissions({ region: "us-east-1", accountId }, full.slice(0, 1));
    expect(permission).to.deep.equal({
      sid: "RefreshDashboard",
      actions: ["quicksight:CreateIngestion", "quicksight:DescribeIngestion"],
      resources: ["arn:aws:quicksight:us-east-1:123456789012:dataset/metercast-test-use_by_day/ingestion/*"],
    });
    const { dashboard } = shownEnvironment();
    if (dashboard === undefined) throw new Error("the environment has a dashboard");
    const incremental = refreshedDataSets(shownEnvironment({ dashboard: { ...dashboard, refresh: "incremental" } }));
    expect(incremental.map(({ id }) => id)).not.to.include("metercast-test-meters");
    expect(new Set(incremental.map(({ type }) => type))).to.deep.equal(new Set(["INCREMENTAL_REFRESH"]));
  });

  it("is nothing where there is no dashboard", () => {
    const without = { ...shownEnvironment() };
    delete without.dashboard;
    expect(refreshedDataSets(without)).to.deep.equal([]);
    expect(refreshSteps(accountId, [])).to.deep.equal([]);
    expect(refreshPermissions({ region: "us-east-1", accountId }, [])).to.deep.equal([]);
  });
});
