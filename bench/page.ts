import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get, request, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { chartOf } from "../components/dashboard/definition/definition.ts";
import type { DashboardDefinition } from "../components/dashboard/definition/schema.ts";
import { environmentFile } from "../environments/index.ts";
import type { Dashboard, Dashboards, VisualRequest } from "../page/api.ts";
import { seenInBrowser, type Seen } from "./page-browser.ts";
import { processorSeconds } from "./processes.ts";
import { countRows, measured, publish, type Measured, type Size } from "./raw-load.ts";
import { Simulated } from "./simulated.ts";

const program = fileURLToPath(new URL("../cli/metercast.ts", import.meta.url));

/** What a browser gets over the wire, and how long it waits for it. */
export interface Opened {
  /** From the start of the simulator until it says that the page is there. */
  readySeconds: number;
  /** From the first request to the data of the first visual: files, dashboard, visual. */
  firstSeconds: number;
  /** From the first request to the data of all visuals of the first sheet. */
  sheetSeconds: number;
  /** Compressed, of all of these. */
  bytes: number;
  /** Each filter's change, until all visuals of the first sheet have their data. */
  filterSeconds: number[];
  /** The same with everything drawn, where there is a browser. */
  seen: Seen | undefined;
}

/** Seconds between two things that a reader does while readings come in: each is another sheet with another filter. */
const readerPause = 5;

/**
 * The page of the environment "prod", with its two weeks loaded and predicted. It has the name of the benchmarks'
 * environment, so that their publisher can publish to it.
 */
export class PageBench {
  readonly #folder = mkdtempSync(join(tmpdir(), "metercast-bench-page-"));
  readonly #environment = join(this.#folder, "environment.yaml");
  readonly #data = join(this.#folder, "data");

  /** Loads, predicts, and imports what the page shows. */
  static async create(): Promise<PageBench> {
    const bench = new PageBench();
    const simulator = await bench.#start();
    try {
      const browser = new Browser(simulator.page);
      const dashboard = await browser.dashboard();
      for (let sheet = 0; sheet < dashboard.definition.Sheets.length; sheet++) {
        await Promise.all(browser.askSheet(dashboard, {}, sheet));
      }
    } finally {
      await simulator.end();
    }
    return bench;
  }

  private constructor() {
    const text = readFileSync(environmentFile("prod"), "utf8").replace(/^name: prod$/m, "name: bench");
    const dashboard = /^dashboard:/m.test(text) ? "" : "\ndashboard:\n  authors: [group/energy-managers]\n";
    writeFileSync(this.#environment, text + dashboard);
    const words = ["start", "-e", this.#environment, "--data", this.#data, "--once", "--json", "--envelope", "100"];
    const ports = ["--mqtt-port", "0", "--http-port", "0", "--page-port", "0"];
    const { status, stderr } = spawnSync(process.execPath, [program, ...words, ...ports], { encoding: "utf8" });
    if (status !== 0) throw new Error(`the two weeks could not be loaded: ${stderr}`);
  }

  /** A simulator that has just been started, and a browser that opens the page at once. */
  async open(): Promise<Opened> {
    const started = performance.now();
    const simulator = await this.#start();
    try {
      const readySeconds = seconds(started);
      const browser = new Browser(simulator.page);
      const first = performance.now();
      await browser.get("/");
      await Promise.all([browser.get("/app.js"), browser.get("/app.css")]);
      const dashboard = await browser.dashboard();
      const asked = browser.askSheet(dashboard, {});
      await asked[0];
      const firstSeconds = seconds(first);
      await Promise.all(asked);
      const sheetSeconds = seconds(first);
      const { bytes } = browser;
      const filterSeconds: number[] = [];
      const { values } = await browser.post<{ values: string[] }>("/api/values", {
        dashboard: dashboard.id,
        control: controlOf(dashboard, "City"),
      });
      for (const value of values) {
        const before = performance.now();
        await Promise.all(browser.askSheet(dashboard, { City: [value] }));
        filterSeconds.push(seconds(before));
      }
      const seen = await seenInBrowser(simulator.page);
      return { readySeconds, firstSeconds, sheetSeconds, bytes, filterSeconds, seen };
    } finally {
      await simulator.end();
    }
  }

  /** The raw publisher's readings, with a reader at the page or without. */
  async ingest(size: Size, hasReader: boolean): Promise<Measured> {
    const simulator = await this.#start();
    const stopped = new AbortController();
    try {
      const browser = new Browser(simulator.page);
      const dashboard = await browser.dashboard();
      // what is there is taken up before the clock runs
      await Promise.all(browser.askSheet(dashboard, {}));
      const rows = await countRows(simulator.parquet("readings"));
      const reading = hasReader ? browser.read(dashboard, stopped.signal) : undefined;
      const before = processorSeconds(simulator.child);
      const published = await publish(simulator.port, size);
      await simulator.flush();
      const result = measured(size.readings, published, simulator.child, before);
      stopped.abort();
      await reading;
      const stored = (await countRows(simulator.parquet("readings"))) - rows;
      if (stored !== size.readings) throw new Error(`${stored} of ${size.readings} readings are stored`);
      return result;
    } finally {
      stopped.abort();
      await simulator.end();
    }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #start(): Promise<Simulated> {
    return Simulated.start(this.#environment, [], this.#data);
  }
}

type Shown = Dashboard<DashboardDefinition>;

/** Asks as a browser does, and counts what comes over the wire. */
class Browser {
  readonly #page: string;
  bytes = 0;

  constructor(page: string) {
    this.#page = page;
  }

  get(path: string): Promise<Buffer> {
    return this.#answer("GET", path);
  }

  async post<Answer>(path: string, body: object): Promise<Answer> {
    const headers = { "content-type": "application/json", "accept-encoding": "identity" };
    const response = await fetch(new URL(path, this.#page), { method: "POST", headers, body: JSON.stringify(body) });
    return (await response.json()) as Answer;
  }

  async dashboard(): Promise<Shown> {
    const answer = gunzipSync(await this.#answer("GET", "/api/dashboard"));
    const [dashboard] = (JSON.parse(answer.toString("utf8")) as Dashboards<DashboardDefinition>).dashboards;
    if (!dashboard) throw new Error("no dashboard is declared");
    return dashboard;
  }

  /** All visuals of a sheet at once. @returns in the order of the sheet */
  askSheet(
    { id, definition }: Shown,
    parameters: NonNullable<VisualRequest["parameters"]>,
    place = 0,
  ): Promise<Buffer>[] {
    const { Sheets } = definition;
    const visuals = Sheets[place % Sheets.length]?.Visuals.map((visual) => chartOf(visual).chart.VisualId) ?? [];
    return visuals.map((visual) => this.#answer("POST", "/api/visual", { dashboard: id, visual, parameters }));
  }

  /** Listens, asks how the pipeline stands as often as it is told to, and looks at one sheet after the other. */
  async read(dashboard: Shown, signal: AbortSignal): Promise<void> {
    let asking: Promise<unknown> | undefined;
    const events = get(new URL("/api/events", this.#page), (response) => {
      response.on("data", (chunk: Buffer) => {
        if (!chunk.toString("utf8").includes("event: status")) return;
        asking ??= this.get("/api/status").finally(() => (asking = undefined));
      });
      response.on("error", () => {}); // it is ended below
    });
    events.on("error", () => {});
    for (let place = 0; !signal.aborted; place++) {
      await Promise.all(this.askSheet(dashboard, { Days: 14 - (place % 7) }, place));
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, readerPause * 1000);
        signal.addEventListener("abort", () => (clearTimeout(timer), resolve(undefined)), { once: true });
      });
    }
    await asking;
    events.destroy();
  }

  async #answer(method: string, path: string, body?: object): Promise<Buffer> {
    const headers = { "accept-encoding": "br, gzip", "content-type": "application/json" };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request(new URL(path, this.#page), { method, headers }, resolve);
      asked.once("error", reject);
      asked.end(body && JSON.stringify(body));
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    if (response.statusCode !== 200) throw new Error(`${method} ${path}: ${response.statusCode}`);
    this.bytes += bytes.length + response.rawHeaders.join().length;
    return bytes;
  }
}

function controlOf({ definition }: Shown, parameter: string): string {
  for (const control of definition.Sheets[0]?.ParameterControls ?? []) {
    if ("Dropdown" in control && control.Dropdown.SourceParameterName === parameter) {
      return control.Dropdown.ParameterControlId;
    }
  }
  throw new Error(`the first sheet has no control of ${parameter}`);
}

function seconds(since: number): number {
  return (performance.now() - since) / 1000;
}
