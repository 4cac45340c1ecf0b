import type { Statement } from "../policy/policy-document.ts";

/** What a topic rule's Firehose action without batch mode calls: one record for each message. */
export function putRecordTo(streamArn: string): Statement {
  return { sid: "PutRecord", actions: ["firehose:PutRecord"], resources: [streamArn] };
}

/** What a transform with lambda activities calls besides: the team's functions, and no other. */
export function invokeFunctions(functionArns: string[]): Statement {
  return { sid: "InvokeActivities", actions: ["lambda:InvokeFunction"], resources: functionArns };
}

/** What the transform calls to account for the elements that it does not pass on. */
export function putRecordBatchTo(streamArn: string): Statement {
  return { sid: "PutLeftOut", actions: ["firehose:PutRecordBatch"], resources: [streamArn] };
}
