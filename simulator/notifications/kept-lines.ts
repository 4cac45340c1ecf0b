import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
} from "node:fs";
import { dirname } from "node:path";

/** What a file of JSON lines holds; a line that a killed simulator left unfinished is none. */
export function readLines<One>(file: string): One[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.slice(0, -1).map((line) => JSON.parse(line) as One);
}

/** Adds a line to such a file; it is on the disk when this returns. */
export function appendLine(file: string, value: object): void {
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(file, "a+");
  try {
    // what a killed simulator had begun is no line
    const held = readFileSync(descriptor);
    const whole = held.lastIndexOf("\n") + 1;
    if (whole < held.length) ftruncateSync(descriptor, whole);
    appendFileSync(descriptor, `${JSON.stringify(value)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
