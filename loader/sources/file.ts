import type { TimeZoneOption } from "./stamps.ts";
import { statSync } from "node:fs";
import { jsonBatches, usableRecords } from "./json-file.ts";
import { jsonRecords } from "./json-records.ts";
import { openParquet } from "./parquet.ts";
import { parquetBatches, usableRows } from "./parquet-file.ts";
import { kindOf, requiredFields } from "./records.ts";
import type { WeatherRecord } from "./records.ts";
import { formatOf } from "./register.ts";
import { SourceError } from "./source.ts";
import type { Kind, Source } from "./source.ts";
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

/** Which kind of records a JSON or Parquet file has, by the fields of its records. @throws SourceError */
export async function kindOfFile(file: string): Promise<Kind> {
  const kind = await detectedKind(file);
  if (kind !== undefined) return kind;
  throw new SourceError(
    `${file} has neither readings (${requiredFields.readings.join(", ")}) nor weather (${requiredFields.weather.join(", ")}, air_temperature, ...).`,
  );
}

/** Opens a JSON file in the seed's format or a Parquet file with a message's columns, and reads it once to learn its span. */
export async function openFile(options: FileOptions): Promise<FileSource> {
  const { file, kind, addresses, batchSize, accepted } = options;
  const detected = await detectedKind(file);
  if (detected !== undefined && detected !== kind) throw new SourceError(`${file} has ${detected}, not ${kind}.`);
  const rows =
    formatOf(file) === "parquet"
      ? { parquet: await openParquet(file), kind, addresses, timeZone: options.timeZone }
      : undefined;
  const temperatures = new Map<number, Map<number, number>>();
  let expected = 0;
  let first = Infinity;
  let last = -Infinity;
  for await (const record of rows === undefined ? usableRecords(file, kind) : usableRows(rows)) {
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
    batches: (from) =>
      rows === undefined ? jsonBatches(file, kind, addresses, from, batchSize) : parquetBatches(rows, from, batchSize),
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

async function detectedKind(file: string): Promise<Kind | undefined> {
  if (formatOf(file) === "parquet") return kindOf((await openParquet(file)).columns);
  // The first records of the first chunk are enough: one that is damaged must not hide what the others are.
  for await (const records of jsonRecords(file)) {
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
