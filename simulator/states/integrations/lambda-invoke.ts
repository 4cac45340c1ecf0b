import { randomUUID } from "node:crypto";
import { functionByArn, type Declared, type LambdaFunction } from "../../declared/index.ts";
import type { Invocations } from "../../lambda/invocations.ts";
import { calls, type Place } from "../../permissions/index.ts";
import type { Json } from "../json.ts";
import { StateError } from "../state-error.ts";
import type { Integration, TaskContext } from "./integration.ts";

/** What the invocation of a function needs. */
export interface Functions {
  declared: Declared;
  invocations: Invocations;
  place: Place;
}

/** The error with which Step Functions reports that Lambda refused a call (Lambda API reference, Invoke, Errors). */
const refused = "Lambda.AWSLambdaException";

/** `arn:aws:states:::lambda:invoke`: the function's answer is the result's Payload. */
export function lambdaInvoke(functions: Functions): Integration {
  return {
    resource: "arn:aws:states:::lambda:invoke",
    parameters: ["FunctionName", "Payload"],
    required: ["FunctionName"],
    start: async ({ FunctionName: name, Payload: payload = {} }, task) => {
      if (typeof name !== "string") {
        throw new StateError("Lambda.InvalidParameterValueException", `FunctionName is ${JSON.stringify(name)}`);
      }
      const answer = await invoke(functions, arnOf(name, functions.place), payload, task);
      return {
        ExecutedVersion: "$LATEST",
        Payload: answer,
        SdkHttpMetadata: { HttpStatusCode: 200 },
        SdkResponseMetadata: { RequestId: randomUUID() },
        StatusCode: 200,
      };
    },
  };
}

/** A function that is itself a task's Resource: it gets the task's input, and its answer is the result. */
export function lambdaResource(functions: Functions, arn: string): Integration | undefined {
  if (!/^arn:aws:lambda:[^:]*:[^:]*:function:/.test(arn)) return undefined;
  return {
    resource: arn,
    parameters: [],
    takesInput: true,
    start: ({ input = null }, task) => invoke(functions, arn, input, task),
  };
}

async function invoke(functions: Functions, arn: string, event: Json, task: TaskContext): Promise<Json> {
  const { declared, invocations } = functions;
  task.authorize(calls.machineInvokesFunction, { functionArn: arn }, refused);
  const found: LambdaFunction | undefined = functionByArn(declared, arn);
  if (!found) throw new StateError("Lambda.ResourceNotFoundException", `Function not found: ${arn}`);
  const outcome = await invocations.invoke(found.arn, event);
  if ("failure" in outcome) throw new StateError(outcome.failure.errorType, JSON.stringify(outcome.failure));
  return JSON.parse(outcome.text) as Json;
}

/** A function may be asked for by its name or its ARN, each with a version or without. */
function arnOf(name: string, { region, accountId }: Place): string {
  return name.startsWith("arn:") ? name : `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}
