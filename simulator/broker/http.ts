import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { InvokeRequest } from "../lambda/invocations.ts";
import { isS3Request } from "../s3/index.ts";
import { listenOnLoopback } from "./listen.ts";
import { payloadBytes, refusal } from "./limits.ts";
import type { PutRequest } from "./put-records.ts";
import { isAthenaRequest } from "./athena-api.ts";
import { isEmailRequest } from "./email-api.ts";
import { isStatesRequest } from "./states-api.ts";

/** An answer of the loopback endpoint. */
export interface Answer {
  status: number;
  /** An object is sent as JSON; text as it is, as XML unless the headers say otherwise. */
  body?: object | string;
  headers?: Record<string, string>;
}

/** What is reachable over HTTP; each gives its answer when what it did is durable. */
export interface HttpRoutes {
  publish(topic: string, payload: Uint8Array, qos: 0 | 1): Promise<void>;
  putRecords(request: PutRequest): Promise<Answer>;
  invoke(request: InvokeRequest): Promise<Answer>;
  /** Answers a request of S3's whole. */
  objects(request: IncomingMessage, response: ServerResponse, accessKeyId: string | undefined): Promise<void>;
  /** Answers a request of Step Functions' whole. */
  states(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Answers a request of Athena's whole. */
  queries(request: IncomingMessage, response: ServerResponse, accessKeyId: string | undefined): Promise<void>;
  /** Answers a request of SES's whole. */
  emails(request: IncomingMessage, response: ServerResponse, accessKeyId: string | undefined): Promise<void>;
  flush(): Promise<void>;
}

/** Path by which commands of the same data folder ask a running simulator to deliver what it holds. */
export const flushPath = "/_metercast/flush";

/** Larger than any request that a route takes: PutRecordBatch has 4 MiB before base64 and JSON. */
const requestBytes = 64 * 1024 * 1024;

/**
 * The loopback endpoint: the IoT data plane's publish (`POST /topics/{topic}?qos=`), Firehose for the functions
 * (`PutRecord`, `PutRecordBatch`), Lambda's `Invoke`, S3, Step Functions, Athena, SES's `SendEmail`, and
 * `flush` for other commands.
 */
export class HttpEndpoint {
  readonly #server: Server;

  constructor(routes: HttpRoutes) {
    this.#server = createServer((request, response) => {
      const accessKeyId = accessKeyIdOf(request.headers.authorization);
      const whole = isS3Request(request)
        ? () => routes.objects(request, response, accessKeyId)
        : isStatesRequest(request)
          ? () => routes.states(request, response)
          : isAthenaRequest(request)
            ? () => routes.queries(request, response, accessKeyId)
            : isEmailRequest(request)
              ? () => routes.emails(request, response, accessKeyId)
              : undefined;
      if (whole) {
        Promise.try(whole).catch((error: Error) => send(response, faultOf(error)));
        return;
      }
      answer(request, routes).then(
        (result) => send(response, result),
        (error: Error) => send(response, faultOf(error)),
      );
    });
  }

  /** @param port 0 for any that is free */
  listen(port: number): Promise<number> {
    return listenOnLoopback(this.#server, port, "--http-port");
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** What a client wrote wrongly is its fault (400), anything else is ours (500). */
function faultOf(error: Error): Answer {
  const isTheirs = error instanceof SyntaxError || error instanceof URIError;
  const type = isTheirs ? "SerializationException" : "InternalFailureException";
  return { status: isTheirs ? 400 : 500, body: { message: error.message }, headers: { "x-amzn-errortype": type } };
}

async function answer(request: IncomingMessage, routes: HttpRoutes): Promise<Answer> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const body = await bodyOf(request);
  if (!body) return { status: 413, body: { message: `a request has ${requestBytes} bytes at most` } };
  if (url.pathname === flushPath && request.method === "POST") {
    await routes.flush();
    return { status: 200, body: {} };
  }
  if (url.pathname.startsWith("/topics/") && request.method === "POST") return publish(url, body, routes);
  const target = request.headers["x-amz-target"];
  if (url.pathname === "/" && request.method === "POST" && typeof target === "string") {
    return firehose(target, request.headers.authorization, body, routes);
  }
  const invoked = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(url.pathname);
  if (invoked && request.method === "POST") {
    const type = request.headers["x-amz-invocation-type"];
    return routes.invoke({
      functionName: decodeURIComponent(invoked[1] as string),
      invocationType: typeof type === "string" ? type : undefined,
      payload: body,
      accessKeyId: accessKeyIdOf(request.headers.authorization),
    });
  }
  return {
    status: 404,
    body: {
      message: `${request.method} ${url.pathname} is not served here: POST /topics/{topic}?qos=0|1 publishes a message`,
    },
  };
}

async function publish(url: URL, body: Buffer, routes: HttpRoutes): Promise<Answer> {
  let topic: string;
  try {
    topic = decodeURIComponent(url.pathname.slice("/topics/".length));
  } catch {
    return refusedPublish(400, "the topic is not URL-encoded UTF-8");
  }
  // AWS's clients leave the default out
  const qos = url.searchParams.get("qos") ?? "0";
  if (qos !== "0" && qos !== "1") return refusedPublish(400, `qos is ${qos}; 0 and 1 are allowed`);
  const reason = refusal(topic, body.length);
  if (reason !== undefined) return refusedPublish(body.length > payloadBytes ? 413 : 400, reason);
  await routes.publish(topic, body, qos === "1" ? 1 : 0);
  return { status: 200, body: { message: "OK", traceId: crypto.randomUUID() } };
}

/** As the IoT data plane answers: AWS's clients take the error's name from the header. */
function refusedPublish(status: 400 | 413, message: string): Answer {
  const type = status === 413 ? "RequestEntityTooLargeException" : "InvalidRequestException";
  return { status, body: { message }, headers: { "x-amzn-errortype": type } };
}

async function firehose(
  target: string,
  authorization: string | undefined,
  body: Buffer,
  routes: HttpRoutes,
): Promise<Answer> {
  const operation = target.replace(/^Firehose_20150804\./, "");
  const input = JSON.parse(body.toString("utf8")) as {
    DeliveryStreamName: string;
    Record?: { Data: string };
    Records?: { Data: string }[];
  };
  const records = operation === "PutRecord" && input.Record ? [input.Record] : input.Records;
  if ((operation !== "PutRecord" && operation !== "PutRecordBatch") || !records) {
    return { status: 400, body: { __type: "UnknownOperationException", message: `${target} is not served here` } };
  }
  return routes.putRecords({
    operation,
    stream: input.DeliveryStreamName,
    records: records.map(({ Data }) => Buffer.from(Data, "base64")),
    accessKeyId: accessKeyIdOf(authorization),
  });
}

/** Of AWS's Signature Version 4: `AWS4-HMAC-SHA256 Credential=<id>/<date>/<region>/<service>/aws4_request, ...`. */
function accessKeyIdOf(authorization: string | undefined): string | undefined {
  return /^AWS4-HMAC-SHA256 .*Credential=([^/]+)\//.exec(authorization ?? "")?.[1];
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > requestBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const text = typeof body === "string" ? body : JSON.stringify(body ?? {});
  const type = typeof body === "string" ? "application/xml" : "application/json";
  response.writeHead(status, { "content-type": type, "x-amzn-requestid": crypto.randomUUID(), ...headers });
  response.end(text);
}
