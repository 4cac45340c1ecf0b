import { fault, requiredFields, weatherFields } from "./records.ts";
import type { Reading, WeatherRecord } from "./records.ts";
import { emptyBatch, leaveOut, SourceError } from "./source.ts";
import type { Batch, Kind, LeftOut } from "./source.ts";
import { stampReader } from "./stamps.ts";
import type { Stamp, TimeZoneOption } from "./stamps.ts";
import type { Column, RowGroup, Table } from "./table.ts";
import type { Addresses } from "./topics.ts";

type Row = Reading & WeatherRecord;

export interface TableRows {
  table: Table;
  kind: Kind;
  addresses: Addresses;
  /** For meters; weather stamps are UTC in the files that have local meter stamps. */
  timeZone: TimeZoneOption;
}

/** The columns of a message of a kind that a file has; a file of readings may say each one's site. @throws SourceError if one is missing */
function columnsOf({ table, kind }: TableRows): string[] {
  const missing = requiredFields[kind].filter((field) => !table.columns.includes(field));
  if (missing.length > 0) {
    throw new SourceError(
      `${table.file} has no column ${missing.join(", ")}: ${kind} need ${requiredFields[kind].join(", ")}. It has ${table.columns.join(", ")}.`,
    );
  }
  const optional = kind === "weather" ? weatherFields : ["site_id"];
  return [...requiredFields[kind], ...optional.filter((field) => table.columns.includes(field))];
}

/** The rows that can be sent, without their topics: to learn a file's span before it is sent. */
export async function* usableRows(rows: TableRows): AsyncGenerator<Row> {
  const read = rowReader(rows);
  for await (const group of rows.table.groups(columnsOf(rows), 0)) {
    for (let i = 0; i < group.rows; i++) {
      const row = read(group, i);
      if (typeof row !== "string") yield row;
    }
  }
}

/** Batches of a file's rows as messages with the fields of their kind. @param from number of rows before the first batch */
export async function* tableBatches(rows: TableRows, from: number, batchSize: number): AsyncGenerator<Batch> {
  const { table, kind, addresses } = rows;
  const read = rowReader(rows);
  const columns = columnsOf(rows);
  for await (const group of table.groups(columns, from)) {
    let batch = emptyBatch();
    for (let i = Math.max(0, from - group.first); i < group.rows; i++) {
      const row = read(group, i);
      const problem = typeof row === "string" ? row : add(batch, row);
      batch.next = group.first + i + 1;
      if (problem !== undefined) leaveOut(batch, leftOut(group, i, problem));
      if (batch.next % batchSize === 0) {
        yield batch;
        batch = emptyBatch();
      }
    }
    if (batch.next > 0) yield batch;
  }

  function leftOut({ first, lines }: RowGroup, i: number, message: string): LeftOut {
    const line = lines?.[i];
    return { file: table.file, record: first + i + 1, ...(line !== undefined && { line }), message };
  }

  function add(batch: Batch, row: Row): string | undefined {
    const address =
      kind === "readings"
        ? addresses.ofReading(row.building_id, row.meter, row.site_id)
        : addresses.ofWeather(row.site_id);
    if (address.topic === undefined) return address.problem;
    batch.topics.push(address.topic);
    batch.times.push(row.timestamp);
    batch.texts.push(
      kind === "readings"
        ? `{"building_id":${String(row.building_id)},"meter":${String(row.meter)},"timestamp":${String(row.timestamp)},"meter_reading":${String(row.meter_reading)}}`
        : JSON.stringify(row),
    );
    return undefined;
  }
}

/** Gives a row of a group as a record that can be sent, or why it cannot. */
function rowReader({ table, kind, addresses, timeZone }: TableRows): (group: RowGroup, index: number) => Row | string {
  const zoneless = table.zoneless("timestamp");
  const stamp = stampReader(kind === "readings" ? timeZone : "UTC");
  return ({ columns, faults }, index) => {
    const unreadable = faults?.[index];
    if (unreadable !== undefined) return unreadable;
    const row: Record<string, unknown> = {};
    for (const name in columns) row[name] = plain((columns[name] as Column)[index]);
    if (row["timestamp"] !== null && row["timestamp"] !== undefined) {
      const site = kind === "readings" ? (row["site_id"] ?? addresses.siteOf(row["building_id"] as number)) : undefined;
      const time: Stamp = stamp(row["timestamp"], zoneless, addresses.city(site as number));
      if (typeof time !== "number") return time.problem;
      row["timestamp"] = time;
    }
    if (kind === "readings" && row["site_id"] === null) delete row["site_id"];
    return fault(kind, row) ?? (row as unknown as Row);
  };
}

/** Integers as numbers where a double holds them, and an absent value as null. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  return value instanceof Date ? value.getTime() : (value ?? null);
}
