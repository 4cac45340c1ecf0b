import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Graph } from "@metercast/graph";
import { end } from "./processes.ts";

const program = fileURLToPath(new URL("../cli/metercast.ts", import.meta.url));
export const benchEnvironment = fileURLToPath(new URL("./environment.yaml", import.meta.url));

interface Ready {
  http: string;
  mqtt: string;
  page: string;
}

/** `metercast start --no-load` in a process of its own, on a data folder of its own. */
export class Simulated {
  readonly child: ChildProcess;
  readonly data: string;
  readonly http: string;
  readonly mqtt: string;
  readonly page: string;

  private constructor(child: ChildProcess, data: string, address: Ready) {
    this.child = child;
    this.data = data;
    this.http = address.http;
    this.mqtt = address.mqtt;
    this.page = address.page;
  }

  /** @param flags of Node, before the program @param data a folder that holds something */
  static async start(
    environment = benchEnvironment,
    flags: string[] = [],
    data = mkdtempSync(join(tmpdir(), "metercast-bench-")),
  ): Promise<Simulated> {
    const words = ["start", "-e", environment, "--data", data, "--no-load", "--json"];
    // the first two as `npm start` has them
    const node = ["--max-semi-space-size=8", "--max-old-space-size=256", ...flags, program];
    const ports = ["--mqtt-port", "0", "--http-port", "0", "--page-port", "0"];
    const child = spawn(process.execPath, [...node, ...words, ...ports], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`the simulator ended with code ${code}`)));
    });
    return new Simulated(child, data, JSON.parse(line) as Ready);
  }

  /** What it runs. */
  get graph(): Graph {
    return JSON.parse(readFileSync(join(this.data, "graph.json"), "utf8")) as Graph;
  }

  get port(): number {
    return Number(new URL(this.mqtt).port);
  }

  /** The Parquet files of a landing table. */
  parquet(table: "readings" | "weather" | "left_out"): string {
    return join(this.data, "buckets", "*", table, "**", "*.parquet");
  }

  /** Returns when all that was acknowledged can be queried. */
  async flush(): Promise<void> {
    const response = await fetch(`${this.http}/_metercast/flush`, { method: "POST" });
    if (!response.ok) throw new Error(`flush: ${await response.text()}`);
  }

  /** Ends it; its folder stays. */
  async end(): Promise<void> {
    await end(this.child);
  }

  async stop(): Promise<void> {
    await this.end();
    rmSync(this.data, { recursive: true, force: true });
  }
}
