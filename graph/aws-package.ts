import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The folder of the installed @pulumi/aws. */
export const awsFolder = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));

/** Where a resource type of @pulumi/aws is declared; undefined for a type that it does not have. */
export function declarationFile(type: string): { file: string; className: string } | undefined {
  const [, module, name, className] = /^aws:([^:/]+)\/([^:/]+):(\w+)$/.exec(type) ?? [];
  if (module === undefined || name === undefined || className === undefined) return undefined;
  const folder = join(awsFolder, module);
  if (!existsSync(folder)) return undefined;
  // The file of glue/mLTransform is glue/mltransform.d.ts.
  const wanted = `${name}.d.ts`.toLowerCase();
  const file = readdirSync(folder).find((entry) => entry.toLowerCase() === wanted);
  return file === undefined ? undefined : { file: join(folder, file), className };
}

/** Whether the class of a type declares that AWS may leave the output away; true for a type that @pulumi/aws lacks. */
export function isOptionalOutput(type: string, output: string): boolean {
  const declaration = declarationFile(type);
  if (declaration === undefined) return true;
  const text = readFileSync(declaration.file, "utf8");
  const body = text.slice(text.indexOf(`export declare class ${declaration.className} `));
  const declared = new RegExp(`readonly ${output}: pulumi\\.Output<([\\s\\S]*?)>;\\n`).exec(body)?.[1];
  return declared === undefined || declared.endsWith("| undefined");
}
