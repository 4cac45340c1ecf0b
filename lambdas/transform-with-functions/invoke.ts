import { InvokeCommand } from "@aws-sdk/client-lambda";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { FunctionFailure } from "../transform/functions.ts";
import type { Invoke } from "../transform/functions.ts";

/**
 * Invokes functions of Lambda and waits for their answers. What Lambda says of the function (it threw, it timed out, its
 * answer was too long) is a FunctionFailure; that the call was throttled or refused is not: it ends the transform's
 * invocation, and Firehose repeats that.
 */
export function invokeWith(client: Pick<LambdaClient, "send">): Invoke {
  return async (functionName, event) => {
    const { FunctionError, Payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(event, "utf8") }),
    );
    const text = Buffer.from(Payload ?? []).toString("utf8");
    if (FunctionError !== undefined) throw new FunctionFailure(`${functionName} failed: ${messageOf(text)}`);
    return text === "" ? undefined : parsed(text);
  };
}

/** The message of a failed function's answer: `{"errorType", "errorMessage", "trace"}`. */
function messageOf(text: string): string {
  const answer = parsed(text);
  const isError = typeof answer === "object" && answer !== null && "errorMessage" in answer;
  return isError ? String(answer.errorMessage) : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // An answer nested thousands deep, which Node's Lambda runtime can write and JSON.parse cannot read.
    throw new FunctionFailure(`what it gave cannot be read: ${(error as Error).message}`);
  }
}
