import { contextFunctions } from "./functions-context.ts";
import { encodingFunctions } from "./functions-encoding.ts";
import { hashFunctions } from "./functions-hash.ts";
import { mathFunctions } from "./functions-math.ts";
import { regexpFunctions } from "./functions-regexp.ts";
import { textFunctions } from "./functions-text.ts";
import { timeFunctions } from "./functions-time.ts";
import { valueFunctions } from "./functions-value.ts";
import type { Frame } from "./message.ts";
import type { Value } from "./value.ts";

export interface SqlFunction {
  /** Fewest and most arguments; with any other number a call is Undefined. */
  arity: [least: number, most: number];
  call: (frame: Frame, ...args: Value[]) => Value;
  /** Depends on more than its arguments: a pipeline's expression has no message, and no clock either. */
  needsMessage?: boolean;
}

/** Functions of AWS IoT SQL by lower-case name: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html */
export const sqlFunctions: ReadonlyMap<string, SqlFunction> = new Map(
  Object.entries({
    ...mathFunctions,
    ...textFunctions,
    ...regexpFunctions,
    ...valueFunctions,
    ...encodingFunctions,
    ...hashFunctions,
    ...timeFunctions,
    ...contextFunctions,
  } satisfies Record<string, SqlFunction>),
);

/** Functions that call another service, and the service. */
export const externalFunctions: ReadonlyMap<string, string> = new Map([
  ["aws_lambda", "AWS Lambda"],
  ["get_dynamodb", "Amazon DynamoDB"],
  ["get_secret", "AWS Secrets Manager"],
  ["get_thing_shadow", "the thing's shadow"],
  ["get_registry_data", "the thing registry"],
  ["machinelearning_predict", "Amazon Machine Learning"],
]);
