import { z } from "zod";
import { DefinitionError } from "./definition-error.ts";
import type { Json } from "./json.ts";
import { compilePath, compileReferencePath } from "./paths.ts";
import { compileFieldValue, compileTemplate } from "./payload-template.ts";
import { reserved } from "./state-error.ts";
import { timestampOf } from "./timestamp.ts";

/** What Step Functions takes at most. */
const mostSeconds = 99_999_999;
const mostDelaySeconds = 31_622_400;

/** A field that is compiled from what stands in it; what is wrong with it is told as the field's. */
function compiled<Input, Output>(schema: z.ZodType<Input>, compile: (value: Input) => Output): z.ZodType<Output> {
  return schema.transform((value, context) => {
    try {
      return compile(value);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
      return z.NEVER;
    }
  });
}

const path = compiled(z.string(), compilePath);
const referencePath = compiled(z.string(), compileReferencePath);
export const resultPath = compiled(z.string(), (text) => {
  if (text.startsWith("$$")) throw new Error("a result has no place in the context object");
  return compileReferencePath(text);
});
const json = z.json() as z.ZodType<Json>;
/** Parameters and their like. */
export const template = compiled(json, (value) => compileTemplate(value));
const wholeSeconds = z.number().int().min(0).max(mostSeconds);
const positiveSeconds = z.number().int().min(1).max(mostSeconds);
const text = z.string();

/** What all states but Fail have. */
export const common = {
  Comment: z.string().optional(),
  QueryLanguage: z.literal("JSONPath").optional(),
  InputPath: path.nullable().optional(),
  OutputPath: path.nullable().optional(),
};

const onward = { Next: z.string().optional(), End: z.literal(true).optional() };

/** What states with a result have. */
export const resulting = { Parameters: template.optional(), ResultPath: resultPath.nullable().optional() };

const errorEquals = z
  .array(z.string().min(1))
  .min(1)
  .refine((names) => !names.includes(reserved.all) || names.length === 1, "States.ALL stands alone")
  .refine(
    (names) => names.every((name) => !name.startsWith("States.") || reservedNames.has(name)),
    `of the names that begin with "States." there are ${Object.values(reserved).join(", ")}`,
  );
const reservedNames: ReadonlySet<string> = new Set(Object.values(reserved));

const allIsLast = <One extends { ErrorEquals: string[] }>(list: One[]) =>
  list.every(({ ErrorEquals }, index) => !ErrorEquals.includes(reserved.all) || index === list.length - 1);

const retrier = z
  .strictObject({
    Comment: z.string().optional(),
    ErrorEquals: errorEquals,
    IntervalSeconds: positiveSeconds.default(1),
    MaxAttempts: z.number().int().min(0).max(mostSeconds).default(3),
    BackoffRate: z.number().min(1).default(2),
    MaxDelaySeconds: z.number().int().min(1).max(mostDelaySeconds).optional(),
    JitterStrategy: z.enum(["FULL", "NONE"]).default("NONE"),
  })
  .refine(
    ({ IntervalSeconds, MaxDelaySeconds }) => MaxDelaySeconds === undefined || MaxDelaySeconds > IntervalSeconds,
    {
      path: ["MaxDelaySeconds"],
      error: "it is above IntervalSeconds",
    },
  );

const catcher = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: errorEquals,
  Next: z.string(),
  ResultPath: resultPath.nullable().optional(),
});

/** What states that may fail have. */
export const failing = {
  ResultSelector: template.optional(),
  Retry: z.array(retrier).refine(allIsLast, "States.ALL is in the last of them").default([]),
  Catch: z.array(catcher).refine(allIsLast, "States.ALL is in the last of them").default([]),
};

/** States within a state. */
export const inner = z.strictObject({
  Comment: z.string().optional(),
  StartAt: z.string(),
  States: z.record(text, json),
});

/** States for each item of a map. */
export const processor = inner.extend({
  ProcessorConfig: z
    .strictObject({
      Mode: z.literal("INLINE", {
        error: "a distributed map is not known here: a map of at most 40 items at a time runs inline",
      }),
    })
    .optional(),
});

/** A machine as a whole. */
export const machine = inner.extend({
  QueryLanguage: z.literal("JSONPath", { error: "JSONata is not known here: JSONPath is" }).optional(),
  Version: z.literal("1.0").optional(),
  TimeoutSeconds: positiveSeconds.optional(),
});

/** The types of states. */
export const stateTypes = {
  Task: z.strictObject({
    Type: text,
    ...common,
    ...onward,
    ...failing,
    ResultPath: resulting.ResultPath,
    Resource: z.string(),
    Parameters: json.optional(),
    TimeoutSeconds: positiveSeconds.optional(),
    TimeoutSecondsPath: referencePath.optional(),
    HeartbeatSeconds: positiveSeconds.optional(),
    HeartbeatSecondsPath: referencePath.optional(),
  }),
  Pass: z.strictObject({ Type: text, ...common, ...onward, ...resulting, Result: json.optional() }),
  Choice: z.strictObject({ Type: text, ...common, Choices: z.array(json).min(1), Default: z.string().optional() }),
  Wait: z.strictObject({
    Type: text,
    ...common,
    ...onward,
    Seconds: wholeSeconds.optional(),
    SecondsPath: referencePath.optional(),
    Timestamp: compiled(z.string(), (value) => {
      const time = timestampOf(value);
      if (time === undefined) throw new Error(`${value} is no timestamp: 2016-03-14T01:59:00Z is one`);
      return time;
    }).optional(),
    TimestampPath: referencePath.optional(),
  }),
  Parallel: z.strictObject({
    Type: text,
    ...common,
    ...onward,
    ...resulting,
    ...failing,
    Branches: z.array(inner).min(1),
  }),
  Map: z.strictObject({
    Type: text,
    ...common,
    ...onward,
    ...resulting,
    ...failing,
    ItemsPath: path.optional(),
    ItemSelector: template.optional(),
    ItemProcessor: processor.optional(),
    Iterator: processor.optional(),
    MaxConcurrency: z.number().int().min(0).optional(),
    MaxConcurrencyPath: referencePath.optional(),
  }),
  Succeed: z.strictObject({ Type: text, ...common }),
  Fail: z.strictObject({
    Type: text,
    Comment: common.Comment,
    QueryLanguage: common.QueryLanguage,
    Error: z.string().optional(),
    ErrorPath: compiled(z.string(), compileFieldValue).optional(),
    Cause: z.string().optional(),
    CausePath: compiled(z.string(), compileFieldValue).optional(),
  }),
};

/** Name of a type of states. */
export type StateType = keyof typeof stateTypes;

/**
 * A value by its schema.
 *
 * @param place Where it stands in its state.
 * @throws DefinitionError that names every field which is wrong
 */
export function checked<Shape extends z.ZodType>(
  state: string | undefined,
  schema: Shape,
  value: unknown,
  place = "",
): z.output<Shape> {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  const sentences = outcome.error.issues.flatMap((issue) => {
    const at = [place, ...issue.path].filter((part) => part !== "").join(".");
    if (issue.code !== "unrecognized_keys") return [at === "" ? issue.message : `${at}: ${issue.message}`];
    return issue.keys.map((key) => `the simulator does not know the field ${at === "" ? key : `${at}.${key}`}`);
  });
  throw new DefinitionError(state, sentences.join("; "));
}
