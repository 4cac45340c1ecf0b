import { RunError } from "../run/run-error.ts";

/**
 * The rows of a query's result as Athena writes it: CSV with a header, every value in quotes, NULL as nothing at all. Here
 * NULL is null and everything else text.
 *
 * @throws RunError InvalidResult where a column is missing
 */
export function resultRows<Name extends string>(csv: string, columns: readonly Name[]): Record<Name, string | null>[] {
  const [header = [], ...lines] = recordsOf(csv);
  const places = columns.map((column) => {
    const place = header.indexOf(column);
    if (place < 0) {
      throw new RunError(
        "InvalidResult",
        `The query's result has no column ${column}; it has ${header.join(", ") || "none"}.`,
      );
    }
    return place;
  });
  return lines.map(
    (line) =>
      Object.fromEntries(columns.map((column, index) => [column, line[places[index] ?? -1] ?? null])) as Record<
        Name,
        string | null
      >,
  );
}

/** A value with what ends it; a quotation mark within is written twice. */
const value = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

function recordsOf(csv: string): (string | null)[][] {
  const records: (string | null)[][] = [];
  let record: (string | null)[] = [];
  value.lastIndex = 0;
  while (value.lastIndex < csv.length) {
    const at = value.lastIndex;
    const found = value.exec(csv);
    if (found === null) throw new RunError("InvalidResult", `The query's result is no CSV at character ${at + 1}.`);
    const [, quoted, bare = "", end] = found;
    record.push(quoted?.replaceAll('""', '"') ?? (bare === "" ? null : bare));
    if (end === ",") continue;
    records.push(record);
    record = [];
  }
  return records;
}
