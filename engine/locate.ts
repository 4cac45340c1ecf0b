import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { cacheFolder } from "../model/python.ts";
import { EngineError } from "./engine-error.ts";

/** The version of Pulumi that engine/build.sh builds. */
function builtVersion(): string {
  const module = readFileSync(new URL("pulumi/go.mod", import.meta.url), "utf8");
  const version = /github\.com\/pulumi\/pulumi\/pkg\/v3 v([\d.]+)/.exec(module)?.[1];
  if (version === undefined) throw new EngineError("engine/pulumi/go.mod requires no version of Pulumi");
  return version;
}

/** The Pulumi CLI, which holds the engine: as engine/build.sh built it, else the one on the path; undefined without. */
export async function locateEngine(): Promise<PulumiCommand | undefined> {
  const root = join(cacheFolder, `pulumi-${builtVersion()}`);
  if (existsSync(join(root, "bin", "pulumi"))) return PulumiCommand.get({ root });
  if (!runs("pulumi", "version")) return undefined;
  return PulumiCommand.get();
}

/** Whether Go is here, to build the engine with. */
export function hasGo(): boolean {
  return runs("go", "version");
}

function runs(command: string, argument: string): boolean {
  return spawnSync(command, [argument], { stdio: "ignore", timeout: 30_000 }).status === 0;
}
