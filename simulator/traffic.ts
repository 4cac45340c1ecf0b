/** Keys of the counters: what a rule gives, what a stream gets, and what calls there are. */
export const counters = {
  rule: (rule: string) => `rule ${rule}`,
  received: (stream: string) => `received ${stream}`,
  put: (stream: string) => `put ${stream}`,
  task: (machine: string, target: string) => `task ${machine} ${target}`,
  started: (machine: string) => `started ${machine}`,
  invoked: (lambda: string) => `invoked ${lambda}`,
  imported: "imported",
  asked: "asked",
} as const;

/**
 * How much has passed from one resource to another since the simulator started. Each counter has one writer; the thread that
 * takes messages reads what the delivery thread counts, so the numbers lie in memory that both share.
 */
export class Traffic {
  readonly #counts: Float64Array;
  readonly #places: ReadonlyMap<string, number>;

  /** @param keys of the counters @param memory of another thread's */
  constructor(keys: readonly string[], memory = new SharedArrayBuffer(keys.length * Float64Array.BYTES_PER_ELEMENT)) {
    this.#counts = new Float64Array(memory);
    this.#places = new Map(keys.map((key, place) => [key, place]));
  }

  /** For another thread. */
  get shared(): { keys: string[]; memory: SharedArrayBuffer } {
    return { keys: [...this.#places.keys()], memory: this.#counts.buffer as SharedArrayBuffer };
  }

  /** Counts; nothing where there is no such counter. */
  add(key: string, number = 1): void {
    const place = this.#places.get(key);
    if (place !== undefined) this.#counts[place] = (this.#counts[place] ?? 0) + number;
  }

  /** By key. */
  read(): ReadonlyMap<string, number> {
    return new Map([...this.#places].map(([key, place]) => [key, this.#counts[place] ?? 0]));
  }
}

/** Counts and when they were read, to tell how much passes in a minute. */
export class Rates {
  readonly #traffic: Traffic;
  readonly #samples: { at: number; counts: ReadonlyMap<string, number> }[];

  /** @param now epoch milliseconds */
  constructor(traffic: Traffic, now: number) {
    this.#traffic = traffic;
    this.#samples = [{ at: now, counts: traffic.read() }];
  }

  /** Remembers how it stands; to be called several times a minute. @returns whether anything has passed since the last time */
  sample(now: number): boolean {
    const counts = this.#traffic.read();
    const last = this.#samples.at(-1)?.counts;
    this.#samples.push({ at: now, counts });
    // the first one from a minute ago or more is what the last minute is measured by
    while ((this.#samples[1]?.at ?? now) <= now - minute) this.#samples.shift();
    return [...counts].some(([key, count]) => count !== last?.get(key));
  }

  /** In the last minute, by key; less than a minute after the start, since then. */
  lastMinute(): ReadonlyMap<string, number> {
    const before = this.#samples[0]?.counts;
    return new Map([...this.#traffic.read()].map(([key, count]) => [key, count - (before?.get(key) ?? 0)]));
  }
}

const minute = 60_000;
