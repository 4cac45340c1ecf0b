import type { FirehoseTransformationResultRecord } from "aws-lambda";
import { leftOutLine } from "../left-out-row.ts";
import type { ResponseRoom } from "../response.ts";
import type { Ending } from "./activities/index.ts";
import { cityOfTopic } from "./city.ts";
import type { TransformConfig } from "./config.ts";
import { elementBytes } from "./message.ts";
import type { Message } from "./message.ts";
import { compileRows } from "./row.ts";
import { rejections } from "./stages.ts";
import type { Attributes } from "./validate.ts";

/** What a batch of records gives: Firehose's answer, and the rows of `left_out` as lines of JSON. */
export interface Transformed {
  records: FirehoseTransformationResultRecord[];
  leftOut: string[];
}

/** A record of which the pipeline has made what it stores. */
export interface PipedRecord {
  recordId: string;
  message: Message;
  /** The message's elements, as the activities have left them. */
  elements: readonly unknown[];
  /** How the element at a position is left out; undefined where it is stored. Asked once per element, in order. */
  endingOf: (element: unknown, position: number) => Ending | undefined;
}

/** Where the answers of a batch are put together. */
export interface Batch {
  room: ResponseRoom;
  leftOut: string[];
}

/** An element of a message that is left out. */
interface LeftOut {
  position: number;
  ending: Ending;
}

/**
 * Writes the answer for one record: each element ends either in the record's data or in `leftOut`.
 *
 * What would not fit in a response is left out with its bytes. That is not met in practice: Firehose's default buffer of
 * 1 MB gives at most 4.4 MB of readings, and only observations without any value, or activities that add many
 * attributes, give more than 6 MB.
 */
export function compileAnswers(
  config: TransformConfig,
): (record: PipedRecord, batch: Batch) => FirehoseTransformationResultRecord {
  const rowsOf = compileRows(config);
  const cityOf = cityOfTopic(config.environment, config.cities);
  const siteCities = new Map<unknown, string>(config.cities.map((city) => [city.siteId, city.name]));

  function leaveOut(
    recordId: string,
    message: Message,
    topicCity: string | undefined,
    bad: readonly LeftOut[],
    to: string[],
  ): void {
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

  return ({ recordId, message, elements, endingOf }, { room, leftOut }) => {
    const { received } = message;
    const city = cityOf(message.topic);
    const writeRow = rowsOf({ recordId, received, city });
    let bad: LeftOut[] = [];
    let data = "";
    for (let position = 0; position < elements.length; position++) {
      const element = elements[position];
      const outcome = endingOf(element, position) ?? rowOrEnding(element, position, writeRow);
      if (typeof outcome === "string") data += outcome;
      else bad.push({ position, ending: outcome });
    }
    let encoded = btoa(data);
    if (encoded.length > room.forData(recordId)) {
      bad = withTheRest(bad, elements.length);
      encoded = "";
    }
    if (message.reason !== undefined) bad.push({ position: 0, ending: rejections[message.reason] });
    if (bad.length > 0) leaveOut(recordId, message, city?.name, bad, leftOut);
    room.take(recordId, encoded);
    return { recordId, result: encoded === "" ? "Dropped" : "Ok", data: encoded };
  };
}

/** The row of a good element as a line of JSON. */
export function rowOrEnding(
  element: unknown,
  position: number,
  writeRow: (attributes: Attributes, position: number) => string,
): string | Ending {
  try {
    return writeRow(element as Attributes, position);
  } catch (error) {
    // JSON.stringify of an attribute, nested thousands deep, that an activity has made a column.
    if (error instanceof RangeError) return rejections["nested too deep"];
    throw error;
  }
}

/** All positions of a message, those that were good as well. */
function withTheRest(bad: readonly LeftOut[], length: number): LeftOut[] {
  const endings = new Map(bad.map(({ position, ending }) => [position, ending]));
  return Array.from({ length }, (_, position) => ({
    position,
    ending: endings.get(position) ?? rejections["response over 6 MB"],
  }));
}
