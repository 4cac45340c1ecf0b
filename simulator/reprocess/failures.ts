import { readFileSync } from "node:fs";
import { filesBelow, fixedPart } from "../channel/objects.ts";
import type { DataFolder } from "../data-folder.ts";
import type { DeliveryStream } from "../declared/index.ts";
import { splitObjects } from "../delivery/json-records.ts";
import { LinesObject } from "../delivery/lines-object.ts";
import type { StreamRecord } from "../delivery/transform.ts";
import type { Replacement } from "./replacement.ts";

/** A line of a stream's error output, as far as it tells which record failed. */
interface FailureLine {
  arrivalTimestamp: number;
  /** The record, or what its transform made of it. */
  rawData: string;
}

/** A record by its arrival and bytes, or by its id. */
type Key = string;

interface FailureObject {
  key: string;
  lines: { text: string; keys: Key[] }[];
}

/**
 * What a delivery stream could not transform or convert. A record that is sent through the stream again leaves its
 * error output.
 */
export class Failures {
  readonly #bucket: string;
  readonly #objects: FailureObject[];
  readonly #waiting: ReadonlySet<Key>;
  readonly #repeated = new Set<Key>();

  constructor(folder: DataFolder, { destination }: DeliveryStream) {
    this.#bucket = destination.bucket;
    const root = `${folder.bucket(destination.bucket)}/`;
    const files =
      destination.errorPrefix === undefined
        ? []
        : filesBelow(folder, { bucket: destination.bucket, prefix: destination.errorPrefix });
    this.#objects = files.map((file) => ({
      key: file.slice(root.length),
      lines: readFileSync(file, "utf8")
        .split("\n")
        .filter((text) => text !== "")
        .map((text) => ({ text, keys: keysOf(JSON.parse(text) as FailureLine) })),
    }));
    this.#waiting = new Set(this.#objects.flatMap(({ lines }) => lines.flatMap(({ keys }) => keys)));
  }

  /** Notes that a record goes through the stream again. */
  repeat({ recordId, arrival, data }: StreamRecord): void {
    if (this.#waiting.size === 0) return;
    for (const key of [recordId, keyOf(arrival, Buffer.from(data).toString("base64"))]) {
      if (this.#waiting.has(key)) this.#repeated.add(key);
    }
  }

  /** Takes the lines of the records that went through again out of the error output. */
  removeRepeated(replacement: Replacement): void {
    for (const { key, lines } of this.#objects) {
      const others = lines.filter(({ keys }) => !keys.some((one) => this.#repeated.has(one)));
      if (others.length === lines.length) continue;
      if (others.length === 0) {
        replacement.remove(this.#bucket, key);
        continue;
      }
      const file = replacement.newFile();
      const object = new LinesObject(file, false);
      for (const { text } of others) object.add(`${text}\n`);
      object.finish();
      replacement.put({ file, bucket: this.#bucket, key });
    }
  }
}

/** Records that the pipeline of today cannot take; the message says how many, why, and that all is as it was. */
export class ReprocessError extends Error {
  override readonly name = "ReprocessError";
}

/**
 * Holds that every record has gone through: its old rows would go for an entry in the error output.
 *
 * @throws ReprocessError
 */
export function requireNoFailures({ name, destination }: DeliveryStream, replacement: Replacement): void {
  const { bucket, errorPrefix } = destination;
  if (errorPrefix === undefined) return;
  const lines = replacement
    .filesOf(bucket, fixedPart(errorPrefix))
    .flatMap((file) => readFileSync(file, "utf8").split("\n"))
    .filter((text) => text !== "");
  if (lines[0] === undefined) return;
  const { errorCode, errorMessage, lastErrorCode, lastErrorMessage } = JSON.parse(lines[0]) as Record<string, string>;
  throw new ReprocessError(
    `${lines.length} record${lines.length === 1 ? "" : "s"} could not go through the delivery stream ${name} again ` +
      `(${errorCode ?? lastErrorCode}: ${errorMessage ?? lastErrorMessage}), so nothing was changed. Mend the cause, or leave them out of the span.`,
  );
}

function keyOf(arrival: number, base64: string): Key {
  return `${arrival} ${base64}`;
}

function keysOf({ arrivalTimestamp, rawData }: FailureLine): Key[] {
  return [keyOf(arrivalTimestamp, rawData), ...recordIdsIn(Buffer.from(rawData, "base64").toString("utf8"))];
}

/** The ids in rows that a transform has made; none in what is no such row. */
function recordIdsIn(text: string): string[] {
  try {
    return [...splitObjects(text)].flatMap((object) => {
      const { record_id: id } = JSON.parse(object) as { record_id?: unknown };
      return typeof id === "string" ? [id] : [];
    });
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return [];
    throw error;
  }
}
