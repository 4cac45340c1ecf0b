import * as pulumi from "@pulumi/pulumi";
import { isOptionalOutput } from "./aws-package.ts";
import { GraphError } from "./graph-error.ts";
import type { Evaluation } from "./graph.ts";
import { answerInvoke } from "./invokes.ts";
import { formedOutputs } from "./outputs.ts";
import { graphErrorOf } from "./place.ts";
import { Recorder } from "./recorder.ts";
import { collectRejections } from "./rejections.ts";

/** A Pulumi program: declares resources and gives the stack's outputs. */
export type Program = () => Promise<Record<string, unknown>> | Record<string, unknown>;

const project = "metercast";

/**
 * Evaluates any program to plain data. Waits for every resource, those made inside `apply` too. Throws GraphError for a program
 * that fails, with the cause that came first. Evaluations of one process run one after another.
 */
export function evaluateProgram(
  program: Program,
  { stack = "test", region = "us-east-1" }: { stack?: string; region?: string } = {},
): Promise<Evaluation> {
  return inTurn(async () => {
    const failures: unknown[] = [];
    const recorder = new Recorder({ project, stack, region }, failures);
    const declared: { type: string; name: string }[] = [];
    await collectRejections(failures, async () => {
      const call = ({ token, inputs }: pulumi.runtime.MockCallArgs): Record<string, unknown> =>
        recorder.noting(() => answerInvoke(token, inputs as Record<string, unknown>, region));
      const newResource = (): never => {
        throw new GraphError("the recorder takes every registration");
      };
      await pulumi.runtime.setMocks({ call, newResource }, project, stack);
      Object.assign(pulumi.runtime.getMonitor() as object, recorder.methods());
      const run = async (): Promise<Record<string, unknown>> => {
        pulumi.runtime.registerStackTransformation((args) => {
          declared.push({ type: args.type, name: args.name });
          return guardOutputs(args, recorder);
        });
        try {
          return await program();
        } catch (error) {
          failures.push(error);
          return {};
        }
      };
      try {
        await pulumi.runtime.runInPulumiStack(run);
      } catch (error) {
        failures.push(error);
      }
      // Waits for what is registered inside apply, which the stack's own promise does not.
      await pulumi.runtime.disconnect();
    });
    if (failures.length > 0)
      throw graphErrorOf(
        failures[0],
        declared.find((one) => !recorder.has(one)),
      );
    return recorder.evaluation();
  });
}

/**
 * Lets no output be read that nobody supplies: without an engine it would be undefined, and what depends on it would lose the
 * input without a word. Such an output is taken out of what Pulumi sets up, and a getter stands in its place.
 */
function guardOutputs(
  { resource, type, name, props, opts }: pulumi.ResourceTransformationArgs,
  recorder: Recorder,
): pulumi.ResourceTransformationResult | undefined {
  if (!(resource instanceof pulumi.CustomResource)) return undefined;
  const all = props as Record<string, unknown>;
  const formed = formedOutputs(type, name);
  recorder.declaredOutputs.set(type, new Set(Object.keys(all)));
  const [missing, supplied] = [new Map<string, PropertyDescriptor>(), new Map<string, unknown>()];
  for (const [key, value] of Object.entries(all)) {
    if (value !== undefined || formed.has(key)) {
      supplied.set(key, value);
      continue;
    }
    const get = (): pulumi.Output<undefined> => {
      if (isOptionalOutput(type, key)) return pulumi.output(undefined);
      throw new GraphError(
        `${type} "${name}": nobody supplies its output "${key}" without an account: form it in graph/outputs.ts or do without it`,
        { type, resource: name },
      );
    };
    missing.set(key, { get, configurable: true });
  }
  // On a prototype of its own, so that a later transformation may still give the property a value.
  Object.setPrototypeOf(
    resource,
    Object.create(Object.getPrototypeOf(resource) as object, Object.fromEntries(missing)) as object,
  );
  return { props: Object.fromEntries(supplied), opts };
}

let last: Promise<unknown> = Promise.resolve();

/** Pulumi's runtime has one monitor per process. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work);
  last = result.then(
    () => undefined,
    () => undefined,
  );
  return result;
}
