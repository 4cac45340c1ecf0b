import { DuckDBInstance } from "@duckdb/node-api";
import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quoteText } from "../athena/quote.ts";
import { filesBelow } from "../channel/objects.ts";
import type { DataFolder } from "../data-folder.ts";
import type { DeliveryStream } from "../declared/index.ts";
import type { Replacement } from "./replacement.ts";

/** A set of records: those in the indexes of channel objects that arrived in a span, epoch milliseconds. */
export interface ChosenRecords {
  indexes: string[];
  from: number;
  to: number;
}

/** The column by which a row of a landing table tells its record. */
const recordColumn = "record_id";

/**
 * Takes the rows of some records out of the objects of delivery streams: an object that has others too is written anew
 * without them, an object that has none besides goes.
 */
export async function removeRows(
  folder: DataFolder,
  streams: readonly DeliveryStream[],
  { indexes, from, to }: ChosenRecords,
  replacement: Replacement,
): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "2",
    memory_limit: "512MB",
    temp_directory: join(tmpdir(), `metercast-reprocess-${randomUUID()}`),
  });
  const connection = await instance.connect();
  try {
    await connection.run("SET preserve_insertion_order = true");
    await connection.run(
      `CREATE TABLE chosen AS SELECT record_id FROM read_csv(${listOf(indexes)}, header = false, auto_detect = false, delim = ',',
         columns = {'record_id': 'VARCHAR', 'arrival': 'BIGINT', 'bytes': 'BIGINT'})
       WHERE arrival >= ${from} AND arrival < ${to}`,
    );
    for (const stream of streams) {
      const { bucket } = stream.destination;
      const root = `${folder.bucket(bucket)}/`;
      const files = filesBelow(folder, stream.destination);
      if (files.length === 0) continue;
      const reader = await connection.runAndReadAll(
        `SELECT filename, count(*) > count(chosen.record_id) FROM ${parquet(files, "union_by_name = true, filename = true")} AS stored
         LEFT JOIN chosen ON stored.${recordColumn} = chosen.record_id GROUP BY filename HAVING count(chosen.record_id) > 0`,
      );
      for (const [path, hasOthers] of reader.getRows() as [string, boolean][]) {
        const key = path.slice(root.length);
        if (!hasOthers) {
          replacement.remove(bucket, key);
          continue;
        }
        const file = replacement.newFile();
        await connection.run(
          `COPY (SELECT * FROM ${parquet([path])} WHERE ${recordColumn} IS NULL OR ${recordColumn} NOT IN (SELECT record_id FROM chosen))
           TO ${quoteText(file)} (FORMAT parquet, COMPRESSION snappy)`,
        );
        synchronise(file);
        replacement.put({ file, bucket, key });
      }
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function parquet(files: readonly string[], options = "union_by_name = false"): string {
  return `read_parquet(${listOf(files)}, hive_partitioning = false, ${options})`;
}

function listOf(files: readonly string[]): string {
  return `[${files.map(quoteText).join(", ")}]`;
}

function synchronise(file: string): void {
  const descriptor = openSync(file, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
