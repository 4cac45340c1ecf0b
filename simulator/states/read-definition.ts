import { z } from "zod";
import { compileRule } from "./choice-rule.ts";
import type { Catcher, Definition, Retrier, Seconds, State, States } from "./definition.ts";
import { DefinitionError } from "./definition-error.ts";
import type { Integration } from "./integrations/integration.ts";
import type { Json } from "./json.ts";
import { compilePath, compileReferencePath } from "./paths.ts";
import { compileFieldValue, compileTemplate } from "./payload-template.ts";
import { reserved } from "./state-error.ts";
import { timestampOf } from "./timestamp.ts";

/** The integration that a Task's Resource names; undefined for one that is not known. */
export type FindIntegration = (resource: string) => Integration | undefined;

/** Longest that Step Functions takes, of a name and of a definition (Step Functions quotas). */
const nameCharacters = 80;
const definitionBytes = 1024 * 1024;
const mostSeconds = 99_999_999;
const mostDelaySeconds = 31_622_400;

/**
 * Reads a machine's definition in Amazon States Language, JSONPath.
 *
 * @throws DefinitionError for a state, a field, a path or an integration that is not known here, or that AWS refuses
 */
export function readDefinition(text: string, find: FindIntegration): Definition {
  if (Buffer.byteLength(text) > definitionBytes) throw new DefinitionError(undefined, "the definition exceeds 1 MiB");
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new DefinitionError(undefined, `the definition is not JSON: ${(error as Error).message}`);
  }
  const declared = checked(undefined, machine, document);
  const reader = new StatesReader(find);
  return { ...reader.states(undefined, declared), timeoutSeconds: declared.TimeoutSeconds };
}

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
const resultPath = compiled(z.string(), (text) => {
  if (text.startsWith("$$")) throw new Error("a result has no place in the context object");
  return compileReferencePath(text);
});
const json = z.json() as z.ZodType<Json>;
const template = compiled(json, (value) => compileTemplate(value));
const wholeSeconds = z.number().int().min(0).max(mostSeconds);
const positiveSeconds = z.number().int().min(1).max(mostSeconds);
const text = z.string();

const common = {
  Comment: z.string().optional(),
  QueryLanguage: z.literal("JSONPath").optional(),
  InputPath: path.nullable().optional(),
  OutputPath: path.nullable().optional(),
};

const onward = { Next: z.string().optional(), End: z.literal(true).optional() };

const resulting = { Parameters: template.optional(), ResultPath: resultPath.nullable().optional() };

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

const failing = {
  ResultSelector: template.optional(),
  Retry: z.array(retrier).refine(allIsLast, "States.ALL is in the last of them").default([]),
  Catch: z.array(catcher).refine(allIsLast, "States.ALL is in the last of them").default([]),
};

const inner = z.strictObject({ Comment: z.string().optional(), StartAt: z.string(), States: z.record(text, json) });

const processor = inner.extend({
  ProcessorConfig: z
    .strictObject({
      Mode: z.literal("INLINE", {
        error: "a distributed map is not known here: a map of at most 40 items at a time runs inline",
      }),
    })
    .optional(),
});

const machine = inner.extend({
  QueryLanguage: z.literal("JSONPath", { error: "JSONata is not known here: JSONPath is" }).optional(),
  Version: z.literal("1.0").optional(),
  TimeoutSeconds: positiveSeconds.optional(),
});

const stateTypes = {
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

type StateType = keyof typeof stateTypes;

class StatesReader {
  readonly #find: FindIntegration;
  /** Of the whole machine: no two states have the same name, wherever they stand. */
  readonly #names = new Set<string>();

  constructor(find: FindIntegration) {
    this.#find = find;
  }

  states(outer: string | undefined, declared: z.output<typeof inner>): States {
    const states = new Map<string, State>();
    for (const [name, value] of Object.entries(declared.States)) {
      if (name.length > nameCharacters)
        throw new DefinitionError(name, `a name has ${nameCharacters} characters at most`);
      if (this.#names.has(name)) throw new DefinitionError(name, "two states have this name");
      this.#names.add(name);
      states.set(name, this.#state(name, value));
    }
    checkTransitions(outer, declared.StartAt, states);
    return { startAt: declared.StartAt, states };
  }

  #state(name: string, value: Json): State {
    const { Type: type } = checked(
      name,
      z.looseObject({ Type: z.enum(Object.keys(stateTypes) as StateType[]) }),
      value,
    );
    switch (type) {
      case "Task":
        return this.#task(name, value);
      case "Pass": {
        const declared = checked(name, stateTypes.Pass, value);
        return {
          ...named(name, declared),
          ...next(name, declared),
          ...result(declared),
          type,
          result: declared.Result,
        };
      }
      case "Choice": {
        const declared = checked(name, stateTypes.Choice, value);
        const choices = declared.Choices.map((rule, index) => choiceOf(name, rule, `Choices[${index}]`));
        return { ...named(name, declared), type, choices, default: declared.Default };
      }
      case "Wait": {
        const declared = checked(name, stateTypes.Wait, value);
        exactlyOne(name, declared, ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]);
        const seconds = declared.Seconds ?? declared.SecondsPath;
        const timestamp = declared.Timestamp ?? declared.TimestampPath;
        return { ...named(name, declared), ...next(name, declared), type, seconds, timestamp };
      }
      case "Parallel": {
        const declared = checked(name, stateTypes.Parallel, value);
        const branches = declared.Branches.map((branch) => this.states(name, branch));
        return {
          ...named(name, declared),
          ...next(name, declared),
          ...result(declared),
          ...failure(declared),
          type,
          branches,
        };
      }
      case "Map":
        return this.#map(name, value);
      case "Succeed":
        return { ...named(name, checked(name, stateTypes.Succeed, value)), type };
      case "Fail": {
        const declared = checked(name, stateTypes.Fail, value);
        atMostOne(name, declared, ["Error", "ErrorPath"]);
        atMostOne(name, declared, ["Cause", "CausePath"]);
        const error = declared.Error ?? declared.ErrorPath;
        const cause = declared.Cause ?? declared.CausePath;
        return { ...named(name, {}), type, error, cause };
      }
    }
  }

  #task(name: string, value: Json): State {
    const declared = checked(name, stateTypes.Task, value);
    atMostOne(name, declared, ["TimeoutSeconds", "TimeoutSecondsPath"]);
    atMostOne(name, declared, ["HeartbeatSeconds", "HeartbeatSecondsPath"]);
    const integration = this.#find(declared.Resource);
    if (!integration) {
      throw new DefinitionError(name, `Resource: the simulator does not know the integration ${declared.Resource}`);
    }
    const timeout: Seconds | undefined = declared.TimeoutSeconds ?? declared.TimeoutSecondsPath;
    const heartbeat: Seconds | undefined = declared.HeartbeatSeconds ?? declared.HeartbeatSecondsPath;
    if (typeof heartbeat === "number" && typeof timeout === "number" && heartbeat >= timeout) {
      throw new DefinitionError(name, "HeartbeatSeconds: it is below TimeoutSeconds");
    }
    return {
      ...named(name, declared),
      ...next(name, declared),
      ...failure(declared),
      type: "Task",
      integration,
      parameters: parametersOf(name, declared.Parameters, integration),
      resultPath: resultPathOf(declared),
      timeout,
      heartbeat,
    };
  }

  #map(name: string, value: Json): State {
    const declared = checked(name, stateTypes.Map, value);
    exactlyOne(name, declared, ["ItemProcessor", "Iterator"]);
    atMostOne(name, declared, ["ItemSelector", "Parameters"]);
    atMostOne(name, declared, ["MaxConcurrency", "MaxConcurrencyPath"]);
    return {
      ...named(name, declared),
      ...next(name, declared),
      ...failure(declared),
      type: "Map",
      parameters: declared.ItemSelector ?? declared.Parameters,
      resultPath: resultPathOf(declared),
      items: declared.ItemsPath,
      processor: this.states(name, (declared.ItemProcessor ?? declared.Iterator) as z.output<typeof processor>),
      maxConcurrency: declared.MaxConcurrency ?? declared.MaxConcurrencyPath ?? 0,
    };
  }
}

function named(
  name: string,
  { InputPath, OutputPath }: z.output<z.ZodObject<Pick<typeof common, "InputPath" | "OutputPath">>>,
) {
  return {
    name,
    inputPath: InputPath === undefined ? wholeInput : InputPath,
    outputPath: OutputPath === undefined ? wholeInput : OutputPath,
  };
}

const wholeInput = compileReferencePath("$");

function next(name: string, declared: { Next?: string | undefined; End?: true | undefined }) {
  exactlyOne(name, declared, ["Next", "End"]);
  return { next: declared.Next };
}

function result(declared: z.output<z.ZodObject<typeof resulting>>) {
  return { parameters: declared.Parameters, resultPath: resultPathOf(declared) };
}

function resultPathOf({ ResultPath }: { ResultPath?: z.output<typeof resultPath> | null | undefined }) {
  return ResultPath === undefined ? wholeInput : ResultPath;
}

function failure(declared: z.output<z.ZodObject<typeof failing>>) {
  const retriers = declared.Retry.map((one): Retrier => ({
    errorEquals: one.ErrorEquals,
    intervalSeconds: one.IntervalSeconds,
    maxAttempts: one.MaxAttempts,
    backoffRate: one.BackoffRate,
    maxDelaySeconds: one.MaxDelaySeconds,
    jitter: one.JitterStrategy === "FULL",
  }));
  const catchers = declared.Catch.map((one): Catcher => ({
    errorEquals: one.ErrorEquals,
    next: one.Next,
    resultPath: resultPathOf(one),
  }));
  return { resultSelector: declared.ResultSelector, retriers, catchers };
}

function choiceOf(name: string, rule: Json, place: string) {
  const { Next } = checked(name, z.looseObject({ Next: z.string() }), rule, place);
  try {
    return { rule: compileRule(rule, place), next: Next };
  } catch (error) {
    throw new DefinitionError(name, (error as Error).message);
  }
}

/** AWS refuses a definition whose Parameters have a name that the service's operation does not have. */
function parametersOf(name: string, parameters: Json | undefined, integration: Integration) {
  const { parameters: known, required = [], resource } = integration;
  if (!integration.takesInput) {
    const given = Object.keys(checked(name, z.looseObject({}), parameters ?? {}, "Parameters")).map((one) =>
      one.replace(/\.\$$/, ""),
    );
    const unknown = given.find((one) => !known.includes(one));
    if (unknown !== undefined) {
      throw new DefinitionError(
        name,
        `Parameters.${unknown}: the simulator does not know this parameter of ${resource}; there are ${known.join(", ")}`,
      );
    }
    const missing = required.find((one) => !given.includes(one));
    if (missing !== undefined) throw new DefinitionError(name, `Parameters.${missing}: ${resource} needs it`);
  }
  return parameters === undefined ? undefined : checked(name, template, parameters, "Parameters");
}

/** Every way leads to a state that is there, and to every state leads a way. */
function checkTransitions(outer: string | undefined, startAt: string, states: ReadonlyMap<string, State>): void {
  if (!states.has(startAt)) throw new DefinitionError(outer, `StartAt: there is no state "${startAt}"`);
  const reached = new Set([startAt]);
  for (const name of reached) {
    for (const { field, to } of waysOf(states.get(name) as State)) {
      if (!states.has(to)) throw new DefinitionError(name, `${field}: there is no state "${to}"`);
      reached.add(to);
    }
  }
  for (const name of states.keys()) {
    if (!reached.has(name)) throw new DefinitionError(name, "no way leads to it");
  }
}

function waysOf(state: State): { field: string; to: string }[] {
  const ways: { field: string; to: string }[] = [];
  if ("next" in state && state.next !== undefined) ways.push({ field: "Next", to: state.next });
  if ("catchers" in state) ways.push(...state.catchers.map(({ next: to }) => ({ field: "Catch", to })));
  if (state.type === "Choice") {
    ways.push(...state.choices.map(({ next: to }) => ({ field: "Choices", to })));
    if (state.default !== undefined) ways.push({ field: "Default", to: state.default });
  }
  return ways;
}

function exactlyOne(name: string, declared: object, fields: readonly string[]): void {
  atMostOne(name, declared, fields);
  if (present(declared, fields).length === 0) throw new DefinitionError(name, `one of ${fields.join(", ")} is missing`);
}

function atMostOne(name: string, declared: object, fields: readonly string[]): void {
  const [one, other] = present(declared, fields);
  if (other !== undefined) throw new DefinitionError(name, `${one} and ${other}: one of them is allowed`);
}

function present(declared: object, fields: readonly string[]): string[] {
  return fields.filter((field) => (declared as Record<string, unknown>)[field] !== undefined);
}

/** @throws DefinitionError that names every field which is wrong */
function checked<Shape extends z.ZodType>(
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
