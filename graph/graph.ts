/**
 * A program's declared resources as plain data: what the simulator runs and what every report about an environment
 * reads.
 */
export interface Graph {
  format: 1;
  project: string;
  /** The environment's name. */
  stack: string;
  region: string;
  accountId: string;
  /** Sorted by id. */
  resources: Resource[];
  /** The stack's outputs; a secret is "[secret]". */
  outputs: Record<string, unknown>;
}

export interface Resource {
  /** Unique and stable: the path of its parents, each `type::name`, joined by "/". */
  id: string;
  /** Pulumi's type token, for example "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream". */
  type: string;
  /** The logical name in the program; the physical one stands among the outputs. */
  name: string;
  /** Id of the component that it belongs to; null below the stack itself. */
  parent: string | null;
  component: boolean;
  protect: boolean;
  /**
   * What the program gave, resolved. A secret is "[secret]", an asset {"$asset": sha256}, an archive
   * {"$archive": {name: asset}}, another resource given as a whole is its AWS id, and {"$resource": graph id} in the
   * arguments of a component.
   */
  inputs: Record<string, unknown>;
  /** The inputs and what AWS would add: id, arn, physical name. A component's are those that it registers. */
  outputs: Record<string, unknown>;
  /**
   * Ids of the resources that the inputs or `dependsOn` refer to, sorted; neither parent nor provider is among them.
   */
  references: string[];
}

export interface Evaluation {
  graph: Graph;
  /** The bytes behind each {"$asset": sha256}, by the hash in hexadecimal. */
  assets: Map<string, Uint8Array>;
}
