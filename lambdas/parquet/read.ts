import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { parquetMetadata, parquetRead } from "hyparquet";
import type { Compressors, FileMetaData, ParquetParsers } from "hyparquet";
import { ParquetError } from "./error.ts";

/** A file's contents, and its name for messages. */
export interface ParquetFile {
  name: string;
  bytes: Uint8Array;
}

/** What is asked of a column. Times are numbers, in epoch ms; so are dates. */
export type ColumnKind = "number" | "text";

type Values<Kind extends ColumnKind> = Kind extends "number" ? Float64Array : (string | null)[];

export interface ParquetTable<Wanted extends Readonly<Record<string, ColumnKind>>> {
  rows: number;
  /** Numbers with NaN for null, texts with null. */
  columns: { [Name in keyof Wanted]: Values<Wanted[Name]> };
  /** Key-value metadata of the first file. */
  metadata: ReadonlyMap<string, string>;
}

/** Snappy is built into hyparquet; these come with Node. LZ4 and LZO are refused. */
const compressors: Compressors = {
  GZIP: (input) => view(gunzipSync(input)),
  ZSTD: (input) => view(zstdDecompressSync(input)),
  BROTLI: (input) => view(brotliDecompressSync(input)),
};

const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: Number,
  timestampFromMicroseconds: (micros) => Math.floor(Number(micros) / 1000),
  // As a double, nanoseconds of our time are exact to 256 of them only.
  timestampFromNanoseconds: (nanos) => Number(nanos / 1_000_000n),
  dateFromDays: (days) => days * 86_400_000,
};

/**
 * Reads columns of files with the same columns, such as those of one UNLOAD, as one table: the rows of the first file,
 * then those of the next.
 *
 * @throws ParquetError naming the file that is damaged, lacks a column, or has another kind of values in it
 */
export async function readParquet<const Wanted extends Readonly<Record<string, ColumnKind>>>(
  files: readonly ParquetFile[],
  wanted: Wanted,
): Promise<ParquetTable<Wanted>> {
  const opened = files.map(open);
  const rows = opened.reduce((sum, { metadata }) => sum + Number(metadata.num_rows), 0);
  const columns = Object.fromEntries(
    Object.entries(wanted).map(([name, kind]) => [
      name,
      kind === "number" ? new Float64Array(rows).fill(NaN) : new Array<string | null>(rows).fill(null),
    ]),
  );
  let first = 0;
  for (const file of opened) {
    await readInto(file, columns, first);
    first += Number(file.metadata.num_rows);
  }
  const pairs = opened[0]?.metadata.key_value_metadata?.map(({ key, value }) => [key, value ?? ""] as const);
  return { rows, columns: columns as ParquetTable<Wanted>["columns"], metadata: new Map(pairs) };
}

/** What a file says of itself, without its values. */
export interface ParquetDescription {
  rows: number;
  columns: string[];
  /** Key-value metadata. */
  metadata: ReadonlyMap<string, string>;
}

/** @throws ParquetError for a damaged file */
export function describeParquet(file: ParquetFile): ParquetDescription {
  const { metadata } = open(file);
  return {
    rows: Number(metadata.num_rows),
    columns: [...topLevelColumns(metadata)],
    metadata: new Map(metadata.key_value_metadata?.map(({ key, value }) => [key, value ?? ""] as const)),
  };
}

interface OpenedFile {
  name: string;
  buffer: ArrayBuffer;
  metadata: FileMetaData;
}

function open({ name, bytes }: ParquetFile): OpenedFile {
  const { buffer: whole, byteOffset, byteLength } = bytes;
  const alone = whole instanceof ArrayBuffer && byteOffset === 0 && byteLength === whole.byteLength;
  const buffer = alone ? whole : new Uint8Array(bytes).buffer;
  try {
    return { name, buffer, metadata: parquetMetadata(buffer, { parsers }) };
  } catch (error) {
    throw damaged(name, error);
  }
}

async function readInto(
  { name, buffer, metadata }: OpenedFile,
  columns: Record<string, Float64Array | (string | null)[]>,
  first: number,
): Promise<void> {
  const there = topLevelColumns(metadata);
  for (const column of Object.keys(columns)) {
    if (!there.has(column)) {
      throw new ParquetError(name, `there is no column ${column}; it has ${[...there].join(", ")}.`);
    }
  }
  if (Object.keys(columns).length === 0 || Number(metadata.num_rows) === 0) return;
  const wrong: ParquetError[] = [];
  try {
    await parquetRead({
      file: buffer,
      metadata,
      columns: Object.keys(columns),
      compressors,
      parsers,
      // What is thrown in here would be nobody's.
      onChunk({ columnName, columnData, rowStart }) {
        const target = columns[columnName];
        if (target === undefined) return;
        const stranger = copyCells(columnData, target, first + rowStart);
        if (stranger === undefined) return;
        const needed = target instanceof Float64Array ? "numbers" : "texts";
        wrong.push(new ParquetError(name, `column ${columnName} has ${stranger} where ${needed} are needed.`));
      },
    });
  } catch (error) {
    throw damaged(name, error);
  }
  if (wrong[0] !== undefined) throw wrong[0];
}

/** Returns what kind of value there is that does not fit. */
function copyCells(
  source: ArrayLike<unknown>,
  target: Float64Array | (string | null)[],
  first: number,
): string | undefined {
  if (target instanceof Float64Array) {
    if (source instanceof Float64Array || source instanceof Int32Array || source instanceof Float32Array) {
      target.set(source, first);
      return undefined;
    }
    for (let index = 0; index < source.length; index++) {
      const cell = source[index];
      if (typeof cell === "number") target[first + index] = cell;
      else if (typeof cell === "bigint") target[first + index] = Number(cell);
      else if (typeof cell === "boolean") target[first + index] = cell ? 1 : 0;
      else if (cell !== null && cell !== undefined) return kindOf(cell);
    }
    return undefined;
  }
  for (let index = 0; index < source.length; index++) {
    const cell = source[index];
    if (typeof cell === "string") target[first + index] = cell;
    else if (cell !== null && cell !== undefined) return kindOf(cell);
  }
  return undefined;
}

function kindOf(cell: unknown): string {
  if (typeof cell === "string") return "texts";
  if (typeof cell === "number" || typeof cell === "bigint") return "numbers";
  return typeof cell === "boolean" ? "booleans" : "nested values or bytes";
}

function topLevelColumns({ schema }: FileMetaData): Set<string> {
  const names = new Set<string>();
  // The schema is a tree in preorder; the root comes first.
  for (let index = 1; index < schema.length;) {
    names.add(schema[index]?.name ?? "");
    let left = 1;
    while (left > 0) left += (schema[index++]?.num_children ?? 0) - 1;
  }
  return names;
}

function damaged(file: string, error: unknown): ParquetError {
  const what = error instanceof Error ? error.message : String(error);
  return new ParquetError(file, `cannot be read: ${what}`, error);
}

function view(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
