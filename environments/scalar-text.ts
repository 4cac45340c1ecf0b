/** A scalar as YAML's parser describes it: the style, its text in the file (from its first character), and its value. */
export interface WrittenScalar {
  style: "PLAIN" | "QUOTE_SINGLE" | "QUOTE_DOUBLE" | "BLOCK_LITERAL" | "BLOCK_FOLDED";
  source: string;
  value: string;
}

/** Characters of one escape of a double-quoted scalar after its backslash, where they are more than one. */
const escapeLengths: Record<string, number> = { x: 3, u: 5, U: 9 };

function inDoubleQuotes(source: string, index: number): number {
  let offset = 1;
  for (let position = 0; position < index;) {
    if (source[offset] !== "\\") {
      offset += 1;
      position += 1;
      continue;
    }
    const kind = source[offset + 1] ?? "";
    const length = escapeLengths[kind] ?? 1;
    const isAstral = kind === "U" && Number.parseInt(source.slice(offset + 2, offset + 10), 16) > 0xffff;
    position += isAstral ? 2 : 1;
    offset += 1 + length;
  }
  return offset;
}

function inSingleQuotes(source: string, index: number): number {
  let offset = 1;
  for (let position = 0; position < index; position += 1) offset += source[offset] === "'" ? 2 : 1;
  return offset;
}

/**
 * Follows the lines of a scalar: what stands on a line of the file stands in the value too, without its indentation,
 * and what lies between two lines is white space in both.
 */
function acrossLines(source: string, value: string, index: number, lines: { start: number; text: string }[]) {
  let position = 0;
  for (const { start, text } of lines) {
    if (text === "") continue;
    const found = value.indexOf(text, position);
    if (found === -1 || value.slice(position, found).trim() !== "") return undefined;
    if (index < found) return start;
    if (index < found + text.length) return start + index - found;
    position = found + text.length;
  }
  return index >= position ? source.trimEnd().length : undefined;
}

function sourceLines(source: string): { start: number; text: string }[] {
  let start = 0;
  return source.split("\n").map((text) => {
    const line = { start, text: text.replace(/\r$/, "") };
    start += text.length + 1;
    return line;
  });
}

function blockLines(source: string): { start: number; text: string }[] {
  const [header, ...body] = sourceLines(source);
  const first = body.find(({ text }) => text.trim() !== "");
  if (header === undefined || first === undefined) return [];
  // An indentation indicator counts from the parent's indentation, which the scalar alone does not know; without
  // the right number the lines are not found in the value, and the answer is undefined.
  const indentation = /^ */.exec(first.text)?.[0].length ?? 0;
  return body.map(({ start, text }) => {
    const stripped = Math.min(indentation, /^ */.exec(text)?.[0].length ?? 0);
    return { start: start + stripped, text: text.slice(stripped) };
  });
}

function trimmedLines(source: string): { start: number; text: string }[] {
  return sourceLines(source).map(({ start, text }) => {
    const leading = text.length - text.trimStart().length;
    return { start: start + leading, text: text.trim() };
  });
}

/**
 * Where the character `index` of a scalar's value stands in its text in the file; undefined when that cannot be told
 * (quoted text over several lines).
 */
export function offsetInSource({ style, source, value }: WrittenScalar, index: number): number | undefined {
  switch (style) {
    case "PLAIN":
      return acrossLines(source, value, index, trimmedLines(source));
    case "BLOCK_LITERAL":
    case "BLOCK_FOLDED":
      return acrossLines(source, value, index, blockLines(source));
    case "QUOTE_SINGLE":
      return source.includes("\n") ? undefined : inSingleQuotes(source, index);
    case "QUOTE_DOUBLE":
      return source.includes("\n") ? undefined : inDoubleQuotes(source, index);
  }
}
