import { ComponentResource, output, type ComponentResourceOptions, type Inputs, type provider } from "@pulumi/pulumi";
import { remoteOutputs } from "../../graph/remote-components.ts";

/** A component whose parts its provider would declare: here it has none. */
class Component extends ComponentResource {
  constructor(
    type: string,
    name: string,
    inputs: Inputs,
    given: Record<string, unknown>,
    opts: ComponentResourceOptions,
  ) {
    super(type, name, inputs, opts);
    this.registerOutputs(given);
  }
}

/**
 * Declares the component to the engine, and answers with the outputs that the graph says it has. They are the
 * component's own: what its inputs came from is behind it.
 */
export async function constructed(
  region: string,
  name: string,
  type: string,
  inputs: Inputs,
  opts: ComponentResourceOptions,
): Promise<provider.ConstructResult> {
  const known = await new Promise<object>((resolve) => output(inputs).apply(resolve));
  const given = remoteOutputs({
    type,
    name,
    path: name,
    inputs: known as Record<string, unknown>,
    region,
    defaultTags: {},
  });
  return { urn: new Component(type, name, inputs, given, opts).urn, state: given };
}
