import type { ChildProcess } from "node:child_process";
import { globSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { answerOf, end, peakMegabytes, processorSeconds, start } from "./processes.ts";
import type { Load } from "./publisher.ts";
import { filteredEvery } from "./readings.ts";
import { Simulated } from "./simulated.ts";

/** What a publisher sends: readings in all, and how many of them a message has. */
export interface Size {
  readings: number;
  envelope: number;
}

/** Of one run of a load. */
export interface Measured {
  /** Readings acknowledged a second, from the first publish to the last acknowledgement. */
  acknowledged: number;
  /** Readings a second, from the first publish to the answer of a query that finds all of them. */
  stored: number;
  /** Of the process that takes the load, MB. */
  peakMegabytes: number | undefined;
  /** Processor seconds of that process for 100,000 readings. */
  processorSeconds: number | undefined;
}

/** When a load began, `performance.now()`, and how long it took until the last message was acknowledged. */
export interface Published {
  first: number;
  acknowledgedSeconds: number;
}

const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
const connection = await instance.connect();

/** A bare aedes in a process of its own: readings acknowledged a second. */
export async function measureBareBroker(size: Size): Promise<number> {
  const broker = start("bare-broker.ts");
  try {
    const { port } = await answerOf<{ port: number }>(broker);
    const { acknowledgedSeconds } = await publish(port, size);
    return size.readings / acknowledgedSeconds;
  } finally {
    await end(broker);
  }
}

/** The simulator with the raw publisher. @param flags of its Node */
export async function measureSimulator(size: Size, flags: string[] = []): Promise<Measured> {
  const simulator = await Simulated.start(undefined, flags);
  try {
    const before = processorSeconds(simulator.child);
    const published = await publish(simulator.port, size);
    await simulator.flush();
    await requireRows(simulator.parquet("readings"), kept(size.readings));
    const result = measured(size.readings, published, simulator.child, before);
    await requireRows(simulator.parquet("left_out"), size.readings - kept(size.readings));
    return result;
  } finally {
    await simulator.stop();
  }
}

/** Publishes to a broker from a process of its own. */
export async function publish(port: number, { readings, envelope }: Size): Promise<Published> {
  const publisher = start("publisher.ts");
  try {
    publisher.send({ port, messages: readings / envelope, envelope } satisfies Load);
    await answerOf(publisher);
    const first = performance.now();
    publisher.send("go");
    await answerOf(publisher);
    return { first, acknowledgedSeconds: (performance.now() - first) / 1000 };
  } finally {
    await end(publisher);
  }
}

/** The figures of a load that can be queried since this moment. @param before the process's processor seconds then */
export function measured(
  readings: number,
  { first, acknowledgedSeconds }: Published,
  child: ChildProcess,
  before: number | undefined,
): Measured {
  const storedSeconds = (performance.now() - first) / 1000;
  const after = processorSeconds(child);
  return {
    acknowledged: readings / acknowledgedSeconds,
    stored: readings / storedSeconds,
    peakMegabytes: peakMegabytes(child),
    processorSeconds: before === undefined || after === undefined ? undefined : ((after - before) / readings) * 100_000,
  };
}

/** How many of the publisher's readings pass the filter. */
export function kept(readings: number): number {
  return readings - readings / filteredEvery;
}

/** Rows of the Parquet files that fit the pattern, as DuckDB counts them. */
export async function countRows(pattern: string): Promise<number> {
  if (globSync(pattern).length === 0) return 0;
  const result = await connection.runAndReadAll("SELECT count(*) FROM read_parquet($1)", [pattern]);
  return Number(result.getRows()[0]?.[0]);
}

/** @throws Error where rows are missing or too many: a figure for such a run would mean nothing */
export async function requireRows(pattern: string, expected: number): Promise<void> {
  const found = await countRows(pattern);
  if (found !== expected) throw new Error(`${pattern} has ${found} rows; ${expected} are expected`);
}
