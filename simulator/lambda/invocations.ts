import type { Answer } from "../broker/http.ts";
import type { DataFolder } from "../data-folder.ts";
import type { Declared } from "../declared/index.ts";
import { calls, signedCaller, type Permissions, type Place } from "../permissions/index.ts";
import { FunctionHost, InvocationError, payloadBytes } from "./function-host.ts";
import { FunctionPool } from "./function-pool.ts";

/** A request of Lambda's API to invoke a function. */
export interface InvokeRequest {
  /** Its name or ARN, as the request has it. */
  functionName: string;
  /** RequestResponse (default), Event or DryRun. */
  invocationType: string | undefined;
  payload: Buffer;
  /** Of the request's signature: the name of the role whose function sends it; one without is the machine's user's. */
  accessKeyId: string | undefined;
}

/** What a function gives: its answer as text of JSON, or the error as which Lambda's runtime writes what it threw. */
export type FunctionOutcome = { text: string } | { failure: { errorType: string; errorMessage: string } };

/** The declared functions as other functions and state machines invoke them: Lambda's operation Invoke. */
export class Invocations {
  readonly #declared: Declared;
  readonly #permissions: Permissions;
  readonly #place: Place;
  readonly #newHost: (arn: string) => FunctionHost;
  readonly #pools = new Map<string, FunctionPool>();

  /** @param endpoint where the functions' own AWS calls go */
  constructor(declared: Declared, permissions: Permissions, place: Place, folder: DataFolder, endpoint: string) {
    this.#declared = declared;
    this.#permissions = permissions;
    this.#place = place;
    this.#newHost = (arn) => {
      const declaredFunction = declared.functions.get(arn);
      if (!declaredFunction) throw new Error(`there is no function ${arn}`);
      return new FunctionHost(declaredFunction, permissions, folder, place.region, endpoint);
    };
  }

  /** The answer of Lambda, in the order in which it looks: who asks, whether it may, what it asks for. */
  async answer(request: InvokeRequest): Promise<Answer> {
    const arn = this.#arnOf(request.functionName);
    const refused = this.#refuses(request, arn);
    if (refused) return refused;
    const event = parsed(request.payload);
    if (event === undefined) {
      return refusal(400, "InvalidRequestContentException", "Could not parse request body into json");
    }
    const outcome = await this.invoke(arn, event.value);
    if ("failure" in outcome) {
      return { status: 200, body: outcome.failure, headers: { "x-amz-function-error": "Unhandled", ...version } };
    }
    return { status: 200, body: outcome.text, headers: { "content-type": "application/json", ...version } };
  }

  /**
   * Runs a function for whoever may.
   *
   * @param arn Of a declared function, without a version.
   */
  async invoke(arn: string, event: unknown): Promise<FunctionOutcome> {
    let pool = this.#pools.get(arn);
    if (!pool) this.#pools.set(arn, (pool = new FunctionPool(() => this.#newHost(arn))));
    try {
      return answered(await pool.invoke(event));
    } catch (error) {
      if (!(error instanceof InvocationError)) throw error;
      return failed(error);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  /** A function may be asked for by its name, or by an ARN with or without the part before the account. */
  #arnOf(functionName: string): string {
    const name = /(?:^|:)function:([^:]+)$/.exec(functionName)?.[1] ?? functionName;
    return `arn:aws:lambda:${this.#place.region}:${this.#place.accountId}:function:${name}`;
  }

  #refuses({ accessKeyId, invocationType, payload }: InvokeRequest, arn: string): Answer | undefined {
    if (accessKeyId !== undefined) {
      const caller = signedCaller(accessKeyId, this.#declared.functions);
      if (!caller) {
        return refusal(403, "UnrecognizedClientException", "The security token included in the request is invalid.");
      }
      const decision = this.#permissions.refusal(calls.functionInvokes, caller, { functionArn: arn });
      if (decision) return refusal(403, "AccessDeniedException", decision.message);
    }
    if (!this.#declared.functions.has(arn)) {
      return refusal(404, "ResourceNotFoundException", `Function not found: ${arn}`);
    }
    if (payload.length > payloadBytes) {
      return refusal(
        413,
        "RequestTooLargeException",
        `Request must be smaller than ${payloadBytes} bytes for the InvokeFunction operation`,
      );
    }
    if ((invocationType ?? "RequestResponse") !== "RequestResponse") {
      return refusal(
        400,
        "InvalidParameterValueException",
        `the invocation type ${invocationType} is not served here: RequestResponse waits for the answer`,
      );
    }
    return undefined;
  }
}

/** @returns undefined where the payload is not JSON; none at all is an empty event */
function parsed(payload: Buffer): { value: unknown } | undefined {
  if (payload.length === 0) return { value: {} };
  try {
    return { value: JSON.parse(payload.toString("utf8")) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What a function gave, as Lambda's runtime for Node writes it. */
function answered(result: unknown): FunctionOutcome {
  let text: string;
  try {
    text = JSON.stringify(result ?? null) ?? "null";
  } catch (error) {
    return functionError("Runtime.MarshalError", `Unable to stringify response body: ${(error as Error).message}`);
  }
  if (Buffer.byteLength(text) > payloadBytes) {
    return functionError(
      "Function.ResponseSizeTooLarge",
      `Response payload size exceeded maximum allowed payload size (${payloadBytes} bytes).`,
    );
  }
  return { text };
}

function failed({ code, message }: InvocationError): FunctionOutcome {
  if (code === "Lambda.InvokeTimedOut") return functionError("Sandbox.Timedout", message);
  const [, type, text] = /^([\w.]+): (.*)$/s.exec(message) ?? [];
  return functionError(type ?? "Error", text ?? message);
}

/** Lambda developer guide, "Lambda function errors in Node.js": the call succeeds, a header tells. */
function functionError(errorType: string, errorMessage: string): FunctionOutcome {
  return { failure: { errorType, errorMessage } };
}

const version = { "x-amz-executed-version": "$LATEST" };

/** Lambda API reference, Invoke, Errors: the class of the exception stands in a header. */
function refusal(status: number, type: string, message: string): Answer {
  return { status, body: { Type: "User", message }, headers: { "x-amzn-errortype": type } };
}
