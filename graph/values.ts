import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { GraphError } from "./graph-error.ts";

// The marks by which Pulumi's wire format tells what a plain JSON object stands for (sdk/nodejs/runtime/rpc.ts).
const mark = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";
const assetMark = "c44067f5952c0a294b673a41bacd8c17";
const archiveMark = "0def7320c3a5731c473e5ecbe6d01bc7";
const resourceMark = "5cf8f73096256a8f31e491e813e4eb8e";

/** What stands in a graph for a secret value. */
export const secretText = "[secret]";

type Wire = Record<string, unknown>;

function isObject(value: unknown): value is Wire {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value marked as secret, as Pulumi's runtime expects it on the wire. */
export function asSecret(value: unknown): unknown {
  return { [mark]: secretMark, value };
}

/** Replaces each resource that stands in a wire value as a whole by what `refer` gives for its URN and id. */
export function withoutResources(value: unknown, refer: (urn: string, id: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((inner) => withoutResources(inner, refer));
  if (!isObject(value)) return value;
  if (value[mark] === resourceMark)
    return refer(String(value["urn"]), typeof value["id"] === "string" ? value["id"] : "");
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutResources(inner, refer)]));
}

/**
 * A wire value as a graph keeps it: secrets masked, the bytes of assets put into `assets` and their hashes in their place.
 * Throws GraphError for what lies outside this machine or cannot be read.
 */
export function plain(value: unknown, assets: Map<string, Uint8Array>): unknown {
  if (Array.isArray(value)) return value.map((inner) => plain(inner, assets));
  if (!isObject(value)) return value;
  switch (value[mark]) {
    case undefined:
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner, assets)]));
    case secretMark:
      return secretText;
    case assetMark:
      return { $asset: keep(assetBytes(value), assets) };
    case archiveMark:
      return { $archive: archiveFiles(value, assets) };
    default:
      throw new GraphError(`a value of a kind that the graph does not know (mark ${String(value[mark])})`);
  }
}

function keep(bytes: Uint8Array, assets: Map<string, Uint8Array>): string {
  const hash = createHash("sha256").update(bytes).digest("hex");
  assets.set(hash, bytes);
  return hash;
}

function assetBytes(asset: Wire): Uint8Array {
  const { text, path, uri } = asset;
  if (text === "") throw new GraphError("an asset with an empty text, which Pulumi's runtime does not take");
  if (typeof text === "string") return new TextEncoder().encode(text);
  if (typeof path === "string") return readLocal(path, () => new Uint8Array(readFileSync(path)));
  throw new GraphError(`an asset at ${String(uri)} would have to be fetched: use a file or a text`);
}

function archiveFiles(archive: Wire, assets: Map<string, Uint8Array>): Record<string, unknown> {
  const { assets: members, path, uri } = archive;
  if (isObject(members)) {
    return Object.fromEntries(Object.entries(members).flatMap(([name, member]) => memberFiles(name, member, assets)));
  }
  if (typeof path === "string") return readLocal(path, () => folderFiles(path, assets));
  throw new GraphError(`an archive at ${String(uri)} would have to be fetched: use a folder or a map of assets`);
}

function memberFiles(name: string, member: unknown, assets: Map<string, Uint8Array>): [string, unknown][] {
  if (isObject(member) && member[mark] === archiveMark) {
    return Object.entries(archiveFiles(member, assets)).map(([inner, file]) => [`${name}/${inner}`, file]);
  }
  return [[name, plain(member, assets)]];
}

function folderFiles(folder: string, assets: Map<string, Uint8Array>): Record<string, unknown> {
  if (!statSync(folder).isDirectory()) {
    throw new GraphError(
      `the archive ${folder} is one file: use a folder or a map of assets, whose content can be seen`,
    );
  }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = path.slice(join(folder, "/").length).replaceAll("\\", "/");
      return [name, { $asset: keep(new Uint8Array(readFileSync(path)), assets) }];
    }),
  );
}

function readLocal<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof GraphError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GraphError(`cannot read ${resolve(path)}: ${reason}`, { cause });
  }
}
