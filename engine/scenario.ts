import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { PulumiCommand, PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { evaluate } from "../graph/index.ts";
import main from "../infra/index.ts";
import { differences } from "./as-evaluated.ts";
import { Deployment, type Step } from "./deployment.ts";
import { EngineError } from "./engine-error.ts";
import type { EnvironmentText } from "./environment-text.ts";

/** Says what was done and how long it took. */
export type Report = (what: string, found: string, milliseconds: number) => void;

/** A change of the environment file, and all that it may do. */
export interface Change {
  what: string;
  to: EnvironmentText;
  steps: readonly Step[];
}

/** One environment from nothing to nothing again. */
export interface Scenario {
  environment: EnvironmentText;
  /** One after the other, each on top of the one before. */
  changes: readonly Change[];
  /** The change without which its data may not be destroyed; undefined where nothing is protected. */
  unprotect?: Change;
}

/**
 * Runs a scenario under the real engine: preview, up, a comparison with the graph, a preview without changes, each change
 * of the environment (its update takes the steps that it names and no other, and its preview shows them), and destroy.
 *
 * @throws EngineError for the first thing that is not as it should be.
 */
export async function play(command: PulumiCommand, scenario: Scenario, report: Report): Promise<void> {
  const { environment, text } = scenario.environment;
  const { name, region } = environment;
  const deployment = await Deployment.open(command, { name, region, program: main as PulumiFn });
  const timed = async <T>(what: string, work: () => Promise<[T, string]>): Promise<T> => {
    const start = performance.now();
    const [result, found] = await work();
    report(what, found, performance.now() - start);
    return result;
  };
  try {
    deployment.setEnvironment(text);
    const { graph } = await evaluate(environment);
    const planned = await timed("preview", async () => {
      const steps = await deployment.preview();
      requireSteps("the first preview", steps, createsAll(graph.resources, name));
      return [steps, `${steps.length} to create`];
    });
    await timed("up", async () => {
      const steps = await deployment.up();
      requireSteps("the first update", steps, planned);
      return [undefined, `${steps.length} created`];
    });
    await timed("state", async () => {
      const found = differences(await deployment.resources(), graph);
      if (found.length > 0) throw new EngineError(`the graph is not what the engine deploys:\n${found.join("\n")}`);
      return [undefined, `as in the graph: ${graph.resources.length} resources`];
    });
    await timed("preview again", async () => {
      requireSteps("a preview without a change", await deployment.preview(), []);
      return [undefined, "no changes"];
    });
    for (const change of scenario.changes) await timed(change.what, () => make(deployment, change));
    const { unprotect } = scenario;
    if (unprotect !== undefined) {
      await timed("destroy", async () => [undefined, await refusedDestroy(deployment)]);
      await timed(unprotect.what, () => make(deployment, unprotect));
    }
    await timed("destroy", async () => {
      const steps = await deployment.destroy();
      const left = await deployment.resources();
      if (left.length > 0) throw new EngineError(`left after destroy: ${left.map(({ urn }) => urn).join(", ")}`);
      return [undefined, `${steps.length} deleted, nothing left`];
    });
  } finally {
    deployment.close();
  }
}

function createsAll(resources: readonly { type: string; name: string }[], stack: string): Step[] {
  const own: Step = `create pulumi:pulumi:Stack::metercast-${stack}`;
  // The program says which provider of AWS it means; that of awsx the engine adds by itself.
  const remote = resources.some(({ type }) => type.startsWith("awsx:")) ? [`create ${defaultAwsx()}` as const] : [];
  return [own, ...remote, ...resources.map(({ type, name }): Step => `create ${type}::${name}`)];
}

/** The provider that the engine declares where a program declares none, by its package's version. */
function defaultAwsx(): string {
  const file = createRequire(import.meta.url).resolve("@pulumi/awsx/package.json");
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  return `pulumi:providers:awsx::default_${version.replaceAll(".", "_")}`;
}

async function make(deployment: Deployment, { what, to, steps }: Change): Promise<[undefined, string]> {
  deployment.setEnvironment(to.text);
  // Pulumi's server for providers lets none answer in a preview, so that each output of a resource that changes is unknown
  // there and more resources seem to change. Nothing may happen that the preview did not show.
  const previewed = await deployment.preview();
  requireSteps(
    `${what}, preview`,
    previewed.filter((step) => steps.includes(step)),
    steps,
  );
  requireSteps(`${what}, update`, await deployment.up(), steps);
  return [undefined, summary(steps)];
}

/** The preview must fail: a destroy without one would take everything around the protected resources before it fails. */
async function refusedDestroy(deployment: Deployment): Promise<string> {
  const resources = (await deployment.resources()).filter(({ protect }) => protect === true);
  try {
    await deployment.previewDestroy();
  } catch (error) {
    if (!(error instanceof EngineError) || !error.message.includes("protected")) throw error;
    return `refused: ${resources.length} resources are protected`;
  }
  throw new EngineError("a destroy of protected resources would not be refused");
}

/** @throws EngineError that names what happened and should not have, and what should have and did not. */
export function requireSteps(what: string, actual: readonly Step[], expected: readonly Step[]): void {
  const unexpected = without(actual, expected).map((step) => `  not expected: ${step}`);
  const missing = without(expected, actual).map((step) => `  missing: ${step}`);
  if (unexpected.length + missing.length === 0) return;
  throw new EngineError(`${what} does not take the steps that it should:\n${[...unexpected, ...missing].join("\n")}`);
}

/** Those of `from` that are left when each of `others` has taken one of its like away. */
function without(from: readonly Step[], others: readonly Step[]): Step[] {
  const rest = [...others];
  return from.filter((step) => {
    const at = rest.indexOf(step);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

/** "6 update, 8 create" */
function summary(steps: readonly Step[]): string {
  const counts = Object.entries(Object.groupBy(steps, (step) => step.slice(0, step.indexOf(" "))));
  return counts.map(([operation, taken]) => `${taken?.length ?? 0} ${operation}`).join(", ");
}
