import fc from "fast-check";
import { bodies, tooLong, type Body } from "./bodies.ts";
import { observationTexts, readingTexts } from "./elements.ts";
import { readingTopics, refusedTopics, unroutedTopics, weatherTopics, type Target } from "./topics.ts";

/** A message as it is sent, and what the check needs to know of it. */
export interface FuzzMessage {
  /** The place in the run: with the seed it tells the message again. */
  index: number;
  topic: string;
  payload: Buffer;
  /** The texts of its elements where it is an envelope. */
  elements: string[] | undefined;
  /** The pipeline that its topic leads to; none: no rule takes it; refused: the broker does not. */
  route: "readings" | "weather" | "none" | "refused";
  transport: "mqtt" | "http";
}

type Draft = Omit<FuzzMessage, "index">;

/** Messages that are drawn at once; the seed of each such part follows from the run's. */
const partLength = 500;

/** Draws the messages of a run, hostile and good, a part at a time: the same for the same seed, and never all at once. */
export function* drawMessages(target: Target, seed: number, count: number): Generator<FuzzMessage> {
  const messages = messageArbitrary(target);
  for (let start = 0; start < count; start += partLength) {
    const numRuns = Math.min(partLength, count - start);
    const drafts = fc.sample(messages, { numRuns, seed: (seed + start) | 0 });
    for (const [offset, draft] of drafts.entries()) yield { index: start + offset, ...draft };
  }
}

function messageArbitrary(target: Target): fc.Arbitrary<Draft> {
  const readings = routed("readings", readingTopics(target), bodies(readingTexts()));
  const weather = routed("weather", weatherTopics(target), bodies(observationTexts()));
  return fc.oneof(
    { weight: 850, arbitrary: readings },
    { weight: 100, arbitrary: weather },
    { weight: 45, arbitrary: routed("none", unroutedTopics(target), bodies(readingTexts())) },
    { weight: 3, arbitrary: routed("refused", refusedTopics(target), bodies(readingTexts())) },
    { weight: 2, arbitrary: routed("refused", readingTopics(target), tooLong) },
  );
}

function routed(
  route: FuzzMessage["route"],
  topics: fc.Arbitrary<string>,
  its: fc.Arbitrary<Body>,
): fc.Arbitrary<Draft> {
  return fc.tuple(topics, its, fc.nat(19)).map(([topic, { payload, elements }, way]) => ({
    topic,
    payload,
    elements,
    route,
    transport: way === 0 ? "http" : "mqtt",
  }));
}
