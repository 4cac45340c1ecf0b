/** A record of a text with comma-separated values. */
export interface CsvRecord {
  fields: string[];
  /** Where it begins, from 1. */
  line: number;
}

/** A record that is longer has a quotation mark that is never closed, rather than that much text. */
const longestRecord = 1 << 20;

/** Finds the records of comma-separated values (RFC 4180) in a text that comes in pieces; empty lines are passed over. */
export class CsvRecords {
  #rest = "";
  #line = 1;

  /** The records that a piece of the text ends. @throws SyntaxError with the line */
  *push(piece: string): Generator<CsvRecord> {
    const text = this.#rest + piece;
    let from = 0;
    let quotes = 0;
    let lineBegins = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", lineBegins)) {
      quotes += quotesIn(text, lineBegins, end);
      lineBegins = end + 1;
      // A line that ends inside quotation marks goes on in the next one.
      if (quotes % 2 !== 0) continue;
      yield* this.#record(text.slice(from, end));
      from = lineBegins;
      quotes = 0;
    }
    this.#rest = text.slice(from);
    if (this.#rest.length > longestRecord) throw notClosed(this.#line);
  }

  /** The record that the text ends with, if it does not end with a line break. @throws SyntaxError with the line */
  *end(): Generator<CsvRecord> {
    if (this.#rest !== "") yield* this.#record(this.#rest);
    this.#rest = "";
  }

  *#record(text: string): Generator<CsvRecord> {
    const line = this.#line;
    this.#line += text.split("\n").length;
    const content = text.endsWith("\r") ? text.slice(0, -1) : text;
    if (content === "") return;
    yield { fields: content.includes('"') ? quotedFields(content, line) : content.split(","), line };
  }
}

/**
 * The rows of a text with comma-separated values and a header, each with its fields by name and the line it begins at.
 * @throws SyntaxError with the line
 */
export function* csvRows(text: string): Generator<{ row: Record<string, string>; line: number }> {
  const records = new CsvRecords();
  let header: string[] | undefined;
  for (const found of [records.push(text.replace(/^\uFEFF/, "")), records.end()]) {
    for (const { fields, line } of found) {
      if (header === undefined) {
        header = fields.map((name) => name.trim());
        continue;
      }
      yield { row: Object.fromEntries(header.map((name, i) => [name, fields[i] ?? ""])), line };
    }
  }
}

function quotedFields(text: string, line: number): string[] {
  const token = /("(?:[^"]|"")*"|[^",]*)(,|$)/gy;
  const fields: string[] = [];
  for (;;) {
    const match = token.exec(text);
    if (match === null) throw notClosed(line);
    const [, field = "", separator] = match;
    fields.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (separator === "") return fields;
  }
}

function notClosed(line: number): SyntaxError {
  return new SyntaxError(`line ${String(line)}: a quotation mark inside a field, or one that is not closed`);
}

function quotesIn(text: string, from: number, end: number): number {
  // in the line only: a search for the next mark would go through the rest of the text, line after line
  return text.slice(from, end).split('"').length - 1;
}
