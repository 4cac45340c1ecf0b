/**
 * The rows of a text with comma-separated values and a header (RFC 4180), each with its fields by name and the line it begins at.
 * @throws SyntaxError with the line
 */
export function* csvRows(text: string): Generator<{ row: Record<string, string>; line: number }> {
  let header: string[] | undefined;
  for (const { fields, line } of records(text.replace(/^\uFEFF/, ""))) {
    if (fields.length === 1 && fields[0] === "") continue;
    if (header === undefined) {
      header = fields.map((name) => name.trim());
      continue;
    }
    yield { row: Object.fromEntries(header.map((name, i) => [name, fields[i] ?? ""])), line };
  }
}

function* records(text: string): Generator<{ fields: string[]; line: number }> {
  const token = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/gy;
  let fields: string[] = [];
  let line = 1;
  let begins = 1;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null)
      throw new SyntaxError(`line ${String(begins)}: a quotation mark inside a field, or one that is not closed`);
    const [whole, field = "", separator] = match;
    fields.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    line += whole.split("\n").length - 1;
    if (separator === ",") {
      if (token.lastIndex < text.length) continue;
      fields.push("");
    }
    yield { fields, line: begins };
    fields = [];
    begins = line;
  }
}
