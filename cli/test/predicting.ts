import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./command.ts";

const small = fileURLToPath(new URL("small.yaml", import.meta.url));

/** The file of a small environment that predicts. @param more of its YAML: the section inference, where it is not as usual, and others */
export function predictingEnvironment(more = "inference: {}\n"): string {
  const file = join(temporaryFolder(), "small.yaml");
  writeFileSync(file, readFileSync(small, "utf8").replace(/^inference: none\n/m, more));
  return file;
}
