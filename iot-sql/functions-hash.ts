import { createHash } from "node:crypto";
import { toText } from "./conversions.ts";
import type { SqlFunction } from "./functions.ts";
import { md2 } from "./md2.ts";

/** A hash of the UTF-8 bytes of a text, in lower-case hexadecimal digits. */
function hash(digest: (bytes: Buffer) => Buffer): SqlFunction {
  return {
    arity: [1, 1],
    call: (_frame, value) => {
      const text = toText(value);
      return text === undefined ? undefined : digest(Buffer.from(text, "utf8")).toString("hex");
    },
  };
}

function builtIn(algorithm: string): SqlFunction {
  return hash((bytes) => createHash(algorithm).update(bytes).digest());
}

export const hashFunctions = {
  md2: hash(md2),
  md5: builtIn("md5"),
  sha1: builtIn("sha1"),
  sha224: builtIn("sha224"),
  sha256: builtIn("sha256"),
  sha384: builtIn("sha384"),
  sha512: builtIn("sha512"),
} satisfies Record<string, SqlFunction>;
