import type { IncomingMessage } from "node:http";
import { notServed } from "./errors.ts";
import type { Headers } from "./object-headers.ts";
import type { OpenObject, PutCondition } from "./object-store.ts";
import { header } from "./received.ts";

/** Headers of an object that a request puts and an answer gives back. */
const keptHeaders = [
  "content-type",
  "content-encoding",
  "content-disposition",
  "content-language",
  "cache-control",
  "expires",
];

/** What a request wants kept beside an object's bytes. */
export function keptOf({ headers }: IncomingMessage): Headers {
  const kept: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = header(headers, name) ?? "";
    if (name.startsWith("x-amz-meta-") || (keptHeaders.includes(name) && name !== "content-encoding"))
      kept[name] = value;
  }
  const encoding = (header(headers, "content-encoding") ?? "").split(/,\s*/).filter((one) => one !== "aws-chunked");
  if (encoding.join() !== "") kept["content-encoding"] = encoding.join(", ");
  return kept;
}

/** What a request says of the object that it would replace. @throws S3Error */
export function conditionOf({ headers }: IncomingMessage): PutCondition | undefined {
  const absent = header(headers, "if-none-match");
  if (absent !== undefined) {
    if (absent === "*") return "absent";
    throw notServed("If-None-Match with anything but * (S3, too, takes no other in a PUT)");
  }
  const match = header(headers, "if-match");
  return match === undefined ? undefined : { matches: match.replace(/^"|"$/g, "") };
}

/** What every answer about an object has. */
export function headersOf({ tag, modified }: OpenObject): Record<string, string> {
  return { "etag": quoted(tag), "last-modified": modified.toUTCString() };
}

/** An entity tag as a header has it. */
export function quoted(tag: string): string {
  return `"${tag}"`;
}

/** Whether a condition names an entity tag, with or without its quotation marks. */
export function names(condition: string, tag: string): boolean {
  return condition.split(/,\s*/).some((one) => one === "*" || one.replace(/^"|"$/g, "") === tag);
}
