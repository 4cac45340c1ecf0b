import type { Graph, Resource } from "../../graph/index.ts";

/** A policy that a graph declares, wherever in a resource it stands. */
export interface Policy {
  /** Id of the resource. */
  resource: string;
  /**
   * "trust" says who may take a role; "device" is AWS IoT's own kind, with its variables and condition keys; "access" is
   * every other policy, of an identity or of a resource.
   */
  kind: "access" | "device" | "trust";
  document: PolicyDocument;
  /** ARN of the resource, where it has one. */
  arn: string | undefined;
}

export interface PolicyDocument {
  Version?: string;
  Statement: Record<string, unknown>[];
}

/** Every policy in the inputs of a graph's resources: a text that is JSON with a Statement. */
export function policiesOf(graph: Graph): Policy[] {
  return graph.resources
    .filter(({ component }) => !component)
    .flatMap((resource) =>
      documentsIn(resource.inputs).map(([property, document]) => ({
        resource: resource.id,
        kind: kindOf(resource, property),
        document,
        arn: typeof resource.outputs["arn"] === "string" ? resource.outputs["arn"] : undefined,
      })),
    );
}

function kindOf({ type }: Resource, property: string): Policy["kind"] {
  if (property === "assumeRolePolicy") return "trust";
  return type === "aws:iot/policy:Policy" ? "device" : "access";
}

function documentsIn(value: unknown, property = ""): [property: string, PolicyDocument][] {
  if (typeof value === "string") {
    const document = documentOf(value);
    return document === undefined ? [] : [[property, document]];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => documentsIn(inner, Array.isArray(value) ? property : key));
}

function documentOf(text: string): PolicyDocument | undefined {
  if (!text.startsWith("{") || !text.includes('"Statement"')) return undefined;
  const document = JSON.parse(text) as { Statement?: unknown };
  return Array.isArray(document.Statement) ? (document as PolicyDocument) : undefined;
}
