import type { Declared } from "../declared/index.ts";
import { calls, functionCaller, type Permissions } from "../permissions/index.ts";
import type { Answer } from "./http.ts";

/** A request of Firehose's API to put records. */
export interface PutRequest {
  operation: "PutRecord" | "PutRecordBatch";
  stream: string;
  records: Uint8Array[];
  /** Of the request's signature: the name of the role whose function sends it. */
  accessKeyId: string | undefined;
}

const operations = { PutRecord: calls.functionPutsRecord, PutRecordBatch: calls.functionPutsRecordBatch };

/**
 * Why Firehose does not take a request; undefined when it does. The order is its own: who asks, whether it may, what it
 * asks for. Statuses and texts: Firehose API reference, "Common errors".
 */
export function refusesPut(
  { operation, stream, accessKeyId }: PutRequest,
  declared: Declared,
  permissions: Permissions,
  accountId: string,
): Answer | undefined {
  if (accessKeyId === undefined) {
    return refusal(
      403,
      "MissingAuthenticationTokenException",
      "Missing Authentication Token: here only the functions of the program sign what they put; publish a message to have it delivered",
    );
  }
  const sender = [...declared.functions.values()].find(({ roleArn }) => roleArn.split("/").at(-1) === accessKeyId);
  if (!sender) {
    return refusal(403, "UnrecognizedClientException", "The security token included in the request is invalid.");
  }
  const refused = permissions.refusal(operations[operation], functionCaller(sender), { stream });
  if (refused) return refusal(400, "AccessDeniedException", refused.message);
  if (declared.streams.has(stream)) return undefined;
  return refusal(400, "ResourceNotFoundException", `Firehose ${stream} under account ${accountId} not found.`);
}

function refusal(status: number, type: string, message: string): Answer {
  return { status, body: { __type: type, message } };
}
