import { expect } from "chai";
import { differences } from "../as-evaluated.ts";
import type { DeployedResource } from "../deployment.ts";
import { EngineError } from "../engine-error.ts";
import { projectEnvironment, unprotected, withCity } from "../environment-text.ts";
import { requireSteps } from "../scenario.ts";
import { scenarios } from "../scenarios.ts";
import type { Graph } from "../../graph/index.ts";

describe("The steps of an operation", () => {
  it("must be those that are expected, as many times and in any order", () => {
    requireSteps("it", ["create b", "create a"], ["create a", "create b"]);
    expect(() => requireSteps("it", ["create a", "create a", "update b"], ["create a", "delete c"])).to.throw(
      EngineError,
      "it does not take the steps that it should:\n  not expected: create a\n  not expected: update b\n  missing: delete c",
    );
  });
});

describe("A change of an environment's file", () => {
  const dev = projectEnvironment("dev");

  it("sets properties of a city that is there and leaves the rest", () => {
    const { text, environment } = withCity(dev, "London", { label: "Greater London" });
    const cities = dev.environment.cities.map((city) =>
      city.name === "London" ? { ...city, label: "Greater London" } : city,
    );
    expect(environment.cities).to.deep.equal(cities);
    expect(text).to.contain("# yaml-language-server");
  });

  it("adds a city that is not there, and takes the protection away", () => {
    const prod = unprotected(projectEnvironment("prod"));
    expect(prod.environment.protect).to.equal(false);
    expect(
      scenarios["dev"]?.()
        .changes.at(-1)
        ?.to.environment.cities.map(({ name }) => name),
    ).to.deep.equal([...dev.environment.cities.map(({ name }) => name), "Dublin"]);
  });

  it("is refused when the file is no environment any more", () => {
    expect(() => withCity(dev, "London", { timeZone: "Europe/Londinium" })).to.throw(/Europe\/Londinium/);
  });
});

describe("The comparison of what is deployed with the graph", () => {
  const stackUrn = "urn:pulumi:dev::metercast::pulumi:pulumi:Stack::metercast-dev";
  const lakeUrn = "urn:pulumi:dev::metercast::metercast:lake:Lake::lake";
  const bucketUrn = "urn:pulumi:dev::metercast::metercast:lake:Lake$aws:s3/bucket:Bucket::files";
  const deployed: DeployedResource[] = [
    { urn: stackUrn, type: "pulumi:pulumi:Stack", custom: false, outputs: { bucket: "files" } },
    { urn: lakeUrn, type: "metercast:lake:Lake", custom: false, parent: stackUrn },
    {
      urn: bucketUrn,
      type: "aws:s3/bucket:Bucket",
      custom: true,
      id: "files",
      parent: lakeUrn,
      protect: true,
      inputs: { bucket: "files" },
      outputs: { bucket: "files", arn: "arn:aws:s3:::files" },
      dependencies: [lakeUrn],
    },
  ];
  const lake = "metercast:lake:Lake::lake";
  const none = { parent: null, protect: false, inputs: {}, outputs: {}, references: [] };
  const graph: Graph = {
    format: 1,
    project: "metercast",
    stack: "dev",
    region: "us-east-1",
    accountId: "123456789012",
    outputs: { bucket: "files" },
    resources: [
      { ...none, id: lake, type: "metercast:lake:Lake", name: "lake", component: true },
      {
        id: `${lake}/aws:s3/bucket:Bucket::files`,
        type: "aws:s3/bucket:Bucket",
        name: "files",
        parent: lake,
        component: false,
        protect: true,
        inputs: { bucket: "files" },
        outputs: { bucket: "files", arn: "arn:aws:s3:::files", id: "files" },
        references: [lake],
      },
    ],
  };
  const [stack, component, bucket] = deployed as [DeployedResource, DeployedResource, DeployedResource];

  it("finds nothing where they agree", () => {
    expect(differences(deployed, graph)).to.deep.equal([]);
  });

  it("names a resource that only one of them has", () => {
    expect(differences([stack, component], graph)).to.deep.equal([
      `${lake}/aws:s3/bucket:Bucket::files: in the graph, and not deployed`,
    ]);
    expect(differences(deployed, { ...graph, resources: graph.resources.slice(0, 1) })).to.deep.equal([
      `${lake}/aws:s3/bucket:Bucket::files: deployed, and not in the graph`,
    ]);
  });

  it("names the property that differs, and both values", () => {
    const other = { ...bucket, protect: false, inputs: { bucket: "other" }, dependencies: [] };
    const id = `${lake}/aws:s3/bucket:Bucket::files`;
    expect(differences([{ ...stack, outputs: {} }, component, other], graph)).to.deep.equal([
      `${id}: protect: false under the engine, true in the graph`,
      `${id}: inputs: bucket is "other" under the engine, "files" in the graph`,
      `${id}: references: [] under the engine, ["${lake}"] in the graph`,
      `the stack's outputs: bucket is missing under the engine, "files" in the graph`,
    ]);
  });
});
