import { closeSync, openSync, readSync } from "node:fs";
import { extname } from "node:path";
import { unreadable } from "./json-records.ts";
import { kindOf } from "./records.ts";

/** What a file of records is: a JSON array, a JSON object per line, comma-separated values with a header, or Parquet. */
export type RecordFormat = "json" | "ndjson" | "csv" | "parquet";

/** The form of a register of buildings by its first bytes. */
export function formatOf(file: string): "parquet" | "json" | "text" {
  const text = startOf(file);
  if (text.startsWith("PAR1")) return "parquet";
  return /^\s*\[/.test(text) ? "json" : "text";
}

/** The form of a file of records: by its name's ending, and where that does not tell, by its beginning. */
export function recordFormatOf(file: string): RecordFormat {
  const text = startOf(file);
  if (text.startsWith("PAR1")) return "parquet";
  const byEnding = endings[extname(file).toLowerCase()];
  if (byEnding !== undefined) return byEnding;
  if (/^\s*\{/.test(text)) return "ndjson";
  const [header = ""] = text.trimStart().split(/\r?\n/);
  return kindOf(header.split(",").map((name) => name.replaceAll('"', "").trim())) === undefined ? "json" : "csv";
}

const endings: Partial<Record<string, RecordFormat>> = {
  ".json": "json",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".csv": "csv",
  ".parquet": "parquet",
};

/** The first bytes of a file as text, without a byte order mark. */
function startOf(file: string): string {
  const start = Buffer.alloc(1024);
  try {
    const descriptor = openSync(file, "r");
    try {
      const length = readSync(descriptor, start);
      return start.toString("utf8", 0, length).replace(/^\uFEFF/, "");
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw unreadable(file, error);
  }
}
