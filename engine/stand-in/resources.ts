import { readFileSync } from "node:fs";
import type { provider } from "@pulumi/pulumi";
import { declarationFile } from "../../graph/aws-package.ts";
import { check } from "../../graph/check.ts";
import { accountId, type Declaration } from "../../graph/declaration.ts";
import { formOutputs } from "../../graph/outputs.ts";
import { plain, withoutResources } from "../../graph/values.ts";
import { settled } from "./wire.ts";

/** A resource as the engine knows it: the URN says its type and name. */
interface Identity {
  type: string;
  name: string;
}

/** `urn:pulumi:<stack>::<project>::<types of the parents and its own, joined by $>::<name>` */
function identity(urn: string): Identity {
  const [, , types, ...name] = urn.split("::");
  const type = types?.split("$").at(-1);
  if (type === undefined || name.length === 0) throw new Error(`not the URN of a resource: ${urn}`);
  return { type, name: name.join("::") };
}

/** What the engine sends, as the graph keeps it: plain data, assets by their hash. */
function inputsOf(sent: unknown): Record<string, unknown> {
  const settledInputs = settled(withoutResources(sent, (urn, id) => (id === "" ? urn : id)));
  return plain(settledInputs, new Map()) as Record<string, unknown>;
}

/** What @pulumi/aws's own declarations find wrong with a resource's inputs, at any depth. */
export function checkInputs(urn: string, sent: unknown): provider.CheckFailure[] {
  const { type, name } = identity(urn);
  const resource = {
    id: `${type}::${name}`,
    type,
    name,
    parent: null,
    component: false,
    protect: false,
    inputs: inputsOf(sent),
    outputs: {},
    references: [],
  };
  const graph = { project: "", stack: "", region: "", outputs: {} };
  return check({ format: 1, accountId, ...graph, resources: [resource] }).map(({ path, message }) => ({
    property: path,
    reason: message,
  }));
}

/** The id and the state of a resource that is made with these inputs. */
export function created(urn: string, sent: Record<string, unknown>, region: string): provider.CreateResult {
  const { type, name } = identity(urn);
  // The default tags stand in the provider's configuration, which Pulumi's server for providers keeps to itself.
  const declaration: Declaration = { type, name, path: urn, inputs: inputsOf(sent), region, defaultTags: {} };
  const { id, outputs } = formOutputs(declaration, declaredOutputs(type));
  return { id, outs: { ...sent, ...outputs } };
}

/** The state of a resource after an update from `before`. */
export function updated(
  urn: string,
  before: Record<string, unknown>,
  sent: Record<string, unknown>,
  region: string,
): provider.UpdateResult {
  const { outs } = created(urn, sent, region) as { outs: Record<string, unknown> };
  return { outs: { ...outs, ...publishedVersion(urn, before, outs) } };
}

/** AWS gives a function that publishes its versions the next one with each change, and the ARN of that. */
function publishedVersion(
  urn: string,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, unknown> {
  if (identity(urn).type !== "aws:lambda/function:Function" || after["publish"] !== true) return {};
  const version = String(Number(before["version"]) + 1);
  return { version, qualifiedArn: `${String(after["arn"])}:${version}` };
}

const outputsByType = new Map<string, ReadonlySet<string>>();

/** The names of all outputs that @pulumi/aws declares for a type. */
function declaredOutputs(type: string): ReadonlySet<string> {
  const known = outputsByType.get(type);
  if (known !== undefined) return known;
  const declaration = declarationFile(type);
  const text = declaration === undefined ? "" : readFileSync(declaration.file, "utf8");
  const names = text.matchAll(/^ {4}readonly (\w+): pulumi\.Output</gm);
  const outputs = new Set([...names].map(([, name]) => name ?? ""));
  outputsByType.set(type, outputs);
  return outputs;
}
