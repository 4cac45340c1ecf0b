import type { GeneratedCity, Series } from "../generator/index.ts";
import { emptyBatch, SourceError } from "./source.ts";
import type { Batch, Source } from "./source.ts";
import type { Address, Addresses } from "./topics.ts";

const hourMs = 3_600_000;

/** From `from` up to but without `to`; epoch milliseconds. */
export interface Window {
  from: number;
  to: number;
}

export interface GeneratedOptions {
  cities: readonly GeneratedCity[];
  addresses: Addresses;
  window: Window;
  /** Milliseconds between the readings of a meter; whole minutes. Weather is hourly. */
  step: number;
  /** Records that a batch should have at least. */
  batchSize: number;
  /** What the cities were made from, for {@link Source.identity}. */
  identity: unknown;
}

/** Generated readings, in the order of time. */
export function generatedReadings(options: GeneratedOptions): Source {
  const { cities, addresses, window, step, batchSize } = options;
  const ticks = Math.max(0, Math.ceil((window.to - window.from) / step));
  const prefixes = new Map<Series, { topic: string; text: string }>();
  for (const { city, series } of cities) {
    for (const one of series) {
      const { building_id } = one.building;
      const text = `{"building_id":${String(building_id)},"meter":${String(one.meter)},"timestamp":`;
      prefixes.set(one, { topic: topicOf(addresses.ofReading(building_id, one.meter, city.siteId)), text });
    }
  }

  function* batches(from: number): Generator<Batch> {
    let batch = emptyBatch();
    for (let tick = from; tick < ticks; tick++) {
      const time = window.from + tick * step;
      const middle = `${String(time)},"meter_reading":`;
      for (const city of cities) {
        city.readings(time, (series, stamp, value) => {
          const { topic, text } = prefixes.get(series) as { topic: string; text: string };
          batch.topics.push(topic);
          batch.times.push(stamp);
          const rest = stamp === time ? middle : `${String(stamp)},"meter_reading":`;
          batch.texts.push(text + rest + String(value) + "}");
        });
      }
      if (batch.texts.length >= batchSize || tick === ticks - 1) {
        batch.next = tick + 1;
        yield batch;
        batch = emptyBatch();
      }
    }
  }

  return {
    kind: "readings",
    expected: ticks * prefixes.size,
    identity: ["generated readings", options.identity, window, step, batchSize],
    span: { first: window.from, last: window.from + (ticks - 1) * step },
    batches,
  };
}

/** Generated weather, an observation an hour and site, in the order of time. */
export function generatedWeather(options: GeneratedOptions): Source {
  const { cities, addresses, window, batchSize } = options;
  const firstHour = Math.ceil(window.from / hourMs);
  const hours = Math.max(0, Math.ceil(window.to / hourMs) - firstHour);
  const topics = cities.map(({ city }) => topicOf(addresses.ofWeather(city.siteId)));

  function* batches(from: number): Generator<Batch> {
    let batch = emptyBatch();
    for (let index = from; index < hours; index++) {
      cities.forEach((city, i) => {
        const observation = city.weather.observation(firstHour + index);
        if (observation === undefined) return;
        batch.topics.push(topics[i] as string);
        batch.times.push(observation.timestamp);
        batch.texts.push(JSON.stringify(observation));
      });
      if (batch.texts.length >= batchSize || index === hours - 1) {
        batch.next = index + 1;
        yield batch;
        batch = emptyBatch();
      }
    }
  }

  return {
    kind: "weather",
    expected: hours * cities.length,
    identity: ["generated weather", options.identity, window, batchSize],
    span: { first: firstHour * hourMs, last: (firstHour + hours - 1) * hourMs },
    batches,
  };
}

/** Generated data need a topic each: what has none is a matter of the environment, not of a record. */
function topicOf({ topic, problem }: Address): string {
  if (topic === undefined) throw new SourceError(`Nothing can be generated: ${problem}.`);
  return topic;
}
