import { CsvRecords } from "./csv.ts";
import type { CsvRecord } from "./csv.ts";
import { chunks } from "./json-records.ts";
import { SourceError } from "./source.ts";
import type { RowGroup, Table } from "./table.ts";

/** Rows that are in memory at a time. */
const groupRows = 32_768;

/**
 * Opens a file of comma-separated values whose header names its columns, to be read as often as needed, whatever its size. Times without
 * a zone are the stamps' reader's to place; numbers in the column timestamp are epoch milliseconds.
 * @throws SourceError
 */
export async function openCsv(file: string): Promise<Table> {
  const header = await headerOf(file);
  return {
    file,
    columns: header,
    zoneless: () => false,
    async *groups(wanted, fromRow) {
      const places = wanted.map((name) => header.indexOf(name));
      let first = 0;
      let records: CsvRecord[] = [];
      let isHeader = true;
      for await (const record of recordsOf(file)) {
        if (isHeader) {
          isHeader = false;
          continue;
        }
        records.push(record);
        if (records.length < groupRows) continue;
        if (first + groupRows > fromRow) yield group(first);
        first += groupRows;
        records = [];
      }
      if (records.length > 0 && first + records.length > fromRow) yield group(first);

      function group(begins: number): RowGroup {
        const columns = wanted.map((name, i) => [name, records.map(({ fields }) => cell(fields[places[i] as number]))]);
        return {
          first: begins,
          rows: records.length,
          columns: Object.fromEntries(columns) as RowGroup["columns"],
          lines: records.map(({ line }) => line),
          faults: records.map(({ fields }) =>
            fields.length === header.length
              ? undefined
              : `${String(fields.length)} fields where the header has ${String(header.length)}`,
          ),
        };
      }
    },
  };
}

async function headerOf(file: string): Promise<string[]> {
  for await (const { fields } of recordsOf(file)) return fields.map((name) => name.trim());
  throw new SourceError(`${file} is empty: comma-separated values begin with a header.`);
}

async function* recordsOf(file: string): AsyncGenerator<CsvRecord> {
  const decoder = new TextDecoder();
  const records = new CsvRecords();
  try {
    for await (const chunk of chunks(file)) yield* records.push(decoder.decode(chunk, { stream: true }));
    yield* records.push(decoder.decode());
    yield* records.end();
  } catch (error) {
    if (error instanceof SyntaxError) throw new SourceError(`${file}, ${error.message}`, { cause: error });
    throw error;
  }
}

/** A number where the text is one, nothing where it is empty; any other text is the checks' to refuse. */
function cell(field: string | undefined): number | string | null {
  const text = field?.trim() ?? "";
  if (text === "") return null;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}
