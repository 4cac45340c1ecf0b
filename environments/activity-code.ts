import { readdirSync, statSync } from "node:fs";
import { basename, dirname, extname } from "node:path";

import { buildSync } from "esbuild";
import type { BuildFailure, Message } from "esbuild";

import { didYouMean } from "./nearest.ts";

/** The module of a lambda activity that cannot be deployed; the message is one sentence that says why. */
export class ActivityCodeError extends Error {
  override readonly name = "ActivityCodeError";
}

const extensions = [".js", ".mjs", ".ts", ".mts"];

/** What a module's function is called in names: the file's name without its extension, in letters, digits and _. */
export function functionKey(code: string): string {
  return basename(code, extname(code)).replace(/[^A-Za-z0-9]+/g, "_");
}

/**
 * The module of a lambda activity as one ES module for Node 24, with all that it imports.
 *
 * @param code path of the module
 * @throws ActivityCodeError when it is missing, does not compile, or exports no `handler`
 */
export function bundleActivity(code: string): string {
  requireModule(code);
  const { metafile, outputFiles } = build(code);
  const exported = Object.values(metafile.outputs)[0]?.exports ?? [];
  if (!exported.includes("handler")) {
    const found = exported.length === 0 ? "nothing" : exported.map((name) => `"${name}"`).join(", ");
    throw new ActivityCodeError(
      `${basename(code)} exports ${found}; it must export a function "handler": export async function handler(messages) { ... return messages; }`,
    );
  }
  return outputFiles[0]?.text ?? "";
}

function requireModule(code: string): void {
  const stat = statSync(code, { throwIfNoEntry: false });
  if (stat === undefined) throw new ActivityCodeError(`there is no file ${code}${neighbour(code)}`);
  if (!stat.isFile()) throw new ActivityCodeError(`${code} is a folder; name the module in it`);
  if (!extensions.includes(extname(code))) {
    throw new ActivityCodeError(
      `${basename(code)} is no JavaScript or TypeScript module: its name must end with one of ${extensions.join(", ")}`,
    );
  }
}

function neighbour(code: string): string {
  const folder = dirname(code);
  const names = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [];
  return didYouMean(basename(code), names);
}

function build(code: string) {
  try {
    return buildSync({
      absWorkingDir: dirname(code),
      entryPoints: [`./${basename(code)}`],
      bundle: true,
      write: false,
      metafile: true,
      outfile: "index.mjs",
      format: "esm",
      platform: "node",
      target: "node24",
      logLevel: "silent",
      // the same bundle whatever a tsconfig.json above the file says
      tsconfigRaw: {},
    });
  } catch (error) {
    const { errors } = error as Partial<BuildFailure>;
    if (errors === undefined) throw error;
    throw new ActivityCodeError(`${basename(code)} does not compile: ${errors.map(written).join("; ")}`);
  }
}

function written({ text, location }: Message): string {
  return location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`;
}
