import * as pulumi from "@pulumi/pulumi";
import type { StackOutputs } from "./program.ts";
import { environmentFile, requireNode, requireStackOf } from "./stack.ts";

/** The Pulumi program: an exported function, so that a second operation in one process declares everything again. */
export default async function main(): Promise<StackOutputs> {
  requireNode(process.versions.node);
  // Only now: an older Node fails on what these import, with a message that says nothing about its age.
  const [{ loadEnvironment }, { program }] = await Promise.all([
    import("../environments/index.ts"),
    import("./program.ts"),
  ]);
  const path = new pulumi.Config("metercast").require("environment");
  const environment = loadEnvironment(environmentFile(path));
  requireStackOf(environment, pulumi.getStack(), path);
  return program(environment);
}
