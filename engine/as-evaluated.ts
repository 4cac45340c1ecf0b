import { isDeepStrictEqual } from "node:util";
import type { Graph, Resource } from "../graph/index.ts";
import { plain, withoutResources } from "../graph/values.ts";
import type { DeployedResource } from "./deployment.ts";
import { nameIn } from "./deployment.ts";

const stackType = "pulumi:pulumi:Stack";
const providerType = "pulumi:providers:aws";

/**
 * How what the engine deployed differs from what the graph says without an engine: which resources, their parents,
 * inputs, outputs, protection and references. An empty list says that the graph is what Pulumi makes of the program.
 */
export function differences(deployed: readonly DeployedResource[], graph: Graph): string[] {
  const stack = deployed.find(({ type }) => type === stackType);
  const idOf = graphIds(deployed);
  const real = new Map(
    deployed
      .filter((one) => one !== stack && !isDefaultProvider(one))
      .map((one) => [idOf(one.urn), asResource(one, idOf)] as const),
  );
  const evaluated = new Map(graph.resources.map((one) => [one.id, one]));
  const found = [
    ...[...real.keys()].filter((id) => !evaluated.has(id)).map((id) => `${id}: deployed, and not in the graph`),
    ...[...evaluated].flatMap(([id, resource]) => {
      const one = real.get(id);
      return one === undefined ? [`${id}: in the graph, and not deployed`] : differencesOf(one, resource);
    }),
  ];
  const outputs = plain(stack?.outputs ?? {}, new Map());
  if (!isDeepStrictEqual(outputs, graph.outputs))
    found.push(`the stack's outputs: ${contrast(outputs, graph.outputs)}`);
  return found;
}

/** A provider that the engine declares by itself, for a package of which the program declares none. */
function isDefaultProvider({ type, urn }: DeployedResource): boolean {
  return type.startsWith("pulumi:providers:") && nameIn(urn).startsWith("default");
}

/** The id that a resource has in the graph: the path of its parents below the stack. */
function graphIds(deployed: readonly DeployedResource[]): (urn: string) => string {
  const byUrn = new Map(deployed.map((one) => [one.urn, one]));
  const idOf = (urn: string): string => {
    const resource = byUrn.get(urn);
    if (resource === undefined) throw new Error(`the engine's state refers to ${urn}, which is not in it`);
    const parent = byUrn.get(resource.parent ?? "");
    const own = `${resource.type}::${nameIn(urn)}`;
    return parent === undefined || parent.type === stackType ? own : `${idOf(parent.urn)}/${own}`;
  };
  return idOf;
}

type Compared = Pick<Resource, "component" | "protect" | "inputs" | "outputs" | "references">;

function asResource(deployed: DeployedResource, idOf: (urn: string) => string): Compared {
  const { custom, protect, inputs, outputs, id, dependencies, propertyDependencies } = deployed;
  const references = new Set([...(dependencies ?? []), ...Object.values(propertyDependencies ?? {}).flat()]);
  return {
    component: !custom,
    protect: protect ?? false,
    inputs: data(inputs, custom, idOf),
    outputs: { ...data(outputs, custom, idOf), ...(id === undefined ? {} : { id }) },
    references: [...references].map(idOf).sort(),
  };
}

function data(
  state: Record<string, unknown> | undefined,
  custom: boolean,
  idOf: (urn: string) => string,
): Record<string, unknown> {
  const refer = (urn: string, id: string): unknown => (custom ? id : { $resource: idOf(urn) });
  return plain(withoutResources(state ?? {}, refer), new Map()) as Record<string, unknown>;
}

function differencesOf(deployed: Compared, evaluated: Resource): string[] {
  // The engine adds a version to a provider's inputs, and draws its id.
  const keys = (["component", "protect", "inputs", "outputs", "references"] as const).filter(
    (key) => evaluated.type !== providerType || !(key === "inputs" || key === "outputs"),
  );
  return keys
    .filter((key) => !isDeepStrictEqual(deployed[key], evaluated[key]))
    .map((key) => `${evaluated.id}: ${key}: ${contrast(deployed[key], evaluated[key])}`);
}

/** The two values; of two objects only the properties that differ. */
function contrast(deployed: unknown, evaluated: unknown): string {
  if (isObject(deployed) && isObject(evaluated)) {
    const keys = [...new Set([...Object.keys(deployed), ...Object.keys(evaluated)])].sort();
    return keys
      .filter((key) => !isDeepStrictEqual(deployed[key], evaluated[key]))
      .map((key) => `${key} is ${shown(deployed[key])} under the engine, ${shown(evaluated[key])} in the graph`)
      .join("; ");
  }
  return `${shown(deployed)} under the engine, ${shown(evaluated)} in the graph`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
