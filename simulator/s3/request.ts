import type { IncomingMessage } from "node:http";
import { notServed, S3Error } from "./errors.ts";
import { header } from "./received.ts";

/** The operations of S3's API that are served. */
export type Operation =
  | "CopyObject"
  | "DeleteObject"
  | "DeleteObjects"
  | "GetObject"
  | "HeadBucket"
  | "HeadObject"
  | "ListObjectsV2"
  | "PutObject";

export interface S3Request {
  operation: Operation;
  bucket: string;
  /** "" of a bucket. */
  key: string;
  query: URLSearchParams;
}

/** Query parameters that an operation has beside `x-id`, which names it. */
const parameters: Record<Operation, readonly string[]> = {
  CopyObject: [],
  DeleteObject: [],
  DeleteObjects: ["delete"],
  GetObject: [],
  HeadBucket: [],
  HeadObject: [],
  ListObjectsV2: [
    "continuation-token",
    "delimiter",
    "encoding-type",
    "fetch-owner",
    "list-type",
    "max-keys",
    "prefix",
    "start-after",
  ],
  PutObject: [],
};

/** Headers of S3 that any operation may have: of signatures, of integrity and of the client itself. */
const anyHeader =
  /^x-amz-(?:content-sha256|date|security-token|user-agent|decoded-content-length|trailer|expected-bucket-owner|sdk-checksum-algorithm|checksum-.+|source-expected-bucket-owner|server-side-encryption(?:-.+)?)$/;

const ownHeaders: Partial<Record<Operation, RegExp>> = {
  PutObject: /^(?:x-amz-meta-.+|if-match|if-none-match|content-md5)$/,
  CopyObject:
    /^(?:x-amz-meta-.+|x-amz-copy-source|x-amz-copy-source-if-match|x-amz-metadata-directive|if-match|if-none-match)$/,
  GetObject: /^(?:if-match|if-none-match|range)$/,
  HeadObject: /^(?:if-match|if-none-match|range)$/,
  DeleteObjects: /^content-md5$/,
};

/** Headers that would change what an operation does. */
const decisive = /^(?:x-amz-.+|if-.+|range|content-md5)$/;

/**
 * What a request asks for.
 *
 * @throws S3Error for an operation, a parameter or a header that is not served
 */
export function checkRequest(request: IncomingMessage, accountId: string): S3Request {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const [, bucket, key] = /^\/([^/]+)\/?(.*)$/s.exec(url.pathname) ?? [];
  if (bucket === undefined || key === undefined) throw notServed(`${request.method} ${url.pathname}`);
  const operation = operationOf(request, url.searchParams, key);
  for (const name of url.searchParams.keys()) {
    if (name !== "x-id" && !parameters[operation].includes(name)) throw notServed(`${operation} with ?${name}`);
  }
  for (const name of Object.keys(request.headers)) {
    if (!decisive.test(name) || anyHeader.test(name) || ownHeaders[operation]?.test(name)) continue;
    throw notServed(`${operation} with the header ${name}`);
  }
  const owner = header(request.headers, "x-amz-expected-bucket-owner");
  if (owner !== undefined && owner !== accountId) throw new S3Error(403, "AccessDenied", "Access Denied");
  return { operation, bucket: decoded(bucket), key: decoded(key), query: url.searchParams };
}

function operationOf({ method, headers }: IncomingMessage, query: URLSearchParams, key: string): Operation {
  switch (method) {
    case "GET":
      if (key !== "") return "GetObject";
      if (query.get("list-type") === "2") return "ListObjectsV2";
      break;
    case "HEAD":
      return key === "" ? "HeadBucket" : "HeadObject";
    case "PUT":
      if (key !== "") return headers["x-amz-copy-source"] === undefined ? "PutObject" : "CopyObject";
      break;
    case "DELETE":
      if (key !== "") return "DeleteObject";
      break;
    case "POST":
      if (key === "" && query.has("delete")) return "DeleteObjects";
      break;
  }
  const part = [...query.keys()].find((name) => name !== "x-id");
  throw notServed(`${method} of ${key === "" ? "a bucket" : "an object"}${part === undefined ? "" : ` with ?${part}`}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new S3Error(400, "InvalidURI", "Couldn't parse the specified URI.");
  }
}
