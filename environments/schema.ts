import { writeFileSync } from "node:fs";
import { z } from "zod";

import { environmentFile } from "./model.ts";

/** The text of schema.json: JSON Schema 2020-12 of an environment file as it is written, for editors. */
export function schemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(environmentFile, { io: "input" }), null, 2)}\n`;
}

if (import.meta.main) {
  writeFileSync(new URL("./schema.json", import.meta.url), schemaText());
}
