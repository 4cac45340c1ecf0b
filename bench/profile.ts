import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** Where the time of one thread goes. */
export interface ThreadProfile {
  thread: string;
  /** Seconds in which it was not idle. */
  busySeconds: number;
  /** Shares of the busy time by what the code belongs to, the largest first. */
  parts: { name: string; share: number }[];
  /** The functions that take most, with their own share. */
  functions: { name: string; share: number }[];
}

/** V8's format; times in microseconds. */
interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

const shownFunctions = 12;

/** Runs `run` with Node's flags that make it write profiles, and gives what they say of each thread that was busy. */
export async function profiled(run: (flags: string[]) => Promise<unknown>): Promise<ThreadProfile[]> {
  const folder = mkdtempSync(join(tmpdir(), "metercast-profile-"));
  try {
    await run(["--cpu-prof", `--cpu-prof-dir=${folder}`]);
    return readdirSync(folder)
      .filter((name) => name.endsWith(".cpuprofile"))
      .map((name) => summarise(JSON.parse(readFileSync(join(folder, name), "utf8")) as CpuProfile))
      .filter(({ busySeconds }) => busySeconds > 0.2)
      .sort((a, b) => b.busySeconds - a.busySeconds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function summarise({ nodes, samples, timeDeltas }: CpuProfile): ThreadProfile {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    if (!frame || frame.functionName === "(idle)" || frame.functionName === "(program)") return;
    const time = timeDeltas[index] ?? 0;
    busy += time;
    const part = partOf(frame.functionName, frame.url);
    parts.set(part, (parts.get(part) ?? 0) + time);
    const name = `${frame.functionName || "(anonymous)"} ${basename(frame.url)}:${frame.lineNumber + 1}`;
    functions.set(name, (functions.get(name) ?? 0) + time);
  });
  const shares = (times: Map<string, number>) =>
    [...times].map(([name, time]) => ({ name, share: time / busy })).sort((a, b) => b.share - a.share);
  return {
    thread: threadOf(nodes.map(({ callFrame }) => callFrame.url)),
    busySeconds: busy / 1e6,
    parts: shares(parts).filter(({ share }) => share >= 0.01),
    functions: shares(functions).slice(0, shownFunctions),
  };
}

function threadOf(urls: string[]): string {
  if (urls.some((url) => url.endsWith("/simulator/delivery/worker.ts"))) return "delivery";
  if (urls.some((url) => url.endsWith("/simulator/lambda/runtime.ts"))) return "function";
  return "broker";
}

function partOf(functionName: string, url: string): string {
  if (functionName === "(garbage collector)") return "garbage collection";
  if (url === "" || url.startsWith("node:")) return "Node";
  const dependency = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (dependency !== undefined && !dependency.startsWith("@metercast/")) return dependency;
  if (url.endsWith("/index.mjs")) return "the function's code";
  return /\/(simulator\/[a-z-]+|iot-sql|cli|graph)\//.exec(url)?.[1] ?? basename(url);
}
