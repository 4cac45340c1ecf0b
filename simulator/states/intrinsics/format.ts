import type { Json } from "../json.ts";

/** A template of States.Format. */
interface Format {
  /** How many values it takes. */
  places: number;
  /** @throws Error for a value that is an array or an object */
  apply: (values: Json[]) => string;
}

/**
 * Reads a template: `{}` is a place for a value, a backslash makes the brace or the backslash after it a character.
 *
 * @throws Error for a brace that is neither
 */
export function compileFormat(template: string): Format {
  const texts = [""];
  for (const [part] of template.matchAll(/\{\}|\\[{}\\]|[^]/gu)) {
    if (part === "{}") texts.push("");
    else if (part === "{" || part === "}") {
      throw new Error(`the template '${template}' has a lone ${part}: a place is {}, a brace is \\${part}`);
    } else texts[texts.length - 1] += part.length > 1 && part.startsWith("\\") ? part.slice(1) : part;
  }
  return {
    places: texts.length - 1,
    apply: (values) => texts.map((text, index) => (index === 0 ? text : asText(values[index - 1]) + text)).join(""),
  };
}

function asText(value: Json | undefined): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null) throw new Error(`${JSON.stringify(value)} is no text`);
  return String(value);
}
