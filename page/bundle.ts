import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What a browser loads: the shell, and one file each of code and of styles. */
export interface PageFiles {
  html: string;
  script: string;
  style: string;
}

const folder = fileURLToPath(new URL(".", import.meta.url));

/** Builds the page of the sources as they are, in esbuild's own process. */
export async function bundlePage(): Promise<PageFiles> {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: [{ in: "./browser/app.ts", out: "app" }],
    outdir: "out",
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
    logLevel: "silent",
  });
  const textOf = (extension: string) => outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? "";
  const html = await readFile(new URL("browser/index.html", import.meta.url), "utf8");
  return { html, script: textOf(".js"), style: textOf(".css") };
}
