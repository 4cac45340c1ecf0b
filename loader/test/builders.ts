import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { City, Environment, MeterTypeName } from "../../environments/index.ts";
import type { Target, TopicTemplates } from "../index.ts";
import type { Batch, Source } from "../sources/source.ts";

export const allMeterTypes: MeterTypeName[] = ["electricity", "chilledwater", "steam", "hotwater"];

/** Zone, first building id and number of buildings of ASHRAE's sites 0 to 15. */
const sites: [string, number, number][] = [
  ["America/New_York", 0, 105],
  ["Europe/London", 105, 51],
  ["America/Phoenix", 156, 135],
  ["America/New_York", 291, 274],
  ["America/Los_Angeles", 565, 91],
  ["Europe/London", 656, 89],
  ["America/New_York", 745, 44],
  ["America/Toronto", 789, 15],
  ["America/New_York", 804, 70],
  ["America/Chicago", 874, 124],
  ["America/Denver", 998, 30],
  ["America/Toronto", 1028, 5],
  ["Europe/Dublin", 1033, 36],
  ["America/Chicago", 1069, 154],
  ["America/New_York", 1223, 102],
  ["America/New_York", 1325, 124],
];

export function city(siteId: number, changes: Partial<City> = {}): City {
  const [timeZone, firstId, count] = sites[siteId] ?? ["UTC", 2000, 20];
  return {
    siteId,
    name: `City${String(siteId)}`,
    label: `City ${String(siteId)}`,
    country: "US",
    latitude: 40,
    longitude: -80,
    timeZone,
    meterClock: siteId === 14 ? "UTC" : "local",
    meterTypes: allMeterTypes,
    buildings: { firstId, count },
    ...changes,
  };
}

export const allCities: City[] = sites.map((_, siteId) => city(siteId));

export function environment(cities: City[]): Environment {
  return {
    name: "test",
    region: "us-east-1",
    protect: false,
    tags: {},
    meterTypes: allMeterTypes.map((type) => ({ type, unit: "kWh", activities: [] })),
    cities,
    weather: { activities: [] },
    ingestion: {
      rawRetentionDays: 14,
      bufferSeconds: 60,
      bufferMegabytes: 64,
      logRetentionDays: 14,
      acceptFrom: "2000-01-01T00:00Z",
      acceptAhead: "24h",
    },
    datasets: [],
  };
}

const meterTopic = "metercast/test/{city}/meter/{type}";
export const topics: TopicTemplates = {
  meters: { electricity: meterTopic, chilledwater: meterTopic, steam: meterTopic, hotwater: meterTopic },
  weather: "metercast/test/{city}/weather",
};

/** A target that keeps what it gets, and acknowledges as it is told to. */
export interface RecordingTarget extends Target {
  messages: { topic: string; payload: string }[];
  objects: Map<string, string>;
}

export function recordingTarget(
  acknowledge: (number: number) => Promise<void> = () => Promise.resolve(),
): RecordingTarget {
  const messages: RecordingTarget["messages"] = [];
  const objects = new Map<string, string>();
  return {
    window: 100,
    messages,
    objects,
    publish(topic, payload) {
      messages.push({ topic, payload: payload.toString() });
      return acknowledge(messages.length);
    },
    putObject(key, body) {
      objects.set(key, Buffer.from(body).toString());
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/** A folder of its own for a test, removed after it. */
export function inFolder<T>(run: (folder: string) => Promise<T>): () => Promise<T> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "loader-"));
    try {
      return await run(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

export function fileIn(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Small numbered records, in batches of three. */
export function numberedSource(count: number, changes: Partial<Source> = {}): Source {
  return {
    kind: "readings",
    expected: count,
    identity: "numbers",
    span: { first: 0, last: count },
    *batches(from): Generator<Batch> {
      for (let start = from; start < count; start += 3) {
        const numbers = Array.from({ length: Math.min(3, count - start) }, (_, i) => start + i);
        yield {
          topics: numbers.map(() => "numbers"),
          times: numbers,
          texts: numbers.map(String),
          leftOutCount: 0,
          leftOut: [],
          next: start + numbers.length,
        };
      }
    },
    ...changes,
  };
}

/** Everything that an iteration gives. */
export async function all<T>(items: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
