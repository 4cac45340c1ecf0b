import type { FirehoseTransformationEvent, FirehoseTransformationEventRecord } from "aws-lambda";
import type { LeftOutRow } from "../left-out-row.ts";
import { addedColumns, derivedColumns, optionalColumns, requiredColumns } from "../transform/columns.ts";
import type { City, Pipeline, TransformConfig } from "../transform/config.ts";
import type { Transformed } from "../transform/transform.ts";

/** 2018-12-06T03:00:00Z, and the arrival of what the tests send. */
export const hour = 1_544_065_200_000;
export const received = hour + 5_000;

export const cities: City[] = [
  { name: "Jacksonville", siteId: 0, timeZone: "America/New_York", country: "US" },
  { name: "London", siteId: 1, timeZone: "Europe/London", country: "GB", subdivision: "ENG" },
];

export function transformConfig(pipeline: Pipeline, changes: Partial<TransformConfig> = {}): TransformConfig {
  const activities = changes.activities ?? [];
  return {
    pipeline,
    environment: "dev",
    acceptFrom: Date.UTC(2000, 0, 1),
    acceptAheadMs: 86_400_000,
    activities,
    cities,
    holidays: {},
    columns: [
      ...Object.keys(requiredColumns[pipeline]),
      ...Object.keys(optionalColumns[pipeline]),
      ...Object.keys(addedColumns(pipeline, activities)),
      ...derivedColumns[pipeline],
    ],
    ...changes,
  };
}

export function reading(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { building_id: 1369, meter: 2, timestamp: hour, meter_reading: 63.1, ...changes };
}

export function observation(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { site_id: 0, timestamp: hour, air_temperature: 25, wind_speed: 3.1, ...changes };
}

export function record(line: string | Uint8Array, recordId = "4954001"): FirehoseTransformationEventRecord {
  return { recordId, approximateArrivalTimestamp: received + 1, data: base64(line) };
}

/** A record as the default topic rule makes it of a message. */
export function wrapped(
  payload: string | Uint8Array,
  { topic = "metercast/dev/Jacksonville/meter/steam", recordId = "4954001" } = {},
): FirehoseTransformationEventRecord {
  return record(JSON.stringify({ payload: base64(payload), topic, client: "gateway", received }) + "\n", recordId);
}

export function event(...records: FirehoseTransformationEventRecord[]): FirehoseTransformationEvent {
  return {
    invocationId: "invocation",
    deliveryStreamArn: "arn:aws:firehose:us-east-1:123456789012:deliverystream/metercast-dev-readings",
    region: "us-east-1",
    records,
  };
}

export function base64(data: string | Uint8Array): string {
  return Buffer.from(data).toString("base64");
}

export function text(base64Data: string | undefined): string {
  return Buffer.from(base64Data ?? "", "base64").toString("utf8");
}

/** The objects of lines of JSON. */
export function lines<Row>(json: string): Row[] {
  return json
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}

export function storedRows({ records }: Transformed): Record<string, unknown>[] {
  return records.flatMap(({ data }) => lines<Record<string, unknown>>(text(data)));
}

export function leftOutRows({ leftOut }: Transformed): LeftOutRow[] {
  return leftOut.flatMap((line) => lines<LeftOutRow>(line));
}
