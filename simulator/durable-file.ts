import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** Makes the names in a folder durable, as fsync of a file does for its bytes. */
export function synchroniseFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes a file and waits until its bytes are on the disk. */
export function writeDurably(file: string, content: string | Uint8Array): void {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(file, "w");
  try {
    let written = 0;
    while (written < bytes.byteLength) written += writeSync(descriptor, bytes, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Replaces a file as a whole: whoever reads it, and whatever happens, it is the old or the new one. */
export function replaceFile(file: string, content: string | Uint8Array): void {
  const next = `${file}.next`;
  writeDurably(next, content);
  renameSync(next, file);
  synchroniseFolder(dirname(file));
}
