import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Evaluation } from "@metercast/graph";
import { run } from "../run.ts";
import type { Simulator } from "../simulator.ts";
import { bucket } from "./declare.ts";

/** A running simulator and what it delivered, for tests. */
export interface Running {
  simulator: Simulator;
  publish: (topic: string, payload: string | Uint8Array) => Promise<number>;
  /** The objects of the bucket below a prefix: key and text, decompressed. */
  objects: (prefix: string) => { key: string; text: string }[];
  /** The paths of the files below a prefix. */
  files: (prefix: string) => string[];
  warnings: string[];
}

export async function start(
  evaluation: Evaluation,
  data: string,
  onFailure: (error: Error) => void = (error) => {
    throw error;
  },
  options: { timeScale?: number } = {},
): Promise<Running> {
  const warnings: string[] = [];
  const simulator = await run({
    ...options,
    evaluation,
    data,
    mqttPort: 0,
    httpPort: 0,
    warn: (sentence) => warnings.push(sentence),
    onFailure,
  });
  const files = (prefix: string) => filesBelow(join(data, "buckets", bucket, prefix));
  return {
    simulator,
    warnings,
    publish: async (topic, payload) => {
      const url = `${simulator.http}/topics/${encodeURIComponent(topic)}?qos=1`;
      return (await fetch(url, { method: "POST", body: payload as string })).status;
    },
    files,
    objects: (prefix) =>
      files(prefix).map((file) => {
        const bytes = readFileSync(file);
        return {
          key: file.slice(join(data, "buckets", bucket).length + 1),
          text: (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"),
        };
      }),
  };
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
