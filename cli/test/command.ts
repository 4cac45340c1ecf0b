import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../metercast.ts", import.meta.url));

/** The command line as a person or a script starts it, for tests. */
export interface Run {
  code: number | null;
  out: string;
  error: string;
}

/** A folder that is gone when the tests are. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "metercast-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// one listener for each folder
process.setMaxListeners(0);

export async function metercast(...words: string[]): Promise<Run> {
  const child = spawn(process.execPath, [program, ...words]);
  let [out, error] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (error += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, out, error };
}

export interface Event {
  event: string;
  [key: string]: unknown;
}

/** `metercast start --json`, its events as they come. */
export class Started {
  readonly child: ChildProcess;
  readonly events: Event[] = [];
  error = "";
  readonly #waiting = new Set<() => void>();
  readonly ended: Promise<number | null>;

  constructor(...words: string[]) {
    const ports = ["--mqtt-port", "0", "--http-port", "0", "--page-port", "0"];
    this.child = spawn(process.execPath, [program, "start", "--json", ...ports, ...words]);
    if (!this.child.stdout || !this.child.stderr) throw new Error("the command has no output");
    this.child.stderr.on("data", (chunk: Buffer) => (this.error += chunk.toString()));
    createInterface(this.child.stdout).on("line", (line) => {
      this.events.push(JSON.parse(line) as Event);
      this.#changed();
    });
    this.ended = new Promise((resolve) => this.child.once("close", resolve));
    void this.ended.then(() => this.#changed());
  }

  async event(name: string): Promise<Event> {
    for (;;) {
      const found = this.events.find(({ event }) => event === name);
      if (found) return found;
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`the command ended without "${name}": ${this.error}`);
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async stop(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }

  #changed(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** The rows of a query, as `--json` gives them. */
export async function query(data: string, sql: string): Promise<Record<string, unknown>[]> {
  const { code, out, error } = await metercast("query", sql, "--data", data, "--json");
  if (code !== 0) throw new Error(error);
  return JSON.parse(out) as Record<string, unknown>[];
}
