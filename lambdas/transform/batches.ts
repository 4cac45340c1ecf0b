import { responseLimit } from "../response.ts";

/** Elements of one invocation: where they stand in the list that was cut, and the event as JSON. */
export interface InvocationBatch {
  indices: number[];
  event: string;
}

/** Lambda's limit of a request is that of a response. */
const requestLimit = responseLimit;

/**
 * Cuts elements, each as JSON, into arrays of at most `batchSize` and of what Lambda takes in one request, in their
 * order.
 */
export function* batchesOf(texts: readonly (string | undefined)[], batchSize: number): Generator<InvocationBatch> {
  let indices: number[] = [];
  let chosen: string[] = [];
  let bytes = 2;
  for (let index = 0; index < texts.length; index++) {
    const text = texts[index];
    if (text === undefined) continue;
    const length = Buffer.byteLength(text) + 1;
    if (indices.length === batchSize || (indices.length > 0 && bytes + length > requestLimit)) {
      yield { indices, event: `[${chosen.join()}]` };
      indices = [];
      chosen = [];
      bytes = 2;
    }
    indices.push(index);
    chosen.push(text);
    bytes += length;
  }
  if (indices.length > 0) yield { indices, event: `[${chosen.join()}]` };
}
