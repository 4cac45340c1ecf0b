import * as pulumi from "@pulumi/pulumi";
import { isOptionalOutput } from "./aws-package.ts";
import { GraphError } from "./graph-error.ts";
import type { Evaluation } from "./graph.ts";
import { formedOutputs } from "./outputs.ts";
import { graphErrorOf } from "./place.ts";
import { Recorder } from "./recorder.ts";
import { collectRejections } from "./rejections.ts";

/** A Pulumi program: declares resources and gives the stack's outputs. */
export type Program = () => Promise<object> | object;

const project = "metercast";

// How long what is pending may go on after the program has failed.
const graceMilliseconds = 500;

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
    const run = async (): Promise<object> => {
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
    await collectRejections(failures, async () => {
      await pulumi.runtime.setMocks(recorder.mocks(), project, stack);
      Object.assign(pulumi.runtime.getMonitor() as object, recorder.methods());
      await unlessFailed(failures, runToTheEnd(run, failures));
    });
    if (failures.length > 0)
      throw graphErrorOf(
        failures[0],
        declared.find((one) => !recorder.has(one)),
      );
    return recorder.evaluation();
  });
}

async function runToTheEnd(run: () => Promise<object>, failures: unknown[]): Promise<void> {
  try {
    await pulumi.runtime.runInPulumiStack(run);
  } catch (error) {
    failures.push(error);
  }
  // Waits for what is registered inside apply, which the stack's own promise does not.
  await pulumi.runtime.disconnect();
}

/**
 * Waits for `work`, or only a while longer once something has failed: a registration that fails inside Pulumi's runtime can
 * leave its call open for ever.
 */
async function unlessFailed(failures: unknown[], work: Promise<void>): Promise<void> {
  let giveUp = (): void => undefined;
  const given = new Promise<void>((resolve) => (giveUp = resolve));
  const nothingLeft = (): void => {
    if (failures.length > 0) giveUp();
  };
  let failedBefore = false;
  const watch = setInterval(() => {
    if (failedBefore) giveUp();
    failedBefore = failures.length > 0;
  }, graceMilliseconds);
  // Where an input waits for what never comes, the process has to end: Pulumi's runtime then names the resource.
  watch.unref();
  process.on("beforeExit", nothingLeft);
  try {
    await Promise.race([work, given]);
  } finally {
    clearInterval(watch);
    process.off("beforeExit", nothingLeft);
  }
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
    // A later transformation may still give the property a value.
    const set = function (this: object, given: unknown): void {
      Object.defineProperty(this, key, { value: given, writable: true, enumerable: true, configurable: true });
    };
    missing.set(key, { get, set, configurable: true });
  }
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
