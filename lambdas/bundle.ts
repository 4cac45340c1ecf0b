import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/** The Lambdas, by their folder's name. */
export type LambdaName =
  | "transform"
  | "transform-with-functions"
  | "left-out"
  | "plan"
  | "publish"
  | "watch"
  | "features"
  | "predict"
  | "digest"
  | "embed-url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const bundles = new Map<LambdaName, string>();

/**
 * The code of a Lambda as one ES module for Node 24 that exports `handler`. The archive that is deployed holds it as
 * `index.mjs`, beside the `config.json` that it reads. The same sources give the same text, on any machine; it is built
 * once per process.
 */
export function bundleLambda(name: LambdaName): string {
  const known = bundles.get(name);
  if (known !== undefined) return known;
  const { outputFiles } = buildSync({
    absWorkingDir: folder,
    entryPoints: [`./${name}/handler.ts`],
    bundle: true,
    write: false,
    outfile: "index.mjs",
    format: "esm",
    platform: "node",
    target: "node24",
    // The ES modules of a package where it has both: they leave out what is not used, and need no `require`.
    mainFields: ["module", "main"],
    // Names stay, so that a stack trace can be read.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    logLevel: "silent",
  });
  const bundle = outputFiles[0]?.text;
  if (bundle === undefined) throw new Error(`esbuild gave no output for the Lambda ${name}.`);
  bundles.set(name, bundle);
  return bundle;
}
