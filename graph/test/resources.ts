import type { Graph, Resource } from "../graph.ts";

/** Graphs of given resources, without a program that declares them. */

export function resource(type: string, name: string, inputs: object = {}, outputs: object = {}): Resource {
  return {
    id: `${type}::${name}`,
    type,
    name,
    parent: null,
    component: false,
    protect: false,
    inputs: inputs as Record<string, unknown>,
    outputs: { ...inputs, ...outputs },
    references: [],
  };
}

export function graphOf(...resources: Resource[]): Graph {
  return {
    format: 1,
    project: "metercast",
    stack: "test",
    region: "us-east-1",
    accountId: "123456789012",
    resources,
    outputs: {},
  };
}
