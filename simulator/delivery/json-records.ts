/**
 * Cuts a record's bytes into the JSON objects that stand in it one after the other (`{..}{..}` with or without white
 * space between), the form that Firehose's format conversion takes. Gives the text of each.
 *
 * @throws SyntaxError where something else than an object stands
 */
export function* splitObjects(text: string): Generator<string> {
  let at = 0;
  while (at < text.length) {
    // objects that end with their line are the common case
    const newline = text.indexOf("\n", at);
    const line = newline < 0 ? text.slice(at) : text.slice(at, newline);
    if (isOneObject(line)) {
      yield line;
      at = newline < 0 ? text.length : newline + 1;
      continue;
    }
    const start = skipWhiteSpace(text, at);
    if (start >= text.length) return;
    if (text[start] !== "{") throw new SyntaxError(`a JSON object is expected at character ${start}`);
    const end = endOfObject(text, start);
    yield text.slice(start, end);
    at = end;
  }
}

/** A line that begins and ends as an object and has no `}{` in it can only be one object, or no JSON at all. */
function isOneObject(line: string): boolean {
  return line.startsWith("{") && line.endsWith("}") && !/\}\s*\{/.test(line);
}

function skipWhiteSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\r\n".includes(text[at] as string)) at++;
  return at;
}

function endOfObject(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return at + 1;
  }
  throw new SyntaxError(`the JSON object that begins at character ${start} has no end`);
}
