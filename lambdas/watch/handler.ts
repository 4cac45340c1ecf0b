import { readFileSync } from "node:fs";
import { Storage } from "../storage/index.ts";
import type { WatchConfig } from "./config.ts";
import { compileWatch } from "./watch.ts";

const config = JSON.parse(readFileSync(new URL("./config.json", import.meta.url), "utf8")) as WatchConfig;

/** Compares predictions with what has been read since, and tells when the model no longer fits. */
export const handler = compileWatch(config, new Storage(), writeLine, Date.now);

/** Past console, which wraps a line into a JSON of its own: CloudWatch finds metrics only where they are the whole line. */
function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
