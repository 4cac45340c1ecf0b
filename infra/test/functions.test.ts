import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { loadEnvironment } from "../../environments/index.ts";
import type { Evaluation } from "../../graph/index.ts";
import { check, evaluate } from "../../graph/index.ts";
import type { TransformConfig } from "../../lambdas/transform/config.ts";
import { resource, resourcesOf, statementsOf, types } from "./graphs.ts";

const file = fileURLToPath(new URL("../../environments/test/fixtures/functions.yaml", import.meta.url));
const calibrate = "metercast-functions-readings-lambda-calibrate";
const grade = "metercast-functions-weather-lambda-grade";
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

/** The bytes of a file in a function's archive, as text. */
function archived({ graph, assets }: Evaluation, name: string, path: string): string {
  const { code } = resource(graph, types.function, name).inputs as {
    code: { $archive: Record<string, { $asset: string }> };
  };
  return Buffer.from(assets.get(code.$archive[path]?.$asset ?? "") ?? "").toString();
}

describe("A lambda activity, declared", () => {
  const evaluated = evaluate(loadEnvironment(file));

  it("is a function of its own for each module, with the team's code bundled and 60 seconds for a batch", async () => {
    const evaluation = await evaluated;
    const ofActivities = resourcesOf(evaluation.graph, types.function).filter(({ parent }) =>
      parent?.includes("metercast:ingestion:ActivityFunction"),
    );
    expect(ofActivities.map(({ inputs }) => inputs["name"])).to.have.members([calibrate, grade]);
    for (const name of [calibrate, grade]) {
      expect(resource(evaluation.graph, types.function, name).inputs).to.deep.include({
        runtime: "nodejs24.x",
        handler: "index.handler",
        timeout: 60,
        role: `arn:aws:iam::123456789012:role/${name}`,
        tags: { "metercast:environment": "functions" },
      });
    }
    expect(archived(evaluation, calibrate, "index.mjs")).to.contain("factor");
    expect(archived(evaluation, calibrate, "index.mjs")).to.not.contain("interface");
  });

  it("has a log group and a role that allows its log only", async () => {
    const { graph } = await evaluated;
    for (const name of [calibrate, grade]) {
      expect(resource(graph, types.logGroup, `/aws/lambda/${name}`).inputs["retentionInDays"]).to.equal(30);
      expect(statementsOf(graph, name)).to.deep.equal([
        {
          Sid: "WriteLog",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [`arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/${name}:*`],
        },
      ]);
    }
  });

  it("lets in its pipeline's transform only, by the function's policy", async () => {
    const { graph } = await evaluated;
    const permissions = resourcesOf(graph, "aws:lambda/permission:Permission").map(({ inputs }) => inputs);
    expect(permissions).to.have.deep.members(
      [
        [calibrate, "readings"],
        [grade, "weather"],
      ].map(([name, pipeline]) => ({
        statementId: "InvokeByTransform",
        action: "lambda:InvokeFunction",
        function: name,
        principal: `arn:aws:iam::123456789012:role/metercast-functions-${pipeline}-transform`,
        sourceAccount: "123456789012",
      })),
    );
  });

  it("is what the transform's role may invoke, that function and no version or other of it", async () => {
    const { graph } = await evaluated;
    const invoking = statementsOf(graph, "metercast-functions-readings-transform").filter(({ Action }) =>
      Action.some((action) => action.startsWith("lambda:")),
    );
    expect(invoking).to.deep.equal([
      { Sid: "InvokeActivities", Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [arnOf(calibrate)] },
    ]);
  });

  it("is configured by the function's name, in its place among the activities", async () => {
    const config = JSON.parse(
      archived(await evaluated, "metercast-functions-readings-transform", "config.json"),
    ) as TransformConfig;
    expect(config.activities.map(({ kind, meter }) => [kind, meter])).to.deep.equal([
      ["filter", 0],
      ["lambda", 0],
      ["math", 0],
    ]);
    expect(config.activities[1]).to.deep.equal({
      name: "lambda: calibrate.ts",
      kind: "lambda",
      meter: 0,
      function: calibrate,
      batchSize: 100,
      columns: { factor: "double" },
    });
  });

  it("has a transform that can invoke it and waits as long as Firehose does; the others cannot", async () => {
    const evaluation = await evaluated;
    const transform = "metercast-functions-readings-transform";
    expect(resource(evaluation.graph, types.function, transform).inputs["timeout"]).to.equal(300);
    expect(archived(evaluation, transform, "index.mjs")).to.contain("/invocations");
    const without = await evaluate("dev");
    expect(archived(without, "metercast-dev-readings-transform", "index.mjs")).to.not.contain("/invocations");
  });

  it("adds its columns to the landing table and to the view", async () => {
    const { graph } = await evaluated;
    const columnsOf = (name: string) =>
      (resource(graph, types.table, name).inputs["storageDescriptor"] as { columns: { name: string; type: string }[] })
        .columns;
    for (const name of ["readings_landing", "readings"]) {
      expect(columnsOf(name)).to.deep.include({ name: "factor", type: "double" });
    }
    expect(columnsOf("weather_landing")).to.deep.include({ name: "grade", type: "string" });
  });

  it("declares properties that the provider knows, and no folder of this machine", async () => {
    const { graph } = await evaluated;
    expect(check(graph)).to.deep.equal([]);
    expect(JSON.stringify(graph)).to.not.contain("fixtures");
  });
});
