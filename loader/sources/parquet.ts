import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from "hyparquet";
import type { AsyncBuffer, Compressors, FileMetaData, ParquetParsers } from "hyparquet";
import { unreadable } from "./json-records.ts";
import { SourceError } from "./source.ts";
import type { RowGroup, Table } from "./table.ts";

export interface ParquetFile extends Table {
  rows: number;
}

/** Snappy is built into hyparquet; these come with Node. */
const compressors: Compressors = {
  GZIP: (input) => bytes(gunzipSync(input)),
  ZSTD: (input) => bytes(zstdDecompressSync(input)),
  BROTLI: (input) => bytes(brotliDecompressSync(input)),
};

/** Times as numbers, not as Date objects. */
const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: Number,
  timestampFromMicroseconds: (micros) => Number(micros / 1000n),
  timestampFromNanoseconds: (nanos) => Number(nanos / 1_000_000n),
};

/** Opens a Parquet file; one row group is in memory at a time. @throws SourceError */
export async function openParquet(file: string): Promise<ParquetFile> {
  let buffer: AsyncBuffer;
  let metadata: FileMetaData;
  try {
    buffer = await asyncBufferFromFile(file);
  } catch (error) {
    throw unreadable(file, error);
  }
  try {
    metadata = await parquetMetadataAsync(buffer, { parsers });
  } catch (error) {
    throw damaged(file, error);
  }
  // Depth 1 of the schema tree: a column that is nested has a name that no message has.
  const elements = new Map(metadata.schema.slice(1).map((element) => [element.name, element]));
  return {
    file,
    rows: Number(metadata.num_rows),
    columns: [...elements.keys()],
    zoneless(column) {
      const { logical_type: logical, converted_type: converted, type } = elements.get(column) ?? {};
      if (logical?.type === "TIMESTAMP") return !logical.isAdjustedToUTC;
      // The older annotations mean UTC; INT96 and plain integers mean nothing: those of INT96 are wall clocks by custom.
      return converted === undefined && type === "INT96";
    },
    async *groups(columns, fromRow) {
      let first = 0;
      for (const { num_rows } of metadata.row_groups) {
        const rows = Number(num_rows);
        if (first + rows > fromRow) yield await readGroup(columns, first, rows);
        first += rows;
      }
    },
  };

  async function readGroup(wanted: readonly string[], first: number, rows: number): Promise<RowGroup> {
    const columns: Record<string, unknown[]> = Object.fromEntries(wanted.map((name) => [name, []]));
    try {
      await parquetRead({
        file: buffer,
        metadata,
        columns: [...wanted],
        rowStart: first,
        rowEnd: first + rows,
        compressors,
        parsers,
        onChunk: ({ columnName, columnData }) => {
          const column = columns[columnName];
          if (column !== undefined)
            columns[columnName] = column.length === 0 ? (columnData as unknown[]) : [...column, ...columnData];
        },
      });
    } catch (error) {
      throw damaged(file, error);
    }
    return { first, rows, columns };
  }
}

function damaged(file: string, error: unknown): SourceError {
  return new SourceError(`Cannot read ${file} as Parquet: ${(error as Error).message}`, { cause: error });
}

function bytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
