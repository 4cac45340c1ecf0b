/**
 * The peer: a process that takes messages from a broker with mqtt.js and writes them to Parquet with hyparquet-writer,
 * as one would who builds such a pipeline by hand. Same filter, same columns, same computed one; nothing is durable before
 * it is acknowledged, nothing is repeated, and there is one file.
 */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { once } from "node:events";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import mqtt from "mqtt";
import { filterLimit, kbtuPerKwh } from "./readings.ts";

export interface Collection {
  port: number;
  file: string;
  /** After so many of them the file is complete. */
  messages: number;
}

interface Reading {
  building_id: number;
  meter: number;
  timestamp: number;
  meter_reading: number;
}

const rowGroupRows = 65_536;

const [{ port, file, messages }] = (await once(process, "message")) as [Collection];
const descriptor = openSync(file, "w");
const bytes = new ByteWriter();
const flush = () => {
  writeSync(descriptor, bytes.getBytes());
  bytes.index = 0;
};
const element = (name: string, type: "INT32" | "INT64" | "DOUBLE") => ({
  name,
  type,
  repetition_type: "OPTIONAL" as const,
});
const writer = new ParquetWriter({
  writer: Object.assign(bytes, { flush, finish: flush }),
  schema: [
    { name: "row", num_children: 6 },
    element("building_id", "INT32"),
    element("meter", "INT32"),
    { ...element("timestamp", "INT64"), converted_type: "TIMESTAMP_MILLIS" },
    element("meter_reading", "DOUBLE"),
    element("kbtu", "DOUBLE"),
    { name: "city", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
  ],
  codec: "SNAPPY",
});
const columns = {
  building_id: [] as number[],
  meter: [] as number[],
  timestamp: [] as bigint[],
  meter_reading: [] as number[],
  kbtu: [] as number[],
  city: [] as string[],
};

function add(reading: Reading, city: string): void {
  if (!(reading.meter_reading < filterLimit)) return;
  columns.building_id.push(reading.building_id);
  columns.meter.push(reading.meter);
  columns.timestamp.push(BigInt(reading.timestamp));
  columns.meter_reading.push(reading.meter_reading);
  columns.kbtu.push(reading.meter_reading * kbtuPerKwh);
  columns.city.push(city);
  if (columns.meter.length >= rowGroupRows) writeRowGroup();
}

function writeRowGroup(): void {
  const rowGroupSize = columns.meter.length;
  if (rowGroupSize === 0) return;
  void writer.write({ columnData: Object.entries(columns).map(([name, data]) => ({ name, data })), rowGroupSize });
  for (const cells of Object.values(columns)) cells.length = 0;
}

const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 4, clientId: "collector" });
let received = 0;
client.on("message", (topic, payload) => {
  const value = JSON.parse(payload.toString()) as Reading | Reading[];
  const city = topic.split("/")[2] as string;
  if (Array.isArray(value)) for (const one of value) add(one, city);
  else add(value, city);
  if (++received < messages) return;
  writeRowGroup();
  void writer.finish();
  fsyncSync(descriptor);
  closeSync(descriptor);
  process.send?.("stored", () => process.exit());
});
await client.subscribeAsync("metercast/bench/+/meter/electricity", { qos: 1 });
process.send?.("ready");
