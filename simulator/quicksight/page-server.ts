import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { City, Dashboards as Shown, ExecutionHistory, Failure, Status } from "../../page/api.ts";
import type { PageFiles } from "../../page/bundle.ts";
import { listenOnLoopback } from "../broker/listen.ts";
import { RequestError, type Dashboards } from "./dashboards.ts";
import type { PageListeners } from "./page-events.ts";
import { accepts, servedFiles, type ServedFile } from "./page-files.ts";
import { requestRefusal, securityHeaders } from "./page-security.ts";
import { DataSetError, NothingImported } from "./spice.ts";

/** What the server tells of. */
export interface PageContent {
  environment: string;
  cities: City[];
  /** They may still be built when the first request comes. */
  files: Promise<PageFiles>;
  dashboards: Dashboards;
  status: () => Promise<Status>;
  /** @throws RequestError for one that there is not */
  execution: (arn: string) => ExecutionHistory;
}

/** Bytes of a request's body, or of a query in its address, at most: some thousand chosen buildings. */
const requestBytes = 256 * 1024;

/** An answer that is shorter is not worth compressing. */
const compressedFrom = 1024;

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

type Route = (request: IncomingMessage, url: URL) => Promise<unknown>;

/** The page of the declared dashboards and of the pipeline, on this machine only. */
export class PageServer {
  readonly #server: Server;
  readonly #content: PageContent;
  readonly #listeners: PageListeners;
  readonly #files: Promise<ReadonlyMap<string, ServedFile>>;
  /** By method and path; each gives what is answered as JSON, or an answer. */
  readonly #routes: Readonly<Record<string, Route>>;
  #port = 0;

  constructor(content: PageContent, listeners: PageListeners) {
    this.#content = content;
    this.#listeners = listeners;
    this.#files = content.files.then(servedFiles);
    this.#files.catch(() => undefined); // each request that needs them is told
    const { dashboards } = content;
    this.#routes = {
      "GET /api/dashboard": () => Promise.resolve(this.#shown()),
      "POST /api/visual": async (request) => dashboards.visual(await bodyOf(request)),
      "POST /api/values": async (request) => dashboards.values(await bodyOf(request)),
      "GET /api/visual.csv": (_, url) => this.#csv(url),
      "GET /api/status": () => content.status(),
      "GET /api/execution": (_, url) => Promise.try(() => content.execution(url.searchParams.get("arn") ?? "")),
    };
    this.#server = createServer({ maxHeaderSize: requestBytes }, (request, response) => {
      this.#respond(request, response).catch((error: Error) => response.destroy(error));
    });
  }

  /** @param port 0 for any that is free */
  async listen(port: number): Promise<number> {
    return (this.#port = await listenOnLoopback(this.#server, port, "--page-port"));
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#listeners.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = requestRefusal(request, this.#port);
    const path = (request.url ?? "/").split("?", 1)[0];
    if (refused === undefined && request.method === "GET" && path === "/api/events") {
      if (this.#listeners.add(response, securityHeaders)) return;
      return this.#send(request, response, failure(503, "Too many pages are open: close one."));
    }
    const answer = refused === undefined ? await this.#answer(request) : failure(403, refused);
    await this.#send(request, response, answer);
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    try {
      const url = new URL(request.url ?? "/", `http://127.0.0.1:${this.#port}`);
      if (request.method === "GET" && isFile(url.pathname)) return await this.#file(request, url.pathname);
      const name = `${request.method} ${url.pathname}`;
      const route = Object.hasOwn(this.#routes, name) ? this.#routes[name] : undefined;
      if (!route) return failure(404, `${name} is not served here.`);
      const result = await route(request, url);
      return isAnswer(result) ? result : json(200, result as object);
    } catch (error) {
      if (error instanceof RequestError) return failure(error.status, error.message);
      // no error to a browser, which notes those in its console
      if (error instanceof NothingImported) return failure(202, error.message);
      // what was asked for is right, and cannot be answered as things stand
      if (error instanceof DataSetError) return failure(409, error.message);
      return failure(500, `This machine could not answer: ${(error as Error).message}`);
    }
  }

  #shown(): Shown {
    const { environment, cities, dashboards } = this.#content;
    return { environment, cities, dashboards: dashboards.list() };
  }

  async #csv({ searchParams }: URL): Promise<Answer> {
    const { name, text } = await this.#content.dashboards.file(parsed(searchParams.get("request") ?? ""));
    const headers = {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    };
    return { status: 200, headers, body: Buffer.from(text, "utf8") };
  }

  async #file({ headers }: IncomingMessage, path: string): Promise<Answer> {
    const file = (await this.#files).get(path);
    if (!file) return failure(404, `${path} is not served here.`);
    const fixed = { "etag": file.tag, "cache-control": "no-cache", "vary": "accept-encoding" };
    if (headers["if-none-match"] === file.tag) return { status: 304, headers: fixed, body: Buffer.alloc(0) };
    const { bytes, encoding } = await file.encoded(String(headers["accept-encoding"] ?? ""));
    const own = {
      ...fixed,
      "content-type": file.type,
      ...(encoding !== undefined && { "content-encoding": encoding }),
    };
    return { status: 200, headers: own, body: bytes };
  }

  async #send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): Promise<void> {
    const isCompressed =
      body.length >= compressedFrom &&
      headers["content-encoding"] === undefined &&
      accepts(String(request.headers["accept-encoding"] ?? ""), "gzip");
    const bytes = isCompressed ? ((await promisify(gzip)(body, { level: 4 })) as Buffer) : body;
    response.writeHead(status, {
      ...securityHeaders,
      ...headers,
      ...(isCompressed && { "content-encoding": "gzip" }),
      "content-length": bytes.length,
      // a body that was not read to its end would be taken for the next request
      ...(request.readableEnded || request.method === "GET" ? {} : { connection: "close" }),
    });
    response.end(bytes);
  }
}

function isFile(path: string): boolean {
  return path === "/" || path === "/app.js" || path === "/app.css";
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === "object" && value !== null && "body" in value && Buffer.isBuffer(value.body);
}

function json(status: number, value: object): Answer {
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  return { status, headers, body: Buffer.from(JSON.stringify(value), "utf8") };
}

function failure(status: number, error: string): Answer {
  return json(status, { error } satisfies Failure);
}

/** @throws RequestError for a body that is too long, or no JSON */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw new RequestError(400, `The content type is ${JSON.stringify(type)}; application/json is allowed.`);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > requestBytes) throw new RequestError(413, `A request has ${requestBytes} bytes at most.`);
    chunks.push(chunk);
  }
  return parsed(Buffer.concat(chunks).toString("utf8"));
}

/** @throws RequestError */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new RequestError(400, `The request is no JSON: ${(error as Error).message}.`);
  }
}
