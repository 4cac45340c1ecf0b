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

/** `metercast start --no-load` in a process of its own, on a data folder of its own. */
export class Simulated {
  readonly child: ChildProcess;
  readonly data: string;
  readonly http: string;
  readonly mqtt: string;

  private constructor(child: ChildProcess, data: string, address: { http: string; mqtt: string }) {
    this.child = child;
    this.data = data;
    this.http = address.http;
    this.mqtt = address.mqtt;
  }

  /** @param flags of Node, before the program */
  static async start(environment = benchEnvironment, flags: string[] = []): Promise<Simulated> {
    const data = mkdtempSync(join(tmpdir(), "metercast-bench-"));
    const words = ["start", "-e", environment, "--data", data, "--no-load", "--json"];
    // the first two as `npm start` has them
    const node = ["--max-semi-space-size=8", "--max-old-space-size=256", ...flags, program];
    const child = spawn(process.execPath, [...node, ...words, "--mqtt-port", "0", "--http-port", "0"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`the simulator ended with code ${code}`)));
    });
    return new Simulated(child, data, JSON.parse(line) as { http: string; mqtt: string });
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

  async stop(): Promise<void> {
    await end(this.child);
    rmSync(this.data, { recursive: true, force: true });
  }
}
