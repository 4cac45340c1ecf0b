import type { Catalog, Row } from "@metercast/simulator";
import { leftOutColumns, storedColumns } from "./expected.ts";

/** Rows that are asked for at once, about. */
const pageRows = 20_000;

/** Tables by what is stored in them, with the columns that are compared. */
const tables = [
  { name: "readings", from: "readings_landing", columns: storedColumns.readings },
  { name: "weather", from: "weather_landing", columns: storedColumns.weather },
  { name: "left_out", from: "left_out", columns: leftOutColumns },
] as const;

export interface StoredRow {
  table: string;
  values: unknown[];
}

/** Reads every row, a page of record ids at a time. */
export async function* storedRows(catalog: Catalog): AsyncGenerator<StoredRow> {
  for (const { name, from, columns } of tables) {
    const selected = columns.map((column) => `"${column}"`).join(", ");
    let after = "";
    for (;;) {
      // record ids ascend with time, so that a page reads few files
      const [last] = await catalog.query(
        `SELECT max(record_id) AS id FROM (SELECT record_id FROM ${from} WHERE record_id > '${after}' ORDER BY record_id LIMIT ${pageRows}) AS page`,
      );
      const upTo = last?.["id"];
      if (typeof upTo !== "string") break;
      const rows = await catalog.query(
        `SELECT ${selected} FROM ${from} WHERE record_id > '${after}' AND record_id <= '${upTo}'`,
      );
      for (const row of rows) yield { table: name, values: columns.map((column) => valueOf(row, column)) };
      after = upTo;
    }
  }
}

/** As a message has it: a stamp in epoch milliseconds. */
function valueOf(row: Row, column: string): unknown {
  const value = row[column];
  return column === "timestamp" && typeof value === "string" ? Date.parse(value) : value;
}
