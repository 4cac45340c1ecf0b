import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { DataFolder } from "../data-folder.ts";
import type { Declared } from "../declared/index.ts";
import { calls, signedCaller, type Call, type Caller, type Permissions } from "../permissions/index.ts";
import { noSuchKey, preconditionFailed, S3Error } from "./errors.ts";
import { listDocument } from "./list-answer.ts";
import { conditionOf, headersOf, keptOf, names, quoted } from "./object-request.ts";
import type { ObjectStore, OpenObject } from "./object-store.ts";
import { rangeOf } from "./range.ts";
import { header } from "./received.ts";
import { checkRequest, type Operation, type S3Request } from "./request.ts";
import { documentOf, errorDocument, textsOf } from "./xml.ts";

/**
 * Whether a request of the loopback endpoint is S3's: signed for it, or, of this machine's user, about an object or the
 * objects of a bucket.
 */
export function isS3Request({ method, url = "/", headers }: IncomingMessage): boolean {
  if (headers.authorization !== undefined) {
    return /^AWS4-HMAC-SHA256 .*Credential=[^/]+\/[^/]+\/[^/]+\/s3\//.test(headers.authorization);
  }
  if (method === "POST") return /^\/[^/?]+\/?\?(?:.*&)?delete(?:[&=]|$)/.test(url);
  if (method === "GET" && /^\/[^/?]+\/?\?(?:.*&)?list-type=/.test(url)) return true;
  return ["GET", "HEAD", "PUT", "DELETE"].includes(method ?? "") && /^\/[^/?]+\/[^?]/.test(url);
}

/** Bytes of a DeleteObjects request at most: 1,000 keys of 1,024 bytes with their markup. */
const deleteBytes = 4 * 1024 * 1024;

/**
 * S3's REST API, path style: the objects of the declared buckets. A signed request is a function's and held to its role;
 * one that is not signed is that of this machine's user.
 */
export class S3Endpoint {
  readonly #store: ObjectStore;
  readonly #folder: DataFolder;
  readonly #declared: Declared;
  readonly #permissions: Permissions;
  readonly #accountId: string;

  constructor(store: ObjectStore, folder: DataFolder, declared: Declared, permissions: Permissions, accountId: string) {
    this.#store = store;
    this.#folder = folder;
    this.#declared = declared;
    this.#permissions = permissions;
    this.#accountId = accountId;
  }

  /** Answers a request whole, errors included. */
  async answer(request: IncomingMessage, response: ServerResponse, accessKeyId: string | undefined): Promise<void> {
    response.setHeader("x-amz-request-id", crypto.randomUUID());
    try {
      const asked = checkRequest(request, this.#accountId);
      await this.#operations[asked.operation](asked, request, response, this.#callerOf(accessKeyId));
    } catch (error) {
      request.resume(); // what is left of a body that nobody reads
      if (response.headersSent) response.destroy(error as Error);
      else refuse(request, response, error as Error);
    }
  }

  readonly #operations: Record<
    Operation,
    (asked: S3Request, request: IncomingMessage, response: ServerResponse, caller: Caller | undefined) => Promise<void>
  > = {
    GetObject: (...all) => this.#get(...all),
    HeadObject: (...all) => this.#get(...all),
    PutObject: (...all) => this.#put(...all),
    CopyObject: (...all) => this.#copy(...all),
    DeleteObject: async ({ bucket, key }, _, response, caller) => {
      this.#allow(calls.deletesObject, caller, { bucket, key });
      await this.#store.delete(bucket, key);
      response.writeHead(204).end();
    },
    DeleteObjects: (...all) => this.#deleteAll(...all),
    ListObjectsV2: (...all) => this.#list(...all),
    HeadBucket: ({ bucket }, _, response, caller) => {
      this.#allow(calls.listsObjects, caller, { bucket, prefix: undefined });
      this.#store.requireBucket(bucket);
      response.writeHead(200).end();
      return Promise.resolve();
    },
  };

  async #get(
    { bucket, key }: S3Request,
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller | undefined,
  ): Promise<void> {
    const object = await this.#read(bucket, key, caller);
    try {
      const given = { ...headersOf(object), ...object.headers };
      const wanted = header(request.headers, "if-match");
      if (wanted !== undefined && !names(wanted, object.tag)) throw preconditionFailed("If-Match");
      const unwanted = header(request.headers, "if-none-match");
      if (unwanted !== undefined && names(unwanted, object.tag)) {
        response.writeHead(304, given).end();
        return;
      }
      const range = rangeOf(header(request.headers, "range"), object.size);
      response.writeHead(range ? 206 : 200, {
        ...given,
        "accept-ranges": "bytes",
        "content-length": range ? range.end - range.start + 1 : object.size,
        ...(range && { "content-range": `bytes ${range.start}-${range.end}/${object.size}` }),
      });
      if (request.method === "HEAD" || object.size === 0) response.end();
      else await pipeline(object.file.createReadStream({ autoClose: false, start: 0, ...range }), response);
    } finally {
      await object.file.close();
    }
  }

  async #put(
    { bucket, key }: S3Request,
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller | undefined,
  ): Promise<void> {
    this.#allow(calls.writesObject, caller, { bucket, key });
    this.#store.fileOf(bucket, key);
    const received = await this.#store.receive(request, request.headers);
    await this.#store.put(bucket, key, received, keptOf(request), conditionOf(request));
    response.writeHead(200, { etag: quoted(received.tag) }).end();
  }

  async #copy(
    { bucket, key }: S3Request,
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller | undefined,
  ): Promise<void> {
    request.resume(); // a copy has no body
    const from = /^\/?([^/]+)\/(.+)$/.exec(decodeURIComponent(header(request.headers, "x-amz-copy-source") ?? ""));
    if (!from)
      throw new S3Error(400, "InvalidArgument", "Copy Source must mention the source bucket and key: bucket/key");
    const source = await this.#read(from[1] as string, from[2] as string, caller);
    try {
      this.#allow(calls.writesObject, caller, { bucket, key });
      const wanted = header(request.headers, "x-amz-copy-source-if-match");
      if (wanted !== undefined && !names(wanted, source.tag)) throw preconditionFailed("x-amz-copy-source-If-Match");
      const replaced = header(request.headers, "x-amz-metadata-directive")?.toUpperCase() === "REPLACE";
      const copy = await this.#store.copyOf(source);
      await this.#store.put(bucket, key, copy, replaced ? keptOf(request) : source.headers, conditionOf(request));
      const result = { LastModified: new Date().toISOString(), ETag: quoted(copy.tag) };
      sendDocument(response, documentOf("CopyObjectResult", result));
    } finally {
      await source.file.close();
    }
  }

  async #deleteAll(
    { bucket }: S3Request,
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller | undefined,
  ): Promise<void> {
    this.#store.requireBucket(bucket);
    const document = await textOf(request);
    const keys = textsOf("Key", document);
    if (keys.length === 0 || keys.length > 1000) {
      const message = "The XML you provided was not well-formed or did not validate against our published schema";
      throw new S3Error(400, "MalformedXML", message);
    }
    const deleted: { Key: string }[] = [];
    const failed: { Key: string; Code: string; Message: string }[] = [];
    for (const key of keys) {
      try {
        this.#allow(calls.deletesObject, caller, { bucket, key });
        await this.#store.delete(bucket, key);
        deleted.push({ Key: key });
      } catch (error) {
        if (!(error instanceof S3Error)) throw error;
        failed.push({ Key: key, Code: error.code, Message: error.message });
      }
    }
    const quiet = textsOf("Quiet", document)[0] === "true";
    sendDocument(response, documentOf("DeleteResult", { Deleted: quiet ? [] : deleted, Error: failed }));
  }

  async #list(
    { bucket, query }: S3Request,
    _request: IncomingMessage,
    response: ServerResponse,
    caller: Caller | undefined,
  ): Promise<void> {
    this.#allow(calls.listsObjects, caller, { bucket, prefix: query.get("prefix") ?? undefined });
    this.#store.requireBucket(bucket);
    sendDocument(response, await listDocument(this.#store, this.#folder, bucket, query));
  }

  /** Opens an object for a caller. Who may not list is not told that there is none. */
  async #read(bucket: string, key: string, caller: Caller | undefined): Promise<OpenObject> {
    this.#allow(calls.readsObject, caller, { bucket, key });
    const object = await this.#store.open(bucket, key);
    if (object) return object;
    this.#allow(calls.missesObject, caller, { bucket, key });
    throw noSuchKey(key);
  }

  #allow<Target>(call: Call<Target>, caller: Caller | undefined, target: Target): void {
    const refused = caller && this.#permissions.refusal(call, caller, target);
    if (refused) throw new S3Error(403, "AccessDenied", refused.message);
  }

  /** A function by its role's key; whoever signs with another is a person at this machine, who may do all. */
  #callerOf(accessKeyId: string | undefined): Caller | undefined {
    return accessKeyId === undefined ? undefined : signedCaller(accessKeyId, this.#declared.functions);
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > deleteBytes) throw new S3Error(400, "MalformedXML", `The document has more than ${deleteBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function sendDocument(response: ServerResponse, document: string): void {
  response.writeHead(200, { "content-type": "application/xml" }).end(document);
}

/** What is no fault of the request's is S3's InternalError, with the sentence. */
function refuse(request: IncomingMessage, response: ServerResponse, error: Error): void {
  const refused = error instanceof S3Error ? error : new S3Error(500, "InternalError", error.message);
  const { status, code, message, details } = refused;
  const document = errorDocument({
    Code: code,
    Message: message,
    ...details,
    Resource: request.url,
    RequestId: String(response.getHeader("x-amz-request-id")),
  });
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(request.method === "HEAD" ? undefined : document);
}
