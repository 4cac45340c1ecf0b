import { largestPayload } from "../publish/envelopes.ts";
import type { JsonReader, JsonRecord } from "./json-records.ts";
import { fault } from "./records.ts";
import type { Reading, WeatherRecord } from "./records.ts";
import { emptyBatch, leaveOut } from "./source.ts";
import type { Batch, Kind } from "./source.ts";
import type { Addresses } from "./topics.ts";

const longerThanAMessage = `longer than a message may be (${String(largestPayload)} bytes)`;

/** A record that can be sent, or why it cannot. */
type Checked = { value: Reading & WeatherRecord; fault?: undefined } | { value?: undefined; fault: string };

/** The records of a JSON or NDJSON file that can be sent, without their topics: to learn a file's span before it is sent. */
export async function* usableRecords(
  read: JsonReader,
  file: string,
  kind: Kind,
): AsyncGenerator<Reading & WeatherRecord> {
  for await (const records of read(file)) {
    for (const record of records) {
      const { value } = checked(kind, record);
      if (value !== undefined) yield value;
    }
  }
}

/**
 * Batches of the records of a JSON or NDJSON file, each sent as it stands in the file.
 * @param from number of records before the first batch
 */
export async function* jsonBatches(
  read: JsonReader,
  file: string,
  kind: Kind,
  addresses: Addresses,
  from: number,
  batchSize: number,
): AsyncGenerator<Batch> {
  let batch = emptyBatch();
  for await (const records of read(file)) {
    for (const record of records) {
      if (record.record <= from) continue;
      const problem = add(batch, kind, record, addresses);
      if (problem !== undefined) leaveOut(batch, { file, record: record.record, line: record.line, message: problem });
      batch.next = record.record;
      if (batch.next % batchSize === 0) {
        yield batch;
        batch = emptyBatch();
      }
    }
  }
  if (batch.next > 0) yield batch;
}

/** Adds a record to the batch, or says why it cannot be sent. */
function add(batch: Batch, kind: Kind, record: JsonRecord, addresses: Addresses): string | undefined {
  const { value, fault } = checked(kind, record);
  if (value === undefined) return fault;
  const address =
    kind === "readings"
      ? addresses.ofReading(value.building_id, value.meter, siteIn(value))
      : addresses.ofWeather(value.site_id);
  if (address.topic === undefined) return address.problem;
  batch.topics.push(address.topic);
  batch.times.push(value.timestamp);
  batch.texts.push(record.text as string);
  return undefined;
}

function checked(kind: Kind, { text, tooLong }: JsonRecord): Checked {
  if (tooLong === true) return { fault: longerThanAMessage };
  if (text === undefined) return { fault: "not UTF-8" };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { fault: `not JSON: ${(error as SyntaxError).message}` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { fault: "not an object" };
  const found = fault(kind, value as Record<string, unknown>);
  if (found !== undefined) return { fault: found };
  // Brackets and a comma may come to it in an envelope.
  if (text.length > largestPayload / 4 && Buffer.byteLength(text) + 2 > largestPayload) {
    return { fault: longerThanAMessage };
  }
  return { value: value as Reading & WeatherRecord };
}

function siteIn(record: { site_id?: unknown }): number | undefined {
  return Number.isSafeInteger(record.site_id) ? (record.site_id as number) : undefined;
}
