import type { Environment } from "../environments/index.ts";
import { LoadError } from "./errors.ts";
import { deliver } from "./publish/deliver.ts";
import type { ProgressSink } from "./publish/deliver.ts";
import { resumeFile } from "./publish/resume-file.ts";
import { MessageStream } from "./publish/stream.ts";
import type { Target } from "./publish/target.ts";
import type { Window } from "./sources/generated.ts";
import { openSources } from "./sources/open.ts";
import { problemsKept } from "./sources/source.ts";
import type { Kind, LeftOut, TopicTemplates } from "./sources/source.ts";
import type { TimeZoneOption } from "./sources/stamps.ts";
import type { Building } from "./generator/index.ts";

/** Where the records of a kind come from: generated data, or a file (JSON, NDJSON, CSV, Parquet). */
export type Origin = "generated" | { file: string };

export interface LoadOptions {
  environment: Environment;
  /** As the stack's output `topics` says. */
  topics: TopicTemplates;
  /** Where everything goes instead. */
  topic?: string | undefined;
  target: Target;
  /** undefined: no readings are sent. */
  readings?: Origin | undefined;
  /** undefined: no weather is sent. */
  weather?: Origin | undefined;
  /**
   * A register of buildings (CSV, JSON, Parquet): says which site a building belongs to, and takes the place of the
   * generated one.
   */
  buildingsFile?: string | undefined;
  /** How stamps of readings in a file that carry no zone are read. @default "UTC" */
  timeZone?: TimeZoneOption;
  /** Of what is generated. @default the span of the file that is sent beside it, or {@link defaultWindow} */
  window?: Window | undefined;
  /** Minutes between the generated readings of a meter. @default {@link defaultStepMinutes} */
  stepMinutes?: number;
  /** Records per message, at most. @default 1: no envelope */
  envelope?: number;
  /** What the generated data follow from: the same seed gives the same data. @default {@link defaultSeed} */
  seed?: number;
  /** Where positions are kept, so that the same load continues if it is interrupted. Nothing is kept without it. */
  resumeFile?: string | undefined;
  signal?: AbortSignal | undefined;
  progress?: ProgressSink | undefined;
}

/** Two weeks: where the public demo's weather file lies. */
export const defaultWindow: Window = { from: Date.UTC(2018, 11, 3), to: Date.UTC(2018, 11, 17) };
export const defaultStepMinutes = 60;
export const defaultSeed = 1;

export interface LoadReport {
  /** Records acknowledged and records left out, over all sessions of this load. */
  readings: { sent: number; leftOut: number };
  weather: { sent: number; leftOut: number };
  /** The first of those that were left out, with their positions. */
  problems: LeftOut[];
  /** Whether everything was sent; false after an abort. */
  finished: boolean;
  /** Of this session. */
  elapsedSeconds: number;
}

/** Where the register of buildings is put in the environment's bucket: JSON lines. */
export const registerKey = "buildings/buildings.json";

/**
 * Sends readings and weather to an environment, in the order of time, and its register of buildings; returns when all
 * is acknowledged. A load that was interrupted continues where it stopped if it is started with the same options and
 * resume file; one that had finished sends nothing.
 * @throws SourceError for a source that cannot be read
 * @throws PublishError when the target gives up
 */
export async function load(options: LoadOptions): Promise<LoadReport> {
  const began = performance.now();
  const { target, envelope = 1, stepMinutes = defaultStepMinutes } = options;
  wholeNumber("envelope", envelope);
  wholeNumber("step, in minutes,", stepMinutes);
  const { sources, register } = await openSources({
    ...options,
    window: options.window,
    fallback: defaultWindow,
    step: stepMinutes * 60_000,
    seed: options.seed ?? defaultSeed,
    timeZone: options.timeZone ?? "UTC",
    batchSize: envelope > 1 ? batchRecords.envelopes : batchRecords.single,
  });
  const identity = Object.fromEntries(sources.map((source) => [source.kind, [source.identity, envelope]]));
  const resume = resumeFile(options.resumeFile, identity);
  const streams = sources.map((source) => new MessageStream(source, resume.read(source.kind), envelope));
  if (streams.some(({ position }) => !position.finished)) {
    if (register !== undefined) await target.putObject(registerKey, jsonLines(register));
    await deliver(streams, target, resume, options.signal, options.progress);
  }
  const of = (kind: Kind): { sent: number; leftOut: number } => {
    const position = streams.find(({ source }) => source.kind === kind)?.position;
    return { sent: position?.sent ?? 0, leftOut: position?.leftOut ?? 0 };
  };
  return {
    readings: of("readings"),
    weather: of("weather"),
    problems: streams.flatMap(({ position }) => position.problems).slice(0, problemsKept),
    finished: streams.every(({ position }) => position.finished),
    elapsedSeconds: (performance.now() - began) / 1000,
  };
}

/** Records that a batch has, about: with envelopes enough that most of a batch's become full. */
const batchRecords = { single: 4096, envelopes: 16_384 };

function wholeNumber(what: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new LoadError(`The ${what} is ${String(value)}; a whole number from 1 on is needed.`);
}

function jsonLines(register: readonly Building[]): Uint8Array {
  const lines = register.map(({ building_id, site_id, primary_use, square_feet, year_built, floor_count }) =>
    JSON.stringify({ building_id, site_id, primary_use, square_feet, year_built, floor_count }),
  );
  return Buffer.from(`${lines.join("\n")}\n`);
}
