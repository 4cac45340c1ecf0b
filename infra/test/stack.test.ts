import { existsSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { parse } from "yaml";
import { loadEnvironment } from "../../environments/index.ts";
import { evaluateProgram } from "../../graph/evaluate-program.ts";
import main from "../index.ts";
import { StackError, environmentFile, requireNode, requireStackOf } from "../stack.ts";

const project = (file: string) => new URL(`../../${file}`, import.meta.url);
const read = (file: string): unknown => parse(readFileSync(project(file), "utf8"));

/** Runs the exported program as the stack `stack` with an environment file configured. */
function run(stack: string, path: string) {
  pulumi.runtime.setAllConfig({ "metercast:environment": path });
  return evaluateProgram(async () => ({ ...(await main()) }), { stack });
}

const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "",
    (error: Error) => error.message,
  );

describe("A stack", () => {
  it("declares the environment that its configuration names", async () => {
    const { graph } = await run("dev", "environments/dev.yaml");
    expect(graph.outputs["environment"]).to.equal("dev");
  });

  it("is refused when it is named otherwise than its environment", async () => {
    expect(await messageOf(run("staging", "environments/dev.yaml"))).to.match(
      /the stack "staging" has the environment "dev" \(environments\/dev\.yaml\).*Pulumi\.staging\.yaml/,
    );
    const dev = loadEnvironment("environments/dev.yaml");
    expect(() => requireStackOf(dev, "Dev", "x.yaml")).to.throw(StackError);
  });

  it("is refused under a Node older than 24, with how to get it", () => {
    expect(() => requireNode("22.18.0")).to.throw(StackError, /this is Node 22\.18\.0, metercast needs Node 24/);
    expect(() => requireNode("24.0.0")).to.not.throw();
    expect(() => requireNode("26.1.0")).to.not.throw();
  });

  it("finds its environment file from the project's folder, wherever it runs", () => {
    expect(existsSync(environmentFile("environments/dev.yaml"))).to.equal(true);
    expect(environmentFile("/elsewhere/site.yaml")).to.equal("/elsewhere/site.yaml");
  });

  for (const name of ["dev", "prod"]) {
    it(`is set up for ${name} by a stack file that names an environment of that name`, () => {
      expect(read(`Pulumi.${name}.yaml`)).to.deep.equal({
        config: { "metercast:environment": `environments/${name}.yaml` },
      });
      expect(loadEnvironment(environmentFile(`environments/${name}.yaml`)).name).to.equal(name);
    });
  }

  it("runs TypeScript as Node does, from the program's file", () => {
    expect(read("Pulumi.yaml")).to.deep.include({
      name: "metercast",
      main: "infra/index.ts",
      runtime: { name: "nodejs", options: { typescript: false } },
    });
  });
});
