import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A Dockerfile that does not say which files its image is made of. */
export class ImageContextError extends Error {
  override readonly name = "ImageContextError";
}

/** What an image is made of, by name: its Dockerfile, and what that copies. */
export type ImageContext = ReadonlyMap<string, string>;

export const dockerfile = "Dockerfile";

/**
 * The files of a folder that an image is made of. What else lies there, such as models or a virtual environment, changes
 * nothing of it.
 *
 * @throws ImageContextError
 */
export function imageContext(folder: string): ImageContext {
  const text = read(folder, dockerfile);
  const copied = text
    .replaceAll(/\\\r?\n/g, " ")
    .split("\n")
    .flatMap((line) => sources(line.trim()));
  return new Map([[dockerfile, text], ...copied.map((name) => [name, read(folder, name)] as const)]);
}

/** The files that an instruction copies. */
function sources(line: string): string[] {
  const [instruction = "", ...words] = line.split(/\s+/);
  const name = instruction.toUpperCase();
  if (name === "ADD") throw new ImageContextError(`${dockerfile}: "${line}": write COPY and the names of the files`);
  if (name !== "COPY") return [];
  // What comes from another stage is no file of the folder.
  if (words.some((word) => word.startsWith("--from="))) return [];
  const files = words.filter((word) => !word.startsWith("--")).slice(0, -1);
  const vague = files.find((file) => !/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(file));
  if (files.length === 0 || vague !== undefined) {
    throw new ImageContextError(`${dockerfile}: "${line}": name each file, so that a change of one makes a new image`);
  }
  return files;
}

function read(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), "utf8");
  } catch (cause) {
    throw new ImageContextError(`cannot read ${join(folder, name)}, which the image is made of`, { cause });
  }
}

/** A tag that changes when, and only when, a file does. */
export function imageTag(context: ImageContext): string {
  const hash = createHash("sha256");
  for (const [name, text] of [...context].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(`${name}\0${text}\0`);
  return hash.digest("hex").slice(0, 16);
}
