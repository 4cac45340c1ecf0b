import { z } from "zod";
import { compileRule } from "./choice-rule.ts";
import type { Catcher, Definition, Retrier, Seconds, State, States } from "./definition.ts";
import { DefinitionError } from "./definition-error.ts";
import type { Integration } from "./integrations/integration.ts";
import type { Json } from "./json.ts";
import { compileReferencePath } from "./paths.ts";
import {
  checked,
  machine,
  stateTypes,
  template,
  type common,
  type failing,
  type inner,
  type processor,
  type resulting,
  type resultPath,
  type StateType,
} from "./state-schemas.ts";
import { checkTransitions } from "./transitions.ts";

/** The integration that a Task's Resource names; undefined for one that is not known. */
export type FindIntegration = (resource: string) => Integration | undefined;

/** Longest that Step Functions takes, of a name and of a definition (Step Functions quotas). */
const nameCharacters = 80;
const definitionBytes = 1024 * 1024;

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
