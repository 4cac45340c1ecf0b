import type {
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResultRecord,
} from "aws-lambda";
import { leftOutLine } from "../left-out-row.ts";
import type { Ending } from "./activities/index.ts";
import { cityOfTopic } from "./city.ts";
import type { TransformConfig } from "./config.ts";
import { compileProcess, rejections } from "./element.ts";
import { decodeRecord, elementBytes } from "./message.ts";
import type { Message } from "./message.ts";
import { compileRows } from "./row.ts";
import type { Attributes } from "./validate.ts";

/** What a batch of records gives: Firehose's answer, and the rows of `left_out` as lines of JSON. */
export interface Transformed {
  records: FirehoseTransformationResultRecord[];
  leftOut: string[];
}

/** An element of a message that is left out. */
interface LeftOut {
  position: number;
  ending: Ending;
}

/**
 * Lambda's limit of a response is 6 MB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 * Firehose repeats an invocation whose response is larger and then gives up the whole batch, so what would go beyond is
 * left out with its bytes. A row is at most 7 times as long as its message, and 4/3 of that as base64: a Lambda buffer
 * of 0.5 MB stays below the limit whatever is sent, as long as activities do not add many attributes.
 */
export const responseLimit = 6_000_000;

/** What a record takes in the response beside its id and data. */
const recordOverhead = '{"recordId":"","result":"Dropped","data":""},'.length;

/**
 * A pipeline: checks each reading or observation of a batch, applies the activities and writes the rows of the landing
 * table. Each element ends either in its record's data or in `leftOut`.
 */
export function compileTransform(config: TransformConfig): (event: FirehoseTransformationEvent) => Transformed {
  const process = compileProcess(config);
  const rowsOf = compileRows(config);
  const cityOf = cityOfTopic(config.environment, config.cities);
  const siteCities = new Map<unknown, string>(config.cities.map((city) => [city.siteId, city.name]));

  function transformRecord(
    record: FirehoseTransformationEventRecord,
    room: number,
    leftOut: string[],
  ): FirehoseTransformationResultRecord {
    const { recordId } = record;
    const message = decodeRecord(record);
    const { elements, received } = message;
    const city = cityOf(message.topic);
    const writeRow = rowsOf({ recordId, received, city });
    let bad: LeftOut[] = [];
    let data = "";
    for (let position = 0; position < elements.length; position++) {
      const outcome = processElement(elements[position], position, received, writeRow);
      if (typeof outcome === "string") data += outcome;
      else bad.push({ position, ending: outcome });
    }
    let encoded = btoa(data);
    if (encoded.length > room) {
      bad = withTheRest(bad, elements.length);
      encoded = "";
    }
    if (message.reason !== undefined) bad.push({ position: 0, ending: rejections[message.reason] });
    if (bad.length > 0) leaveOut(recordId, message, city?.name, bad, leftOut);
    return encoded === "" ? { recordId, result: "Dropped", data: "" } : { recordId, result: "Ok", data: encoded };
  }

  function processElement(
    element: unknown,
    position: number,
    received: number,
    writeRow: (attributes: Attributes, position: number) => string,
  ): string | Ending {
    const ending = process(element, received);
    if (ending !== undefined) return ending;
    try {
      return writeRow(element as Attributes, position);
    } catch (error) {
      // JSON.stringify of an attribute, nested thousands deep, that an activity has made a column.
      if (error instanceof RangeError) return rejections["nested too deep"];
      throw error;
    }
  }

  function leaveOut(recordId: string, message: Message, topicCity: string | undefined, bad: LeftOut[], to: string[]) {
    const bytes = elementBytes(
      message,
      bad.map(({ position }) => position),
    );
    bad.forEach(({ position, ending }, index) => {
      to.push(
        leftOutLine({
          record_id: recordId,
          position,
          pipeline: config.pipeline,
          ...ending,
          payload: Buffer.from(bytes[index] ?? message.bytes).toString("base64"),
          topic: message.topic,
          client: message.client,
          city: siteCity(message.elements[position]) ?? topicCity ?? null,
          received: message.received,
        }),
      );
    });
  }

  function siteCity(element: unknown): string | null {
    if (config.pipeline !== "weather" || typeof element !== "object" || element === null) return null;
    return siteCities.get((element as Attributes)["site_id"]) ?? null;
  }

  return (event) => {
    const leftOut: string[] = [];
    let room = responseLimit;
    const records = event.records.map((record) => {
      room -= recordOverhead + record.recordId.length;
      const result = transformRecord(record, room, leftOut);
      room -= result.data?.length ?? 0;
      return result;
    });
    return { records, leftOut };
  };
}

/** All positions of a message, those that were good as well. */
function withTheRest(bad: readonly LeftOut[], length: number): LeftOut[] {
  const endings = new Map(bad.map(({ position, ending }) => [position, ending]));
  return Array.from({ length }, (_, position) => ({
    position,
    ending: endings.get(position) ?? rejections["response over 6 MB"],
  }));
}
