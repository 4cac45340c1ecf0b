import type { TimeZoneOption } from "./stamps.ts";
import { statSync } from "node:fs";
import { jsonBatches, usableRecords } from "./json-file.ts";
import { openCsv } from "./csv-file.ts";
import { recordFormatOf } from "./format.ts";
import { jsonRecords } from "./json-records.ts";
import type { JsonReader } from "./json-records.ts";
import { ndjsonRecords } from "./ndjson-records.ts";
import { openParquet } from "./parquet.ts";
import { kindOf, requiredFields } from "./records.ts";
import type { Reading, WeatherRecord } from "./records.ts";
import { SourceError } from "./source.ts";
import type { Kind, Source } from "./source.ts";
import { tableBatches, usableRows } from "./table-file.ts";
import type { Table } from "./table.ts";
import type { Addresses } from "./topics.ts";

const hourMs = 3_600_000;

export interface FileOptions {
  file: string;
  kind: Kind;
  addresses: Addresses;
  timeZone: TimeZoneOption;
  batchSize: number;
  /** Stamps beyond these (epoch milliseconds) do not count for the span: they are sent, and refused where they arrive. */
  accepted: { from: number; to: number };
}

/** A file of records, and the air temperatures in it if it is one of weather. */
export interface FileSource extends Source {
  temperature(siteId: number): (hour: number) => number | undefined;
}

/** Which kind of records a file has, by the fields of its records. @throws SourceError */
export async function kindOfFile(file: string): Promise<Kind> {
  const kind = await kindIn(file, await contentOf(file));
  if (kind !== undefined) return kind;
  throw new SourceError(
    `${file} has neither readings (${requiredFields.readings.join(", ")}) nor weather (${requiredFields.weather.join(", ")}, air_temperature, ...).`,
  );
}

/**
 * Opens a file with JSON records (an array of them, as the seed has, or one per line), or a table with a message's columns (CSV, Parquet),
 * and reads it once to learn its span.
 */
export async function openFile(options: FileOptions): Promise<FileSource> {
  const { file, kind, batchSize, accepted } = options;
  const content = await contentOfKind(file, kind);
  const reader = readerOf(content, options);
  const temperatures = new Map<number, Map<number, number>>();
  let expected = 0;
  let first = Infinity;
  let last = -Infinity;
  for await (const record of reader.usable()) {
    expected++;
    const { timestamp } = record;
    if (timestamp < accepted.from || timestamp > accepted.to) continue;
    first = Math.min(first, timestamp);
    last = Math.max(last, timestamp);
    if (kind === "weather") keepTemperature(record);
  }
  const { size, mtimeMs } = statSync(file);
  return {
    kind,
    expected,
    identity: ["file", file, size, mtimeMs, batchSize, options.timeZone],
    span: { first, last },
    batches: (from) => reader.batches(from),
    temperature: (siteId) => {
      const known = temperatures.get(siteId);
      return (hour) => known?.get(hour);
    },
  };

  function keepTemperature({ site_id, timestamp, air_temperature }: WeatherRecord): void {
    if (typeof air_temperature !== "number") return;
    const known = temperatures.get(site_id) ?? new Map<number, number>();
    temperatures.set(site_id, known);
    known.set(Math.floor(timestamp / hourMs), air_temperature);
  }
}

/** The records of a file that can be sent, with their stamps in UTC. @throws SourceError */
export async function* recordsOf(
  options: Pick<FileOptions, "file" | "kind" | "addresses" | "timeZone">,
): AsyncGenerator<Reading & WeatherRecord> {
  const content = await contentOfKind(options.file, options.kind);
  yield* readerOf(content, { ...options, batchSize: 1 }).usable();
}

async function contentOfKind(file: string, kind: Kind): Promise<Content> {
  const content = await contentOf(file);
  const detected = await kindIn(file, content);
  if (detected !== undefined && detected !== kind) throw new SourceError(`${file} has ${detected}, not ${kind}.`);
  return content;
}

function readerOf(
  { read, table }: Content,
  { file, kind, addresses, timeZone, batchSize }: Omit<FileOptions, "accepted">,
): Reader {
  if (table === undefined) {
    return {
      usable: () => usableRecords(read, file, kind),
      batches: (from) => jsonBatches(read, file, kind, addresses, from, batchSize),
    };
  }
  const rows = { table, kind, addresses, timeZone };
  return { usable: () => usableRows(rows), batches: (from) => tableBatches(rows, from, batchSize) };
}

interface Reader extends Pick<Source, "batches"> {
  /** The records that can be sent. */
  usable(): AsyncIterable<Reading & WeatherRecord>;
}

/** A file has records as JSON, or rows. */
type Content = { read: JsonReader; table?: undefined } | { read?: undefined; table: Table };

async function contentOf(file: string): Promise<Content> {
  switch (recordFormatOf(file)) {
    case "json":
      return { read: jsonRecords };
    case "ndjson":
      return { read: ndjsonRecords };
    case "csv":
      return { table: await openCsv(file) };
    case "parquet":
      return { table: await openParquet(file) };
  }
}

async function kindIn(file: string, { read, table }: Content): Promise<Kind | undefined> {
  if (table !== undefined) return kindOf(table.columns);
  // The first records of the first chunk are enough: one that is damaged must not hide what the others are.
  for await (const records of read(file)) {
    for (const { text } of records) {
      const kind = kindOf(fieldsOf(text));
      if (kind !== undefined) return kind;
    }
    return undefined;
  }
  return undefined;
}

function fieldsOf(text: string | undefined): string[] {
  try {
    return Object.keys(Object(JSON.parse(text ?? "")) as object);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
