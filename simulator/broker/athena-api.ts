import type { IncomingMessage, ServerResponse } from "node:http";
import {
  AthenaRefusal,
  checkedInput,
  inputs,
  resultPage,
  type AthenaService,
  type Inputs,
  type QueryExecution,
} from "../athena/index.ts";
import type { Declared } from "../declared/index.ts";
import { signedCaller, type Caller } from "../permissions/index.ts";
import type { ObjectStore } from "../s3/index.ts";
import { textOf } from "./request-text.ts";

const prefix = "AmazonAthena.";

/** Whether a request is one of Athena's API. */
export function isAthenaRequest({ headers }: IncomingMessage): boolean {
  const target = headers["x-amz-target"];
  return typeof target === "string" && target.startsWith(prefix);
}

/** Athena's API (JSON 1.1). A signed request is a function's, and held to its role. */
export class AthenaApi {
  readonly #declared: Declared;
  readonly #operations: {
    [Operation in keyof Inputs]: (input: Inputs[Operation], caller: Caller | undefined) => object | Promise<object>;
  };

  constructor(service: AthenaService, store: ObjectStore, declared: Declared) {
    this.#declared = declared;
    this.#operations = {
      StartQueryExecution: (input, caller) => ({ QueryExecutionId: service.start(input, caller) }),
      GetQueryExecution: ({ QueryExecutionId: one }, caller) => ({
        QueryExecution: inSeconds(service.get(one, caller)),
      }),
      StopQueryExecution: async ({ QueryExecutionId: one }, caller) => {
        await service.stop(one, caller);
        return {};
      },
      GetQueryResults: (input, caller) => resultPage(service, store, input, caller),
    };
  }

  /** Answers a request whole. */
  async answer(request: IncomingMessage, response: ServerResponse, accessKeyId: string | undefined): Promise<void> {
    const { status, body } = await this.#answer(request, accessKeyId);
    response.writeHead(status, {
      "content-type": "application/x-amz-json-1.1",
      "x-amzn-requestid": crypto.randomUUID(),
    });
    response.end(JSON.stringify(body));
  }

  async #answer(request: IncomingMessage, accessKeyId: string | undefined): Promise<{ status: number; body: object }> {
    const target = String(request.headers["x-amz-target"]);
    const operation = target.slice(prefix.length);
    try {
      const text = await textOf(request);
      if (text === undefined) throw new AthenaRefusal("InvalidRequestException", "the request is too large");
      if (!isOperation(operation)) {
        const known = Object.keys(inputs).join(", ");
        return refusal("UnknownOperationException", `${target} is not served here: ${known} are`);
      }
      const caller = this.#callerOf(accessKeyId);
      if (caller === "unknown") {
        return refusal("UnrecognizedClientException", "The security token included in the request is invalid.");
      }
      return { status: 200, body: await this.#do(operation, JSON.parse(text === "" ? "{}" : text), caller) };
    } catch (error) {
      if (error instanceof AthenaRefusal) return refusal(error.type, error.message);
      if (error instanceof SyntaxError) return refusal("SerializationException", error.message);
      throw error;
    }
  }

  async #do<Operation extends keyof Inputs>(
    operation: Operation,
    body: unknown,
    caller: Caller | undefined,
  ): Promise<object> {
    return this.#operations[operation](checkedInput(operation, body), caller);
  }

  #callerOf(accessKeyId: string | undefined): Caller | undefined | "unknown" {
    if (accessKeyId === undefined) return undefined;
    return signedCaller(accessKeyId, this.#declared.functions) ?? "unknown";
  }
}

function isOperation(operation: string): operation is keyof Inputs {
  return Object.hasOwn(inputs, operation);
}

function refusal(type: string, message: string): { status: number; body: object } {
  return { status: 400, body: { __type: type, message, Message: message } };
}

/** The API's times are seconds. */
function inSeconds(execution: QueryExecution): object {
  const { SubmissionDateTime: submitted, CompletionDateTime: completed } = execution.Status;
  return {
    ...execution,
    Status: {
      ...execution.Status,
      SubmissionDateTime: submitted / 1000,
      ...(completed !== undefined && { CompletionDateTime: completed / 1000 }),
    },
  };
}
