import {
  ComponentResource,
  output,
  type ComponentResourceOptions,
  type Inputs,
  type Output,
  type provider,
} from "@pulumi/pulumi";
import { remoteOutputNames, remoteOutputs } from "../../graph/remote-components.ts";

/** A component whose parts its provider would declare: here it has none, and gives back what the graph says that it does. */
class Component extends ComponentResource {
  readonly given: Output<Record<string, unknown>>;

  constructor(type: string, name: string, inputs: Inputs, region: string, options: ComponentResourceOptions) {
    super(type, name, inputs, options);
    this.given = output(inputs).apply((known) =>
      remoteOutputs({ type, name, path: name, inputs: known as Record<string, unknown>, region, defaultTags: {} }),
    );
    this.registerOutputs(this.given);
  }
}

/** Declares the component to the engine, and answers with its outputs. */
export function constructed(
  region: string,
  name: string,
  type: string,
  inputs: Inputs,
  options: ComponentResourceOptions,
): provider.ConstructResult {
  const component = new Component(type, name, inputs, region, options);
  const state = remoteOutputNames(type).map((key) => [key, component.given.apply((given) => given[key])] as const);
  return { urn: component.urn, state: Object.fromEntries(state) };
}
