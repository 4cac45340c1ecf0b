import type { Evaluation, Graph } from "@metercast/graph";
import { channelObjects, recordsOf } from "../channel/objects.ts";
import { DataFolder } from "../data-folder.ts";
import { DeclarationError, type DeliveryStream } from "../declared/index.ts";
import { readIndex } from "../delivery/record-index.ts";
import { Lock } from "../lock.ts";
import { finishAndUpdate } from "../run.ts";
import { Failures, requireNoFailures } from "./failures.ts";
import { completeReplacement, Replacement } from "./replacement.ts";
import { Replay } from "./replay.ts";
import { removeRows } from "./stored-rows.ts";

export interface ReprocessOptions {
  /** Gives the program of today, whose transform the channel goes through; asked when the folder is held. */
  evaluate: () => Promise<Evaluation>;
  /** The data folder. No simulator may run on it. */
  data: string;
  /** Name of the delivery stream whose channel it is. */
  stream: string;
  /** Names of the streams to which its function puts what it does not store. */
  leftOutStreams: string[];
  /** Arrivals that are reprocessed: epoch milliseconds, from the first on and before the last. */
  from: number;
  to: number;
  /** Gets a sentence for what a person should know. */
  warn: (sentence: string) => void;
}

export interface Reprocessed {
  /** Records that went through the pipeline again. */
  records: number;
  /** Objects that were written, new or anew, and objects that are gone. */
  put: number;
  removed: number;
}

/**
 * Sends the records of a channel that arrived in a span through the pipeline again, and puts what comes of them into the
 * place of what came of them before. Each keeps its id and arrival, so that it is the same record everywhere; its old
 * rows, those of what was left out and its failures go in the same step in which the new ones come. Whenever the process
 * ends, that step has either been done as a whole or not at all.
 *
 * @throws DataFolderError, DeclarationError, PermissionError, ReprocessError
 */
export async function reprocess(options: ReprocessOptions): Promise<Reprocessed> {
  const { evaluate, data, warn } = options;
  const folder = DataFolder.open(data, { create: false });
  const lock = Lock.acquire(folder);
  try {
    const evaluation = await evaluate();
    // what of the old rows is still under way would come after the new ones
    await finishAndUpdate(folder, lock, evaluation, warn);
    const replacement = new Replacement(folder);
    let records: number;
    try {
      records = await stage(options, evaluation.graph, folder, replacement);
    } catch (error) {
      replacement.discard();
      throw error;
    }
    const counts = replacement.decide();
    completeReplacement(folder);
    return { records, ...counts };
  } finally {
    lock.release();
  }
}

/** Prepares all that comes and all that goes. */
async function stage(
  options: ReprocessOptions,
  graph: Graph,
  folder: DataFolder,
  replacement: Replacement,
): Promise<number> {
  const { from, to, warn } = options;
  const replay = await Replay.start(graph, folder, replacement, warn);
  try {
    const stream = streamOf(replay, options.stream, graph);
    const others = options.leftOutStreams.map((name) => streamOf(replay, name, graph));
    const failures = new Failures(folder, stream);
    const chosen = channelObjects(folder, stream).filter(({ index }) =>
      readIndex(index).some(({ arrival }) => arrival >= from && arrival < to),
    );
    let records = 0;
    for (const object of chosen) {
      for await (const record of recordsOf(object)) {
        if (record.arrival < from || record.arrival >= to) continue;
        failures.repeat(record);
        await replay.add(stream.name, record);
        records++;
      }
      // an object of its own, so that its partition is that of its records
      await replay.deliver(stream.name);
    }
    if (records === 0) return records;
    await replay.deliverAll();
    for (const one of [stream, ...others]) requireNoFailures(one, replacement);
    failures.removeRepeated(replacement);
    const indexes = chosen.map(({ index }) => index);
    await removeRows(folder, [stream, ...others], { indexes, from, to }, replacement);
    return records;
  } finally {
    await replay.close();
  }
}

function streamOf(replay: Replay, name: string, graph: Graph): DeliveryStream {
  const stream = replay.declared.streams.get(name);
  const resource = graph.resources.find(
    ({ type, outputs }) =>
      type === "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream" && outputs["name"] === name,
  );
  if (!stream || !resource) throw new Error(`there is no delivery stream ${name}`);
  if (stream.conversion) return stream;
  throw new DeclarationError(resource, "it writes no rows of a table, which a reprocessing could replace");
}
