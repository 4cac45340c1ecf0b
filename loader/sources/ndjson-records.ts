import { isUtf8 } from "node:buffer";
import { largestPayload } from "../publish/envelopes.ts";
import { chunks } from "./json-records.ts";
import type { JsonRecord } from "./json-records.ts";

const newline = 0x0a;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** More of a line is not kept: white space around a record may make it longer than a message, but not by that much. */
const longestLine = 8 * largestPayload;

/** Reads the lines of a file that has a JSON value in each, one after another, whatever its size; lines without anything are passed over. */
export async function* ndjsonRecords(file: string): AsyncGenerator<JsonRecord[]> {
  let line = 1;
  let count = 0;
  /** Of the line that is being read, and its length; beyond the longest only the length grows. */
  let begun: Buffer[] = [];
  let length = 0;

  for await (const chunk of chunks(file)) {
    const records: JsonRecord[] = [];
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      add(chunk.subarray(from, end));
      finish(records);
      line++;
      from = end + 1;
    }
    add(chunk.subarray(from));
    if (records.length > 0) yield records;
  }
  const last: JsonRecord[] = [];
  finish(last);
  if (last.length > 0) yield last;

  function add(part: Buffer): void {
    length += part.length;
    if (length <= longestLine) begun.push(part);
    else begun = [];
  }

  function finish(records: JsonRecord[]): void {
    const tooLong = length > longestLine;
    let bytes = begun.length === 1 ? (begun[0] as Buffer) : Buffer.concat(begun);
    begun = [];
    length = 0;
    if (line === 1 && bytes.subarray(0, 3).equals(byteOrderMark)) bytes = bytes.subarray(3);
    const text = isUtf8(bytes) ? bytes.toString("utf8").trim() : undefined;
    if (text === "" && !tooLong) return;
    records.push({ record: ++count, line, text, ...(tooLong && { tooLong }) });
  }
}
