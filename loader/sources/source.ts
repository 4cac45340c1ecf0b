import { LoadError } from "../errors.ts";
import type { MeterTypeName } from "../../environments/index.ts";

/** What a record is about: a meter, or a site's weather. */
export type Kind = "readings" | "weather";

/** Where the messages of each kind go: topics in which {city} and {type} stand for a city's name and a meter type's. */
export interface TopicTemplates {
  /** undefined: the environment's rule for that meter type does not say one topic to publish to. */
  meters: Partial<Record<MeterTypeName, string | undefined>>;
  weather: string | undefined;
}

/** A record that was not sent, and why. */
export interface LeftOut {
  file: string;
  /** Its place in the file, from 1. */
  record: number;
  /** Where it begins in a text file, from 1. */
  line?: number;
  message: string;
}

/** Records in the order they are to be sent, ready to be put into messages. Arrays of the same length, one entry per record. */
export interface Batch {
  topics: string[];
  /** Epoch milliseconds. */
  times: number[];
  /** Each record as JSON. */
  texts: string[];
  /** Records of this stretch of the source that cannot be sent. `leftOut` has at most {@link problemsKept} of them. */
  leftOutCount: number;
  leftOut: LeftOut[];
  /** The position that the next batch begins at. */
  next: number;
}

/** How many records that were left out are described; all are counted. */
export const problemsKept = 20;

/** Records of one kind, read in batches from any position that a batch ended at; the same position gives the same batches. */
export interface Source {
  kind: Kind;
  /** About how many records there are; undefined if it is not known. */
  expected: number | undefined;
  /** Says what is sent: a load goes on where another one stopped only if this is the same. */
  identity: unknown;
  /** First and last stamp, epoch milliseconds. */
  span: { first: number; last: number };
  batches(from: number): AsyncIterable<Batch> | Iterable<Batch>;
}

/** A source that cannot be read at all. The message says where and what to do. */
export class SourceError extends LoadError {
  override name = "SourceError";
}

export function emptyBatch(): Batch {
  return { topics: [], times: [], texts: [], leftOutCount: 0, leftOut: [], next: 0 };
}

export function leaveOut(batch: Batch, record: LeftOut): void {
  batch.leftOutCount++;
  if (batch.leftOut.length < problemsKept) batch.leftOut.push(record);
}

/** Fills in a topic template. */
export function fillTopic(template: string, city: string, type: MeterTypeName | undefined): string {
  return template.replaceAll("{city}", city).replaceAll("{type}", type ?? "");
}
