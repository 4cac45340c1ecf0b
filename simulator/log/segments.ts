import { mkdirSync, openSync, readdirSync, readSync, rmSync, closeSync, fstatSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../durable-file.ts";
import { decode } from "./entry.ts";

/** A file of the log; its name is the position of its first byte. */
export interface Segment {
  start: number;
  file: string;
}

const namePattern = /^(\d{16})\.log$/;

export function segmentFile(folder: string, start: number): string {
  return join(folder, `${String(start).padStart(16, "0")}.log`);
}

/** The segments of a log in order; makes the folder where there is none. */
export function listSegments(folder: string): Segment[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder)
    .flatMap((name) => {
      const match = namePattern.exec(name);
      return match ? [{ start: Number(match[1]), file: join(folder, name) }] : [];
    })
    .sort((a, b) => a.start - b.start);
}

/** The position after the last whole entry: what a process that was killed had made durable. */
export function endOfLog(folder: string): number {
  const last = listSegments(folder).at(-1);
  if (!last) return 0;
  let end = last.start;
  const descriptor = openSync(last.file, "r");
  try {
    const bytes = Buffer.allocUnsafe(fstatSync(descriptor).size);
    readSync(descriptor, bytes, 0, bytes.length, 0);
    for (;;) {
      const entry = decode(bytes, end - last.start, end);
      if (!entry) return end;
      end = entry.end;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Removes the segments that lie wholly before `position`; the last one stays, since writing goes on in it. */
export function removeSegmentsBefore(folder: string, position: number): void {
  const segments = listSegments(folder);
  segments.forEach((segment, index) => {
    const next = segments[index + 1];
    if (next && next.start <= position) rmSync(segment.file);
  });
}

/**
 * Begins the log anew at its end. What is before is delivered by the streams that there were: one that is declared
 * from now on must not see it, as a new delivery stream of Firehose sees nothing of the past.
 */
export function forgetDelivered(folder: string): void {
  const end = endOfLog(folder);
  replaceFile(segmentFile(folder, end), Buffer.alloc(0));
  removeSegmentsBefore(folder, end);
}

/** The position of the first entry that the log still has. */
export function startOfLog(folder: string): number {
  return listSegments(folder)[0]?.start ?? 0;
}
