import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { relative } from "node:path";
import { QueryError } from "./errors.ts";
import { quoteName, quoteText } from "./quote.ts";
import type { UnloadStatement } from "./unload-statement.ts";

/** A file that UNLOAD wrote. */
export interface UnloadedFile {
  path: string;
  /** Its folders below the target, one for each partition column: "dt=2018-12-03/". */
  folder: string;
  rows: number;
}

/** Athena writes this many partitions at most in one query (Athena user guide, UNLOAD, Considerations and limitations). */
const partitions = 100;

/**
 * Writes the rows of a SELECT as Parquet files: several where there are many, none where there are none.
 *
 * @param select in DuckDB's SQL
 * @param names of its columns, as Athena gives them; undefined for one that has none
 * @param folder that is there, and empty
 * @throws QueryError, or what DuckDB throws
 */
export async function unload(
  { compression, partitionedBy }: UnloadStatement,
  select: string,
  names: readonly (string | undefined)[],
  folder: string,
  connection: DuckDBConnection,
): Promise<UnloadedFile[]> {
  checkNames(names, partitionedBy);
  const types = await typesOf(select, connection);
  const columns = types.map((type, index) => {
    const name = names[index] as string;
    return `CAST(${quoteName(`c${index}`)} AS ${hiveType(type, name)}) AS ${quoteName(name)}`;
  });
  const positions = types.map((_, index) => quoteName(`c${index}`)).join(", ");
  const options = [
    "FORMAT parquet",
    `COMPRESSION ${compression === "LZ4" ? "lz4_raw" : compression === "NONE" ? "uncompressed" : compression}`,
    partitionedBy.length > 0 ? `PARTITION_BY (${partitionedBy.map(quoteName).join(", ")})` : "PER_THREAD_OUTPUT",
    "FILENAME_PATTERN 'part_{uuid}'",
    "OVERWRITE_OR_IGNORE",
    "RETURN_STATS",
  ];
  const reader = await connection.runAndReadAll(
    `COPY (SELECT ${columns.join(", ")} FROM (${select}) AS result(${positions})) TO ${quoteText(folder)} (${options.join(", ")})`,
  );
  const files = reader.getRows().map((row: DuckDBValue[]) => fileOf(folder, String(row[0]), Number(row[1])));
  const written = new Set(files.map((file) => file.folder));
  if (partitionedBy.length > 0 && written.size > partitions) {
    throw new QueryError(
      `Exceeded limit of ${partitions} open writers for partitions/buckets: there are ${written.size}.`,
      {
        code: "HIVE_TOO_MANY_OPEN_PARTITIONS",
      },
    );
  }
  return files.filter(({ rows }) => rows > 0);
}

function fileOf(folder: string, path: string, rows: number): UnloadedFile {
  return { path, folder: relative(folder, path).replace(/[^/]*$/, ""), rows };
}

function checkNames(names: readonly (string | undefined)[], partitionedBy: readonly string[]): void {
  names.forEach((name, index) => {
    if (name === undefined) {
      throw new QueryError(`Column name not specified at position ${index + 1}: name it with AS.`, {
        code: "MISSING_COLUMN_NAME",
      });
    }
    if (names.indexOf(name) !== index) {
      throw new QueryError(`Column name '${name}' specified more than once`, { code: "DUPLICATE_COLUMN_NAME" });
    }
  });
  const last = names.slice(names.length - partitionedBy.length);
  if (partitionedBy.length >= names.length || partitionedBy.some((column, index) => column !== last[index])) {
    throw new QueryError(
      `Partition keys must be the last columns in the table and in the same order as the table properties: [${partitionedBy.join(", ")}]`,
      { code: "HIVE_COLUMN_ORDER_MISMATCH" },
    );
  }
}

async function typesOf(select: string, connection: DuckDBConnection): Promise<string[]> {
  const reader = await connection.runAndReadAll(`DESCRIBE ${select}`);
  return reader.getRows().map(([, type]) => String(type));
}

/** DuckDB's whole numbers that Athena does not have, which it keeps as bigint. */
const wholeNumbers = /\b(?:HUGEINT|UHUGEINT|UBIGINT|UINTEGER|USMALLINT|UTINYINT)\b/g;

/** What a table of Hive cannot have, and Athena does not write, with Athena's name of it. */
const unwritable: readonly [RegExp, string][] = [
  [/\bTIMESTAMP WITH TIME ZONE\b/, "timestamp(3) with time zone"],
  [/\bTIME\b(?! ZONE)/, "time(3)"],
  [/\bINTERVAL\b/, "interval"],
  [/\bJSON\b/, "json"],
  [/\bUUID\b/, "uuid"],
  [/"NULL"/, "unknown"],
];

/** The type that a column has in Parquet as Athena writes it, in DuckDB's words. */
function hiveType(type: string, column: string): string {
  for (const [pattern, name] of unwritable) {
    if (!pattern.test(type)) continue;
    throw new QueryError(`Unsupported Hive type: ${name}, of the column ${column}: CAST it to another.`, {
      code: "NOT_SUPPORTED",
    });
  }
  return type.replace(wholeNumbers, "BIGINT").replace(/\bTIMESTAMP_(?:S|MS|NS)\b/g, "TIMESTAMP");
}
