import type { DuckDBConnection } from "@duckdb/node-api";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { resultText, resultType } from "./result-text.ts";

export interface ResultColumn {
  name: string;
  /** As Athena names it: "varchar", "double", "timestamp". */
  type: string;
}

/**
 * Writes the rows of a SELECT as Athena writes a result: a header, every value in quotation marks, nothing for NULL.
 *
 * @param select in DuckDB's SQL
 * @param names of its columns, as Athena gives them
 */
export async function writeCsv(
  select: string,
  names: readonly string[],
  file: string,
  connection: DuckDBConnection,
): Promise<ResultColumn[]> {
  const result = await connection.stream(select);
  const types = result.columnTypes();
  const handle = await open(file, "w");
  try {
    await handle.write(lineOf(names));
    for await (const rows of result.yieldRows()) {
      const lines = rows.map((row) => lineOf(types.map((type, index) => resultText(row[index] ?? null, type))));
      await handle.write(lines.join(""));
    }
  } finally {
    await handle.close();
  }
  return names.map((name, index) => ({ name, type: types[index] ? resultType(types[index]) : "varchar" }));
}

/** A line of a result. */
export function lineOf(values: readonly (string | undefined)[]): string {
  const cells = values.map((value) => (value === undefined ? "" : `"${value.replaceAll('"', '""')}"`));
  return `${cells.join(",")}\n`;
}

/** The rows of a result file, its header first; undefined stands for NULL. */
export async function* readCsv(file: string): AsyncGenerator<(string | undefined)[], void, undefined> {
  let row: (string | undefined)[] = [];
  let cell = "";
  let state: "before" | "within" | "after" = "before";
  for await (const chunk of createReadStream(file, "utf8")) {
    for (const sign of chunk as string) {
      if (state === "within" && sign !== '"') cell += sign;
      else if (state === "within") state = "after";
      else if (sign === '"') {
        if (state === "after") cell += '"'; // one that is doubled
        state = "within";
      } else if (sign === "," || sign === "\n") {
        row.push(state === "after" ? cell : undefined);
        cell = "";
        state = "before";
        if (sign === "\n") {
          yield row;
          row = [];
        }
      }
    }
  }
}
