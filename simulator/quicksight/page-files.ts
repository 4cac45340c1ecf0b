import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { PageFiles } from "../../page/bundle.ts";

/** A file with its forms for the way. */
export interface ServedFile {
  type: string;
  tag: string;
  /** In the best encoding that the browser takes. */
  encoded(accepted: string): Promise<{ bytes: Buffer; encoding: string | undefined }>;
}

const compressed = {
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }) as Promise<Buffer>,
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: 9 }) as Promise<Buffer>,
};

/** By their paths. */
export function servedFiles({ html, script, style }: PageFiles): ReadonlyMap<string, ServedFile> {
  return new Map([
    ["/", servedFile(html, "text/html; charset=utf-8")],
    ["/app.js", servedFile(script, "text/javascript; charset=utf-8")],
    ["/app.css", servedFile(style, "text/css; charset=utf-8")],
  ]);
}

/** Compressed once, when it is first asked for. */
function servedFile(text: string, type: string): ServedFile {
  const bytes = Buffer.from(text, "utf8");
  const forms = new Map<string, Promise<Buffer>>();
  return {
    type,
    tag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
    encoded: async (accepted) => {
      const encoding = (["br", "gzip"] as const).find((one) => accepts(accepted, one));
      if (encoding === undefined) return { bytes, encoding };
      const form = forms.get(encoding) ?? compressed[encoding](bytes);
      forms.set(encoding, form);
      return { bytes: await form, encoding };
    },
  };
}

/** Whether an Accept-Encoding names an encoding. */
export function accepts(accepted: string, encoding: string): boolean {
  return accepted.split(",").some((one) => {
    const [name = "", ...parameters] = one.split(";").map((part) => part.trim());
    return name.toLowerCase() === encoding && !parameters.includes("q=0");
  });
}
