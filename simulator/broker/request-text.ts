import type { IncomingMessage } from "node:http";

/** Larger than any input of AWS's JSON APIs that is served, 256 KiB as text in JSON. */
export const requestBytes = 4 * 1024 * 1024;

/** The body of a request; undefined where it is too large. */
export async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // what is too large is read to its end, so that its sender hears the answer
    if (length <= requestBytes) chunks.push(chunk);
  }
  if (length > requestBytes) return undefined;
  return Buffer.concat(chunks).toString("utf8");
}
