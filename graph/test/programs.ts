import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { evaluateProgram, type Program } from "../evaluate-program.ts";
import { GraphError } from "../graph-error.ts";
import type { Graph, Resource } from "../graph.ts";

/** A component with a bucket, and a policy on the bucket that is declared once its ARN is known. */
export class Store extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;

  constructor(
    name: string,
    args: { days: pulumi.Input<number>; owner?: aws.iam.Role },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("test:store:Store", name, args, opts);
    this.bucket = new aws.s3.Bucket(`${name}-files`, {}, { parent: this });
    const { bucket } = this;
    bucket.arn.apply((resource) => {
      const policy = JSON.stringify({ Statement: [{ Resource: resource }] });
      new aws.s3.BucketPolicy(`${name}-policy`, { bucket: bucket.id, policy }, { parent: this });
    });
    this.registerOutputs({ bucket: bucket.bucket, days: args.days });
  }
}

/** The resource of that logical name; there must be exactly one. */
export function resourceNamed(graph: Graph, name: string): Resource {
  const found = graph.resources.filter((resource) => resource.name === name);
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(
      `${found.length} resources are named ${name}; there are ${graph.resources.map((one) => one.id).join(", ")}`,
    );
  }
  return found[0];
}

export async function graphOf(program: Program): Promise<Graph> {
  return (await evaluateProgram(program)).graph;
}

/** The error that a program's evaluation ends in. */
export async function failureOf(program: Program): Promise<GraphError> {
  try {
    await evaluateProgram(program);
  } catch (error) {
    if (error instanceof GraphError) return error;
    throw error;
  }
  throw new Error("the program was evaluated without an error");
}
