import { expect } from "chai";
import { once } from "node:events";
import { request, type IncomingMessage, type RequestOptions } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { by, sum } from "../../components/dashboard/definition/fields.ts";
import { decimal } from "../../components/dashboard/definition/formats.ts";
import { row, sheet } from "../../components/dashboard/definition/sheet.ts";
import { table } from "../../components/dashboard/definition/visuals/table.ts";
import type { Dashboards, Status } from "../../page/api.ts";
import { RequestError } from "../quicksight/dashboards.ts";
import { PageListeners } from "../quicksight/page-events.ts";
import { PageServer } from "../quicksight/page-server.ts";
import { board, hostile, use, type Board } from "./shown-data.ts";

interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

const files = { html: "<!doctype html>", script: `"${"x".repeat(5000)}"`, style: "body{}" };
const total = sum(use, "use", { label: "Use", format: decimal(0) });

/** A sheet of one table. */
function plan() {
  const shown = table("buildings", {
    title: "Buildings",
    by: [by(use, "building", "Building")],
    values: [total],
    sort: { column: total, direction: "DESC" },
  });
  return sheet({ id: "only", name: "Only", question: "?", description: "", controls: [], rows: [row(5, shown)] });
}

describe("The page's server", () => {
  let shown: Board;
  let server: PageServer;
  let listeners: PageListeners;
  let port: number;
  before(async () => {
    shown = await board([plan()]);
    listeners = new PageListeners();
    server = new PageServer(
      {
        environment: "test",
        cities: [{ name: "London", label: "London, England", timeZone: "Europe/London" }],
        files: Promise.resolve(files),
        dashboards: shown.dashboards,
        status: () => Promise.resolve({ unrouted: 1 } as Status),
        execution: (arn) => {
          throw new RequestError(404, `There is no execution ${arn}.`);
        },
      },
      listeners,
    );
    port = await server.listen(0);
  });
  after(async () => {
    await server.close();
    await shown.spice.close();
  });

  /** By Node's own client, since `fetch` sets some headers itself. */
  const send = async (path: string, options: RequestOptions = {}, body?: string | Buffer): Promise<Answer> => {
    const sent = request({ host: "127.0.0.1", port, path, agent: false, ...options });
    sent.end(body);
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
  };
  const json = ({ body }: Answer): unknown => JSON.parse(body.toString("utf8"));
  const errorOf = (answer: Answer): string => (json(answer) as { error: string }).error;
  const post = (path: string, value: unknown, headers: Record<string, string> = {}) =>
    send(
      path,
      { method: "POST", headers: { "content-type": "application/json", ...headers } },
      typeof value === "string" ? value : JSON.stringify(value),
    );
  const own = () => `127.0.0.1:${port}`;

  it("serves its files with a strict policy, compressed, and once where they have not changed", async () => {
    for (const [path, type, text] of [
      ["/", "text/html; charset=utf-8", files.html],
      ["/app.js", "text/javascript; charset=utf-8", files.script],
      ["/app.css", "text/css; charset=utf-8", files.style],
    ] as const) {
      const plain = await send(path);
      expect(plain.status).to.equal(200);
      expect(plain.headers["content-type"]).to.equal(type);
      expect(plain.body.toString("utf8")).to.equal(text);
      const brotli = await send(path, { headers: { "accept-encoding": "gzip, br" } });
      expect(brotli.headers["content-encoding"]).to.equal("br");
      expect(brotliDecompressSync(brotli.body).toString("utf8")).to.equal(text);
      const gzip = await send(path, { headers: { "accept-encoding": "gzip, br;q=0" } });
      expect(gunzipSync(gzip.body).toString("utf8")).to.equal(text);
      const again = await send(path, { headers: { "if-none-match": String(plain.headers.etag) } });
      expect([again.status, again.body.length]).to.deep.equal([304, 0]);
    }
  });

  it("sends what browsers need to keep strangers out with every answer, a refusal too", async () => {
    const answers = [
      await send("/"),
      await send("/api/dashboard"),
      await send("/nothing"),
      await send("/", { headers: { host: "evil.example" } }),
      await post("/api/visual", "{"),
    ];
    for (const { headers } of answers) {
      const policy = String(headers["content-security-policy"]).split("; ");
      expect(policy).to.include.members(["default-src 'none'", "script-src 'self'", "connect-src 'self'"]);
      expect(policy).to.include.members(["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]);
      expect(policy.join()).not.to.match(/unsafe|\*|https?:/);
      expect(headers["x-content-type-options"]).to.equal("nosniff");
      expect(headers["referrer-policy"]).to.equal("no-referrer");
      expect(headers["cross-origin-resource-policy"]).to.equal("same-origin");
      expect(headers["access-control-allow-origin"]).to.equal(undefined);
    }
  });

  it("answers its own names only, so that no other name leads to it", async () => {
    expect((await send("/", { headers: { host: `localhost:${port}` } })).status).to.equal(200);
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1",
      `127.0.0.1:${port + 1}`,
      `[::1]:${port}`,
    ]) {
      const refused = await send("/api/dashboard", { headers: { host } });
      expect([host, refused.status]).to.deep.equal([host, 403]);
      expect(errorOf(refused)).to.contain("is not served here");
    }
  });

  it("answers its own page only", async () => {
    const asked = { dashboard: "board", visual: "buildings" };
    for (const origin of [`http://127.0.0.1:${port}`, `http://localhost:${port}`]) {
      expect((await post("/api/visual", asked, { origin })).status).to.equal(200);
    }
    for (const origin of [
      "null",
      "http://evil.example",
      `https://127.0.0.1:${port}`,
      `http://127.0.0.1:${port}.evil.example`,
    ]) {
      expect((await post("/api/visual", asked, { origin })).status).to.equal(403);
    }
    for (const site of ["cross-site", "same-site"]) {
      expect((await send("/api/status", { headers: { "sec-fetch-site": site } })).status).to.equal(403);
      // who follows a link to the page comes from elsewhere
      expect((await send("/", { headers: { "sec-fetch-site": site } })).status).to.equal(200);
    }
    expect((await send("/api/status", { headers: { "sec-fetch-site": "same-origin" } })).status).to.equal(200);
  });

  it("serves nothing else, by no other method", async () => {
    for (const path of [
      "/../package.json",
      "/%2e%2e/package.json",
      "/app.ts",
      "/api",
      "/api/dashboard/",
      "/__proto__",
    ]) {
      expect([path, (await send(path)).status]).to.deep.equal([path, 404]);
    }
    for (const method of ["PUT", "DELETE", "OPTIONS", "POST"]) {
      expect((await send("/api/dashboard", { method })).status).to.equal(404);
    }
    expect((await send("/api/visual")).status).to.equal(404);
  });

  it("tells what is declared, with the state of the data", async () => {
    const answer = json(await send("/api/dashboard")) as Dashboards<{ Sheets: { SheetId: string }[] }>;
    expect(answer.environment).to.equal("test");
    expect(answer.cities).to.deep.equal([{ name: "London", label: "London, England", timeZone: "Europe/London" }]);
    const [dashboard] = answer.dashboards;
    const { id = "", definition, dataSets } = dashboard ?? {};
    expect([id, definition?.Sheets.map(({ SheetId }) => SheetId)]).to.deep.equal(["board", ["only"]]);
    expect(dataSets?.["use"]).to.include({ state: "ready", rows: 7 });
  });

  it("answers a visual as data, whatever its texts hold", async () => {
    const answer = await post("/api/visual", { dashboard: "board", visual: "buildings" });
    expect(answer.headers["content-type"]).to.equal("application/json");
    expect((json(answer) as { rows: unknown[] }).rows).to.deep.equal([
      [hostile, 107],
      ["2 Retail", 40],
      ["1 Office", 35],
    ]);
  });

  it("gives a visual's rows as a file to keep", async () => {
    const asked = encodeURIComponent(JSON.stringify({ dashboard: "board", visual: "buildings" }));
    const { status, headers, body } = await send(`/api/visual.csv?request=${asked}`);
    expect(status).to.equal(200);
    expect(headers["content-type"]).to.contain("text/csv");
    expect(headers["content-disposition"]).to.equal('attachment; filename="buildings.csv"');
    expect(body.toString("utf8").split("\r\n").slice(0, 2)).to.deep.equal([
      '"Building","Use"',
      `"${hostile.replaceAll('"', '""')}",107`,
    ]);
    expect((await send("/api/visual.csv")).status).to.equal(400);
  });

  it("refuses a request that it cannot read, in words", async () => {
    expect(errorOf(await post("/api/visual", "{"))).to.contain("The request is no JSON");
    expect(errorOf(await post("/api/visual", "[]"))).to.contain("cannot be read");
    expect(errorOf(await post("/api/visual", "{}", { "content-type": "text/plain" }))).to.contain("application/json");
    const large = await post("/api/visual", JSON.stringify({ dashboard: "x".repeat(300_000) }));
    expect([large.status, errorOf(large)]).to.deep.equal([413, "A request has 262144 bytes at most."]);
    expect((await send("/api/execution?arn=none")).status).to.equal(404);
  });

  it("tells open pages what happens, and goes when they are to go", async () => {
    const sent = request({ host: "127.0.0.1", port, path: "/api/events", headers: { host: own() }, agent: false });
    sent.end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    expect(response.headers["content-type"]).to.equal("text/event-stream");
    listeners.tell("imported", { dashboard: "board", dataSet: "use" });
    let text = "";
    for await (const chunk of response as AsyncIterable<Buffer>) {
      text += chunk.toString("utf8");
      if (text.includes("imported")) break;
    }
    expect(text).to.match(/^retry: 1000\nevent: heartbeat\ndata: \{"started":\d+\}\n\n/);
    expect(text).to.contain('event: imported\ndata: {"dashboard":"board","dataSet":"use"}\n\n');
    const away = request({
      host: "127.0.0.1",
      port,
      path: "/api/events",
      headers: { host: "evil.example" },
      agent: false,
    });
    away.end();
    const [refused] = (await once(away, "response")) as [IncomingMessage];
    refused.destroy();
    expect(refused.statusCode).to.equal(403);
  });
});
