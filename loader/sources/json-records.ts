import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { SourceError } from "./source.ts";

/** An element of the array that a JSON file is, or the value in a line of an NDJSON file. */
export interface JsonRecord {
  /** Its place, from 1. */
  record: number;
  /** Where it begins, from 1. */
  line: number;
  /** The text as it stands in the file; undefined if it is not UTF-8. */
  text: string | undefined;
  /** It is longer than any message, and `text` is not all of it. */
  tooLong?: boolean;
}

/** Gives the records of a file, one after another, as many at a time as come together. */
export type JsonReader = (file: string) => AsyncGenerator<JsonRecord[]>;

const [newline, quote, backslash, comma] = [0x0a, 0x22, 0x5c, 0x2c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** What may follow. */
type Expecting = "array" | "record" | "record or end" | "comma or end" | "nothing";

/**
 * Reads the elements of a file that is one JSON array, one after another, whatever its size. Elements are delimited, not parsed: an
 * element that is not JSON is the reader's to refuse.
 * @throws SourceError with line and column where the file is not an array of elements
 */
export async function* jsonRecords(file: string): AsyncGenerator<JsonRecord[]> {
  let expecting: Expecting = "array";
  let line = 1;
  let lineStart = 0;
  let offset = 0;
  let count = 0;
  /** Of the element that is being read: bytes of earlier chunks, nesting, place. */
  let begun: Buffer[] = [];
  let begins = { line: 0, column: 0 };
  let depth = 0;
  let inside = false;
  let inText = false;
  let escaped = false;

  const fail = (what: string, at: { line: number; column: number }): never => {
    throw new SourceError(`${file}:${String(at.line)}:${String(at.column)}: not a JSON array of records: ${what}`);
  };

  for await (const chunk of chunks(file)) {
    const records: JsonRecord[] = [];
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (byte === newline) {
        line++;
        lineStart = offset + i + 1;
      }
      if (inside) {
        if (inText) {
          if (escaped) escaped = false;
          else if (byte === backslash) escaped = true;
          else if (byte === quote) inText = false;
          continue;
        }
        if (byte === quote) inText = true;
        else if (byte === openBrace || byte === openBracket) depth++;
        else if (depth > 0) {
          if (byte === closeBrace || byte === closeBracket) depth--;
        } else if (byte === comma || byte === closeBracket) {
          begun.push(chunk.subarray(from, i));
          records.push(finish());
          expecting = byte === comma ? "record" : "nothing";
        }
        continue;
      }
      if (byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09) continue;
      const at = { line, column: offset + i - lineStart + 1 };
      if (expecting === "array") {
        if (offset + i < byteOrderMark.length && byteOrderMark.includes(byte)) continue;
        if (byte !== openBracket) fail(`it begins with ${shown(byte)} where [ is needed`, at);
        expecting = "record or end";
      } else if (expecting === "nothing") {
        fail(`${shown(byte)} follows the end of the array`, at);
      } else if (byte === closeBracket && expecting === "record or end") {
        expecting = "nothing";
      } else if (byte === comma || byte === closeBracket) {
        fail(`${shown(byte)} where a record is needed`, at);
      } else {
        inside = true;
        begins = at;
        from = i;
        i--;
        depth = 0;
      }
    }
    if (inside) begun.push(chunk.subarray(from));
    offset += chunk.length;
    if (records.length > 0) yield records;
  }
  const end = { line, column: offset - lineStart + 1 };
  if (inside) {
    const place = `record ${String(count + 1)}, which begins at ${String(begins.line)}:${String(begins.column)}`;
    fail(`the file ends inside ${place}; was it cut off?`, end);
  }
  if (expecting === "array") fail("the file is empty", end);
  if (expecting !== "nothing") fail("the file ends without ]; was it cut off?", end);

  function finish(): JsonRecord {
    const bytes = begun.length === 1 ? (begun[0] as Buffer) : Buffer.concat(begun);
    begun = [];
    inside = false;
    count++;
    return { record: count, line: begins.line, text: isUtf8(bytes) ? bytes.toString("utf8").trimEnd() : undefined };
  }
}

/** The bytes of a file, piece by piece. @throws SourceError when it cannot be read */
export async function* chunks(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** The error for a file that cannot be opened or read. */
export function unreadable(file: string, error: unknown): SourceError {
  const reasons: Record<string, string> = {
    ENOENT: "there is no such file",
    EISDIR: "it is a folder, not a file",
    EACCES: "reading it is not permitted",
  };
  const { code, message } = error as NodeJS.ErrnoException;
  return new SourceError(`Cannot read ${file}: ${reasons[code ?? ""] ?? message}`, { cause: error });
}

function shown(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16).padStart(2, "0")}`;
}
